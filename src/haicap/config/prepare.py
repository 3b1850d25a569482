"""What stands between the installed package and a page: server, roles, tables, messages, static files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg import sql

from haicap.config import home, postgres
from haicap.config.messages import compile_messages
from haicap.config.postgres import Connection, Say, silent


def django() -> None:
    """Set Django up with haicap's settings; asks no database."""
    from django import setup

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haicap.config.settings")
    setup()


@contextmanager
def installation(say: Say = silent) -> Iterator[None]:
    """The installation, ready to work with, for the time of a command: the frame of each that needs data.

    Starts the embedded PostgreSQL if it does not run, brings tables, messages and static files up to date, and
    at the end stops what it started unless others use it. Quick when nothing changed. Raises `home.Trouble`.
    """
    django()
    started = postgres.start(say)
    try:
        migrate(say)
        catch_up(say)
        compile_messages()
        collect_static(say)
        yield
    finally:
        leave(started, say)


def leave(started: bool, say: Say = silent) -> None:
    """Close this process's connections; stop the embedded PostgreSQL if it was `started` here and is idle."""
    from django.db import connections

    connections.close_all()
    if started and postgres.others():
        say("Other programs use the database: it keeps running until `haicap stop`.")
    elif started:
        postgres.stop()


def migrate(say: Say = silent) -> None:
    """Make the roles and bring the tables of the `owner` connection's database up to this version."""
    from django.core.management import call_command
    from django.db import connections

    postgres.ensure_roles()
    if waiting_migrations():
        say("Bringing the tables up to date…")
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    owner = connections["owner"]
    owner.ensure_connection()
    _open_borrowed_tables(owner.connection)


def catch_up(say: Say = silent) -> None:
    """Fold what came from a newer version while this one could not read it; `kinds.json` says what could be read."""
    import json

    from haicap.journal import catching_up

    mark, now = home.folder() / "kinds.json", catching_up.readable()
    before = json.loads(mark.read_text()) if mark.exists() else now
    if before != now and (count := catching_up.catch_up(before)):
        say(f"{count} subjects with entries from a newer version could be read now.")
    if before != now or not mark.exists():
        fresh = mark.with_suffix(".new")
        fresh.write_text(json.dumps(now))
        fresh.replace(mark)


def waiting_migrations() -> list[str]:
    """The migrations that the `owner` connection's database still lacks, in the order they will be run."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _open_borrowed_tables(owner: Connection) -> None:
    """Let the serving roles use the tables of Django and allauth: accounts and sessions, no entries; and the queue.

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
    _open_queue(owner)


def _open_queue(owner: Connection) -> None:
    """Let pages put work into procrastinate's queue, and the worker take it out."""
    owner.execute(
        sql.SQL(
            "GRANT SELECT, INSERT ON procrastinate_jobs, procrastinate_events TO {web};"
            "GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_periodic_defers TO {web}, {worker};"
            "GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_events,"
            " procrastinate_workers TO {worker};"
            "GRANT USAGE ON procrastinate_jobs_id_seq, procrastinate_events_id_seq,"
            " procrastinate_periodic_defers_id_seq TO {web}, {worker}"
        ).format(web=sql.Identifier(home.roles()["web"]), worker=sql.Identifier(home.roles()["worker"]))
    )


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
