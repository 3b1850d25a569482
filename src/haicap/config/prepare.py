"""What stands between the installed package and a page: server, roles, tables, messages, static files."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import psycopg
from psycopg import sql

from haicap.config import home, postgres
from haicap.config.postgres import Say, silent

ROOMS = Path(__file__).resolve().parent.parent


def everything(say: Say = silent) -> bool:
    """Bring this installation to where it can be served; quick when nothing changed. Needs Django set up.

    True when this call started the embedded PostgreSQL, as `postgres.start` tells. Raises `home.Trouble`.
    """
    started = postgres.start(say)
    migrate(say)
    compile_messages()
    collect_static(say)
    return started


def migrate(say: Say = silent) -> None:
    """Make the roles and bring the tables of the `owner` connection's database up to this version."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    postgres.ensure_roles()
    owner = connections["owner"]
    executor = MigrationExecutor(owner)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Bringing the tables up to date…")
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    owner.ensure_connection()
    _open_borrowed_tables(owner.connection)


def _open_borrowed_tables(owner: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Let the serving roles use the tables of Django and allauth: accounts and sessions, no entries.

    The rooms' own migrations grant what each role may do with the rooms' tables.
    """
    from django.apps import apps

    models = (
        model
        for app in apps.get_app_configs()
        if not app.name.startswith("haicap.")
        for model in app.get_models()
    )
    tables = sql.SQL(", ").join(
        sql.Identifier(model._meta.db_table) for model in models if model._meta.managed
    )
    roles = sql.SQL(", ").join(sql.Identifier(home.roles()[role]) for role in ("worker", "web"))
    owner.execute(sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}").format(tables, roles))


def compile_messages() -> int:
    """Compile the English catalogs that are newer than their compiled form, with Babel; how many were."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    stale = list(_stale_catalogs())
    for source in stale:
        compiled = BytesIO()
        with source.open("rb") as text:
            write_mo(compiled, read_po(text, locale="en"))
        _replace(source.with_suffix(".mo"), compiled.getvalue())
    return len(stale)


def _stale_catalogs() -> Iterator[Path]:
    for source in sorted(ROOMS.glob("*/locale/en/LC_MESSAGES/django.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            yield source


def _replace(file: Path, content: bytes) -> None:
    """Put a file in place whole: a process that reads it meanwhile sees the old one or the new one."""
    new = file.with_suffix(".new")
    new.write_bytes(content)
    new.replace(file)


def collect_static(say: Say = silent) -> None:
    """Gather the rooms' styles and scripts below `HAICAP_HOME/static` when one of them changed."""
    import hashlib

    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    files = sorted(
        (path, storage.path(path)) for finder in get_finders() for path, storage in finder.list([])
    )
    facts = [(path, (stat := Path(real).stat()).st_size, stat.st_mtime_ns) for path, real in files]
    state = hashlib.sha256(repr(facts).encode()).hexdigest()
    mark = home.folder() / "static" / ".collected"
    if mark.exists() and mark.read_text() == state:
        return
    say("Gathering styles and scripts…")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    mark.write_text(state)
