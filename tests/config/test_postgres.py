import os
import signal
import stat
import time
from pathlib import Path

import psycopg
import pytest

from haicap.config import home, postgres

pytestmark = pytest.mark.slow  # each starts a server of its own


def postmaster() -> int:
    return int((home.cluster() / "data" / "postmaster.pid").read_text().split()[0])


def ask(question: str) -> tuple[object, ...] | None:
    with postgres.connect("owner") as owner:
        return owner.execute(question).fetchone()


def modes_above(place: Path) -> dict[Path, int]:
    return {path: path.stat().st_mode for path in place.parents}


def test_a_first_start_makes_a_cluster_that_keeps_to_itself(own_home: Path) -> None:
    before = modes_above(own_home)
    assert postgres.start()
    assert modes_above(own_home) == before
    for place in (home.cluster(), home.sockets(), home.cluster() / "data"):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert ask("SHOW listen_addresses") == ("",)
    assert ask("SELECT datlocprovider, datcollate FROM pg_database WHERE datname = 'haicap'") == ("b", "C")
    assert ask("SELECT rolname::text FROM pg_roles WHERE rolsuper") == (postgres.SUPERUSER,)
    assert [path for path in home.cluster().iterdir() if "password" in path.name] == []


def test_a_wrong_password_is_refused_also_on_the_socket(own_home: Path) -> None:
    postgres.start()
    wrong = postgres.address("owner").replace(home.secrets().owner, "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_a_second_start_finds_the_first(own_home: Path) -> None:
    assert postgres.start()
    first = postmaster()
    assert not postgres.start()
    assert postmaster() == first
    assert postgres.stop()
    assert not postgres.running()
    assert not postgres.stop()
    made = (home.cluster() / "data" / "PG_VERSION").stat().st_mtime_ns
    assert postgres.start()
    assert (home.cluster() / "data" / "PG_VERSION").stat().st_mtime_ns == made


def test_what_was_committed_outlives_kill_9(own_home: Path) -> None:
    postgres.start()
    with postgres.connect("owner") as owner:
        owner.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    os.kill(postmaster(), signal.SIGKILL)
    assert postgres.start()
    assert ask("SELECT count(*) FROM kept") == (1000,)


def test_a_pid_that_now_belongs_to_another_process_is_no_hindrance(own_home: Path) -> None:
    """After a power cut the number in `postmaster.pid` may be anybody's: here it is this test's own."""
    postgres.start()
    pid_file = home.cluster() / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    os.kill(int(lines[0]), signal.SIGKILL)
    while postgres.running():
        time.sleep(0.01)
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:6]]) + "\n")
    assert postgres.start()


def test_a_beginning_that_was_cut_short_is_begun_again(own_home: Path) -> None:
    home.folder()
    postgres._prepare_folders()
    (home.cluster() / "data.new").mkdir()
    (home.cluster() / "data.new" / "PG_VERSION").write_text("18\n")
    assert postgres.start()


def test_a_long_recovery_is_waited_for_and_told(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    postgres.start()
    answers = iter([False, False, False, True])
    monkeypatch.setattr(postgres, "PATIENCE", 2)
    monkeypatch.setattr(postgres, "_takes_connections", lambda: next(answers))
    told: list[str] = []
    assert not postgres.start(told.append)
    assert len(told) == 1
    assert "interruption" in told[0]


def test_a_server_that_cannot_start_says_why(own_home: Path) -> None:
    postgres.start()
    postgres.stop()
    with (home.cluster() / "data" / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = nonsense\n")
    with pytest.raises(home.Trouble, match="shared_buffers"):
        postgres.start()


def test_a_socket_folder_that_others_can_enter_is_refused(own_home: Path) -> None:
    home.folder()
    postgres._prepare_folders()
    home.sockets().chmod(0o755)
    with pytest.raises(home.Trouble, match="0700"):
        postgres.start()


def test_connections_of_other_programs_are_counted(own_home: Path) -> None:
    postgres.start()
    assert postgres.others() == 0
    with psycopg.connect(postgres.address("web")):
        assert postgres.others() == 1
