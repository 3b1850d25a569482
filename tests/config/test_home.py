import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from haicap.config import home

ASK = "from haicap.config import home; print(home.secrets())"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_reads_the_home_or_its_secrets(own_home: Path) -> None:
    home.secrets()
    assert mode(own_home / "secrets.json") == 0o600
    assert mode(own_home) == (0o710 if os.geteuid() == 0 else 0o700)


def test_processes_that_begin_together_agree_on_the_secrets(own_home: Path) -> None:
    begun = [subprocess.Popen([sys.executable, "-c", ASK], stdout=subprocess.PIPE) for _ in range(6)]
    told = {process.communicate()[0] for process in begun}
    assert told == {f"{home.secrets()}\n".encode()}
    assert [path.name for path in own_home.iterdir()] == ["secrets.json"]


def test_damaged_secrets_are_never_made_anew(own_home: Path) -> None:
    home.folder().joinpath("secrets.json").write_text('{"django": "x"}')
    with pytest.raises(home.Trouble, match="backup"):
        home.secrets()


def test_a_home_that_cannot_be_made_is_told(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_home.parent.joinpath(own_home.name).write_text("")
    monkeypatch.setenv("HAICAP_HOME", str(own_home / "below"))
    with pytest.raises(home.Trouble, match="cannot be made"):
        home.folder()
    own_home.unlink()


def test_a_long_path_puts_the_socket_elsewhere(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    near = home.sockets()
    monkeypatch.setenv("HAICAP_HOME", str(own_home / ("long-" * 20)))
    far = home.sockets()
    assert near == own_home / "postgres" / "run"
    assert far.parent == Path("/tmp")
    assert len(bytes(far / home.SOCKET_NAME)) <= home.SOCKET_LIMIT


def test_a_server_s_address_gives_three_roles(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://boss:p%40ss@db.example:6543/hai?sslmode=require&options=-c%20work_mem%3D8MB"
    monkeypatch.setenv("DATABASE_URL", url)
    owner, web = home.database("owner"), home.database("web")
    assert (owner["USER"], owner["PASSWORD"], web["USER"]) == ("boss", "p@ss", "hai_web")
    assert web["PASSWORD"] == home.secrets().web
    for entry in (owner, web):
        assert (entry["HOST"], entry["PORT"], entry["NAME"]) == ("db.example", "6543", "hai")
        assert entry["OPTIONS"]["sslmode"] == "require"
        assert entry["OPTIONS"]["options"] == "-c work_mem=8MB -c timezone=UTC"


@pytest.mark.parametrize("url", ["mysql://x", "postgresql://host/db", "postgresql://user@host"])
def test_an_address_that_says_too_little_is_told(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(home.Trouble, match="DATABASE_URL"):
        home.database("web")
