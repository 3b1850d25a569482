"""One database cluster for a whole run, one template in it, one clone of that for each test process.

Tests that touch no database start none. With `HAICAP_TEST_DATABASE_URL` the suite runs on that server (15 or
newer; its user needs CREATEDB and CREATEROLE) instead of the embedded one.
"""

import fcntl
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from pytest_django import Settings

# A busy machine is no failure: nothing here measures time. Each run tries the same examples, so that what passes once
# passes again; `--hypothesis-profile=search` looks for others.
hypothesis.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
hypothesis.register_profile("search", hypothesis.get_profile("any machine"), derandomize=False)
hypothesis.load_profile("any machine")

MEMORY = Path("/dev/shm")
ROOM = 2 << 30  # bytes; a whole run takes a quarter of it


def _place() -> Path:
    """Where the cluster lies: in memory where there is room, as some file systems make files slowly that take the
    place of others just removed, and each clone has a thousand."""
    there = os.statvfs(MEMORY) if MEMORY.is_dir() else None
    roomy = there is not None and there.f_bavail * there.f_frsize > ROOM and not there.f_flag & os.ST_NOEXEC
    return MEMORY if roomy else Path(tempfile.gettempdir())


IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
if not IS_WORKER:  # the workers of pytest-xdist inherit these
    os.environ["HAICAP_HOME"] = str(_place() / f"haicap-test-{token_hex(4)}")
    os.environ["DATABASE_URL"] = os.environ.get("HAICAP_TEST_DATABASE_URL", "")
os.environ["DJANGO_SETTINGS_MODULE"] = "haicap.config.settings"

TEMPLATE = f"haicap_template_{os.environ['HAICAP_HOME'][-8:]}"
CLONE = f"haicap_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.environ['HAICAP_HOME'][-8:]}"
COPY = f"{CLONE}_own"
BUILT: set[str] = set()


def pytest_configure() -> None:
    gc.disable()  # thousands of tests are collected, and nothing of them is garbage
    from django.conf import settings

    from haicap.config.messages import compile_messages

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # scrypt is slow on purpose
    settings.WORK_AT_ONCE = True
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    if not IS_WORKER:
        compile_messages()


def pytest_collection_finish() -> None:
    """What is collected stays to the end: the garbage collector need not look through it again and again."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_unconfigure() -> None:
    from haicap.config import home, postgres

    if IS_WORKER:
        return
    if not home.embedded() and (home.folder() / "template").exists():
        _drop(TEMPLATE)
    postgres.stop(mode="immediate")
    shutil.rmtree(os.environ["HAICAP_HOME"])


@contextmanager
def _one_at_a_time() -> Iterator[Path]:
    """Let the test processes pass one by one; yields the mark that tells that the template is made."""
    from haicap.config import home

    with (home.folder() / "template.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield home.folder() / "template"


def _ask(statement: str) -> None:
    """Run a statement as the owner, outside of the databases that tests use."""
    from haicap.config import postgres

    with postgres.connect("owner") as owner:
        owner.execute(statement)


def _drop(database: str) -> None:
    _ask(f"DROP DATABASE IF EXISTS {database}")  # waits some seconds for sessions that are just ending


def _use(database: str) -> None:
    """Point every connection of Django to a database; also those that other threads will open."""
    from django.db import connections

    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = database
        connections.settings[alias]["NAME"] = database
        connections.settings[alias]["CONN_MAX_AGE"] = 0  # threads that serve leave no session behind
    reference = sys.modules.get("haicap.journal.reference")
    if reference is not None:
        reference._standing = (None, {})  # what stands there is another's


def _clone() -> None:
    _use(TEMPLATE)  # closes what is open on the old clone
    _drop(CLONE)
    with _one_at_a_time():  # copying twice at once would find the template in use
        _copy(TEMPLATE, CLONE)
    _use(CLONE)


def _copy(template: str, copy: str) -> None:
    _ask(f"CREATE DATABASE {copy} TEMPLATE {template} STRATEGY FILE_COPY")


def _start_from(build: Callable[[], object]) -> None:
    """Use a new database in the state that `build` makes of the template, which it does once in a process."""
    state = f"{CLONE}_{build.__name__}"
    if state not in BUILT:
        with _one_at_a_time():
            _copy(TEMPLATE, state)
        _use(state)
        build()
        BUILT.add(state)
    _use(COPY)
    _copy(state, COPY)


def template_database() -> None:
    """Make the template, once in a run: every table, and the whole register of units."""
    from cast import load_cast
    from haicap.config import postgres, prepare
    from haicap.matters.founding import load_documents
    from haicap.means.catalogue.shipped import load_catalogue
    from haicap.means.norms.shipped import load_norms
    from haicap.units.loading import load_register

    with _one_at_a_time() as made:
        if made.exists():
            return
        postgres.start(durable=False)
        postgres.ensure_roles()
        _drop(TEMPLATE)
        _ask(f"CREATE DATABASE {TEMPLATE}")
        _use(TEMPLATE)
        prepare.migrate()
        load_register()
        load_documents()
        load_catalogue()
        load_norms()
        load_cast()
        _use(CLONE)
        made.touch()


@pytest.fixture
def own_folder(django_db_setup: None, tmp_path: Path, settings: Settings) -> Path:
    """The installation's folder for this test alone, with the node's keys: others would meet its witness file."""
    shutil.copy(settings.HOME / "node.json", tmp_path)
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Give this test process its clone; `default` is the web role in it, `worker` and `owner` those."""
    from django.test import TransactionTestCase

    with django_db_blocker.unblock():
        template_database()
        _clone()
    # Tests that commit get a new clone afterwards: Django would empty every table, the register included.
    TransactionTestCase._fixture_teardown = lambda _: _clone()
    yield
    with django_db_blocker.unblock():
        _use(TEMPLATE)
        for database in (CLONE, *BUILT):
            _drop(database)


@pytest.fixture(autouse=True)
def header_asks_anew() -> None:
    """The line that a header keeps for some seconds was that of another test's node."""
    header = sys.modules.get("haicap.nodes.header")
    if header is not None:
        header.forget()


@pytest.fixture
def start_from(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[Callable[[Callable[[], object]], None]]:
    """Let this test begin in a database of its own as a function leaves it: `start_from(build)`."""
    with django_db_blocker.unblock():
        yield _start_from
        _use(CLONE)
        _drop(COPY)


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A database for this test alone, for tests that commit or need several connections; yields its name."""
    with django_db_blocker.unblock():
        yield CLONE
        _clone()


@pytest.fixture(scope="module")
def module_database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """A database for the tests of one module, which see what those before them have committed."""
    with django_db_blocker.unblock():
        yield
        _clone()
