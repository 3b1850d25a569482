"""What `haicap doctor` looks at: one check after the other, each with a sentence that says what was found."""

import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from smtplib import SMTPException
from typing import Any, LiteralString

from django.apps import apps
from django.conf import settings
from django.core.mail import get_connection
from psycopg import sql

from haicap.config import home, postgres, prepare
from haicap.config.home import Trouble
from haicap.config.postgres import Connection

ROOM_ON_DISK = 10**9  # bytes; PostgreSQL refuses all work on a full disk, and a backup needs some
YEARS = range(2025, 2100)  # a PC whose clock battery is empty says 1970 or 2000
DRIFT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    found: str


@dataclass(frozen=True, slots=True)
class Report:
    """All of it; `counts` are rows by table, empty while the database does not answer."""

    versions: dict[str, str]
    home: str
    database_url: str
    entry_table: str
    counts: dict[str, int]
    checks: list[Check]


def examine() -> Report:
    """Look at the whole installation, changing nothing; wakes an embedded PostgreSQL that is there but rests.

    Needs Django set up. What fails is a check that is not `ok`, never an exception.
    """
    from haicap.journal.models import Entry

    versions = {"haicap": version("haicap"), "python": platform.python_version(), "django": version("django")}
    checks = [*_machine()]
    counts: dict[str, int] = {}
    try:
        with _database() as owner:
            versions["postgresql"] = owner.info.parameter_status("server_version") or "unknown"
            checks += [*_server(owner), _tables()]
            counts = _counts(owner)
    except Trouble as trouble:
        checks.append(Check("database", False, str(trouble)))
    return Report(
        versions, str(home.folder()), postgres.address("owner"), Entry._meta.db_table, counts, checks
    )


def _machine() -> Iterator[Check]:
    place = home.folder()
    modes = {path: path.stat().st_mode & 0o777 for path in (place, place / "secrets.json")}
    told = ", ".join(f"{path} has mode {mode:04o}" for path, mode in modes.items())
    yield Check("home", not (modes[place] & 0o007 or modes[place / "secrets.json"] & 0o077), told)
    free = shutil.disk_usage(place).free
    yield Check("disk", free >= ROOM_ON_DISK, f"{free / 10**9:.1f} GB free where {place} lies")
    today = datetime.now(UTC)
    yield Check("clock", today.year in YEARS, f"this machine says {today:%Y-%m-%d %H:%M} UTC")
    yield _mail()


def _mail() -> Check:
    """Whether the mail server answers and knows the account; nothing is sent."""
    if not settings.EMAIL_HOST:
        return Check("mail", True, "no mail server is set, so no digest is sent")
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with get_connection("django.core.mail.backends.smtp.EmailBackend", timeout=5):
            return Check("mail", True, f"{where} answers")
    except (OSError, SMTPException) as error:
        return Check("mail", False, f"{where} does not answer as it should: {error}")


@contextmanager
def _database() -> Iterator[Connection]:
    if home.embedded() and not (home.cluster() / "data").exists():
        raise Trouble("There is no database yet: `haicap demo` or `haicap serve` makes it.")
    started = postgres.start()
    try:
        with postgres.connect("owner") as owner:
            yield owner
    finally:
        prepare.leave(started)


def _server(owner: Connection) -> Iterator[Check]:
    number = owner.info.server_version
    yield Check("server", number >= postgres.OLDEST, f"PostgreSQL {number // 10000}")
    apart = abs(_one(owner, "SELECT clock_timestamp()")[0] - datetime.now(UTC))
    yield Check("server clock", apart < DRIFT, f"{apart.total_seconds():.1f} s from this machine's")
    for role in ("web", "worker"):
        yield _role(owner, home.roles()[role])


def _role(owner: Connection, name: str) -> Check:
    """A serving role must stand below row-level security and may alter nothing, nor become one that may."""
    question = """
        SELECT rolsuper, rolbypassrls, rolcreaterole, pg_has_role(oid, %s, 'member'),
               has_schema_privilege(oid, 'public', 'CREATE')
        FROM pg_roles WHERE rolname = %s"""
    found = owner.execute(question, [home.roles()["owner"], name]).fetchone()
    if found is None:
        return Check(name, False, "the role is missing: `haicap serve` makes it")
    powers = ("superuser", "bypasses row-level security", "makes roles", "acts as owner", "makes tables")
    held = [power for power, has in zip(powers, found, strict=True) if has]
    return Check(name, not held, ", ".join(held) or "has no power beyond its grants")


def _tables() -> Check:
    waiting = len(prepare.waiting_migrations())
    return Check(
        "tables", not waiting, f"{waiting} migrations wait for `haicap serve`" if waiting else "up to date"
    )


def _counts(owner: Connection) -> dict[str, int]:
    """The rows of every table of haicap's rooms that exists."""
    models = [model for model in apps.get_models() if model.__module__.startswith("haicap.")]
    tables = sorted(model._meta.db_table for model in models if model._meta.managed)
    there = [table for table in tables if _one(owner, "SELECT to_regclass(%s)", table)[0]]
    count = "SELECT count(*) FROM {}"
    return {table: _one(owner, sql.SQL(count).format(sql.Identifier(table)))[0] for table in there}


def _one(owner: Connection, question: LiteralString | sql.Composed, *given: object) -> tuple[Any, ...]:
    row = owner.execute(question, given).fetchone()
    if row is None:
        raise LookupError(question)
    return row
