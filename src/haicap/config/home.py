"""The installation's one folder, its secrets, and how each database role connects.

Reads the environment (`HAICAP_HOME`, `DATABASE_URL`) and starts nothing, so that settings may import it.
"""

import hashlib
import json
import os
import pwd
import secrets as randomness
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

Role = Literal["owner", "worker", "web"]

SOCKET_LIMIT = 100  # bytes that every system accepts as the path of a Unix socket (Linux 107, macOS 103)
SOCKET_NAME = ".s.PGSQL.5432"
NEVER = 1 << 30  # only questions that say so (`journal.binary`) have their plans kept, not those asked often
APPLICATION = f"haicap-{os.getpid()}"  # tells this process's connections from those of other clients


class Trouble(Exception):
    """What keeps the installation from working; its message is one sentence for whoever runs it."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Django's key, the passwords of the three database roles, and the key that wraps subject keys (hex)."""

    django: str
    owner: str
    worker: str
    web: str
    kek: str


def folder() -> Path:
    """The folder of this installation: `HAICAP_HOME`, else `var` below the current folder; made when missing.

    It is made with mode 0700. For root it is 0710 with the service user's group, so that PostgreSQL, which
    refuses to run as root, can pass through it to its own folder and read nothing else.
    """
    place = Path(os.environ.get("HAICAP_HOME") or "var").absolute()
    if not place.is_dir():
        make(place)
    return place


def make(place: Path) -> None:
    """Make an installation's folder, or one for several of them, as `folder` says. Raises `Trouble`."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".haicap-", dir=place.parent))
        if user := service_user():
            os.chown(fresh, 0, user.pw_gid)
            fresh.chmod(0o710)
        _rename_if_free(fresh, place)
    except OSError as error:
        raise Trouble(f"The folder {place} cannot be made: {error.strerror}.") from error


def _rename_if_free(fresh: Path, place: Path) -> None:
    """Put a finished folder in its place; another process may have been first, and then its folder stands."""
    try:
        fresh.rename(place)  # succeeds over an empty folder only
    except OSError:
        fresh.rmdir()
        if not place.is_dir():
            raise


def service_user() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as when haicap runs as root; None when haicap is not root.

    Raises `Trouble` where neither `postgres` nor `nobody` exists.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Trouble(
        "PostgreSQL refuses to run as root, and this system has neither a user postgres nor nobody."
    )


def secrets() -> Secrets:
    """This installation's secrets, kept in `secrets.json` (mode 0600), made at the first use.

    Of two processes that make them at once the first wins and both read the same.
    """
    return _secrets(folder() / "secrets.json")


@cache
def _secrets(file: Path) -> Secrets:
    if not file.exists():
        _write_once(file, json.dumps(asdict(_fresh()), indent=1))
    try:
        return Secrets(**json.loads(file.read_text()))
    except PermissionError as error:
        raise Trouble(f"{file} belongs to another user: run haicap as the user who made it.") from error
    except (ValueError, TypeError) as error:
        raise Trouble(f"{file} is damaged: bring it back from the backup of this installation.") from error


def _fresh() -> Secrets:
    owner, worker, web = (randomness.token_urlsafe(24) for _ in range(3))
    return Secrets(randomness.token_urlsafe(48), owner, worker, web, kek=randomness.token_hex(32))


def _write_once(file: Path, text: str) -> None:
    """Write a file of mode 0600 whole and safely on disk, or leave the one that is already there."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(handle, "w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.link(name, file)  # unlike a rename, never replaces what another process has just written
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
    sync_folder(file.parent)


def sync_folder(place: Path) -> None:
    """Bring a folder's list of names to disk, so that a power cut does not lose a file just made in it."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def embedded() -> bool:
    """Whether this installation runs its own PostgreSQL (no `DATABASE_URL`)."""
    return not os.environ.get("DATABASE_URL")


def cluster() -> Path:
    """The folder of the embedded PostgreSQL: its data, socket and log. Not made here.

    `HAICAP_HOME/postgres`, or what the file `HAICAP_HOME/cluster` names; when root's service user cannot get
    into `HAICAP_HOME`, a folder of its own below /var/lib: permissions of other folders stay as they are.
    """
    return _cluster(folder())


@cache
def _cluster(place: Path) -> Path:
    pointer = place / "cluster"
    if pointer.exists():
        return Path(pointer.read_text().strip())
    user = service_user()
    if user is None or may_enter(user, place):
        return place / "postgres"
    elsewhere = Path("/var/lib") / f"haicap-{_mark(place)}"
    _write_once(pointer, f"{elsewhere}\n")
    return elsewhere


def may_enter(user: pwd.struct_passwd, place: Path) -> bool:
    """Whether a user can get into a folder; asked of the system itself, which also knows access lists."""
    try:
        return (
            subprocess.run(
                ["/bin/sh", "-c", 'test -x "$0"', place], cwd="/", check=False, **as_user(user)
            ).returncode
            == 0
        )
    except (PermissionError, OSError) as error:
        raise Trouble(
            f"PostgreSQL refuses to run as root, and root cannot become {user.pw_name} here: {error}."
        ) from error


def as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments of `subprocess` that drop root to `user`; none for None."""
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def sockets() -> Path:
    """The folder of the embedded PostgreSQL's socket: in its own, or in /tmp where that path is too long."""
    near = cluster() / "run"
    if len(os.fsencode(near / SOCKET_NAME)) <= SOCKET_LIMIT:
        return near
    return Path("/tmp") / f"haicap-{_mark(folder())}"  # not TMPDIR: every process must find the same folder


def _mark(place: Path) -> str:
    """A short name for this installation: another one at the same path has other secrets and another name."""
    return hashlib.sha256(os.fsencode(place) + _secrets(place / "secrets.json").kek.encode()).hexdigest()[:16]


def roles() -> dict[Role, str]:
    """The names of the three database roles, as grants and policies in migrations need them."""
    if embedded():
        return {"owner": "haicap_owner", "worker": "haicap_worker", "web": "haicap_web"}
    url = _url()
    return {"owner": url["user"], "worker": f"{url['dbname']}_worker", "web": f"{url['dbname']}_web"}


def database(role: Role) -> dict[str, Any]:
    """Django's `DATABASES` entry of a role, on the embedded PostgreSQL or on the server of `DATABASE_URL`."""
    server = {"dbname": "haicap", "host": str(sockets()), "port": "5432"} if embedded() else _url()
    password = asdict(secrets())[role] if embedded() or role != "owner" else server.get("password", "")
    taken = {"dbname", "host", "port", "user", "password", "options"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": server["dbname"],
        "USER": roles()[role],
        "PASSWORD": password,
        "HOST": server.get("host", ""),
        "PORT": server.get("port", "5432"),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **{name: value for name, value in server.items() if name not in taken},
            "application_name": APPLICATION,
            "prepare_threshold": NEVER,
            "options": f"{server.get('options', '')} -c timezone=UTC".strip(),
        },
    }


def _url() -> Mapping[str, str]:
    """The parts of `DATABASE_URL`, in libpq's words."""
    from psycopg import ProgrammingError, conninfo

    try:
        parts = conninfo.conninfo_to_dict(os.environ["DATABASE_URL"])
    except ProgrammingError as error:
        raise Trouble(f"DATABASE_URL cannot be read: {str(error).strip()}.") from error
    if not (parts.get("user") and parts.get("dbname")):
        raise Trouble(
            "DATABASE_URL must name a user and a database: postgresql://user:password@host/database."
        )
    return cast(Mapping[str, str], {name: str(value) for name, value in parts.items()})
