"""The front door: every command has help and a place in the handbook, and says what is wrong in one sentence."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import click
import psycopg
import pytest
from click.testing import CliRunner

from haicap.config import cli, home, postgres

from .conftest import Haicap

ROOT = Path(__file__).resolve().parents[2]
HANDBOOK = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


ALL = dict(commands(cli.haicap, "haicap"))


@pytest.mark.parametrize("path", ALL)
def test_a_command_has_help_and_is_in_the_handbook(path: str) -> None:
    told = CliRunner().invoke(cli.haicap, [*path.split()[1:], "--help"])
    assert told.exit_code == 0
    assert ALL[path].help
    assert path in " ".join(HANDBOOK.split())


def test_the_handbook_tells_no_command_that_is_missing() -> None:
    assert set(re.findall(r"^### (haicap .+)$", HANDBOOK, re.M)) == {it for it in ALL if it.count(" ") == 1}


def test_every_variable_that_is_read_is_in_the_handbook() -> None:
    read = {
        name
        for file in (ROOT / "src").rglob("*.py")
        for name in re.findall(r'"(HAICAP_\w+|DATABASE_URL)"', file.read_text(encoding="utf-8"))
    }
    assert read == set(re.findall(r"^\| `(HAICAP_\w+|DATABASE_URL)` \|", HANDBOOK, re.M))


def test_reckoning_needs_no_home(haicap: Haicap, own_home: Path) -> None:
    told = haicap("reckon", "--regime", "civil", "--limit", "7 days", "--from", "2026-03-02T10:00", "--json")
    assert json.loads(told.stdout)["due"] == "2026-03-10T00:00:00+07:00"
    assert not own_home.exists()


@pytest.mark.parametrize(
    ("arguments", "environment", "sentence"),
    [
        (["reckon", "--regime", "none", "--limit", "1 day", "--from", "2026-03-02"], {}, "no regime"),
        (["reckon", "--regime", "civil", "--limit", "soon", "--from", "2026-03-02"], {}, "limit"),
        (["serve"], {"HAICAP_PORT": "eighty"}, "HAICAP_PORT must be a number"),
        (["stop"], {"DATABASE_URL": "postgresql://u@localhost/d"}, "neither starts nor stops"),
        (["serve"], {"DATABASE_URL": "postgresql://u@/d?host=/nowhere"}, "does not answer"),
        (["procedures", "check", __file__], {}, "test_commands.py"),
    ],
)
def test_what_people_can_cause_is_said_in_one_sentence(
    haicap: Haicap, arguments: list[str], environment: dict[str, str], sentence: str
) -> None:
    told = haicap(*arguments, **environment)
    assert told.returncode == 1
    assert told.stdout == ""
    assert told.stderr.startswith("haicap: ")
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr


def test_a_taken_port_is_said_before_anything_is_made(haicap: Haicap, own_home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        told = haicap("serve", HAICAP_PORT=str(port))
    assert told.stderr == (
        f"haicap: Port {port} is taken by another program: choose one, for example HAICAP_PORT={port + 1}.\n"
    )
    assert not own_home.exists()


def test_doctor_says_what_is_missing_before_the_first_start(haicap: Haicap) -> None:
    told = haicap("doctor")
    assert told.returncode == 1
    assert "There is no database yet" in told.stdout


@pytest.fixture
def served(own_home: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """An installation that is being served in a zone and locale far from Vietnam's, and its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-c", "from haicap.config.cli import main; main()", "serve"],
        env=os.environ | {"HAICAP_PORT": port, "TZ": "America/New_York", "LC_ALL": "C"},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    told = ""
    for line in process.stderr:
        told += line
        if found := re.search(r"ready at (\S+)", line):
            yield process, found[1]
            break
    else:
        pytest.fail(told)
    process.kill()
    process.communicate()


@pytest.mark.slow
def test_doctor_s_address_is_usable_while_serving(
    served: tuple["subprocess.Popen[str]", str], haicap: Haicap
) -> None:
    told = json.loads(haicap("doctor", "--json", TZ="America/New_York", LC_ALL="C").stdout)
    assert told["ok"], told["checks"]
    with psycopg.connect(told["database_url"]) as connection:
        columns = connection.execute(f"SELECT seq, kind FROM {told['entry_table']}").description or []
        assert connection.execute("SHOW timezone").fetchone() == ("UTC",)
    assert [column.name for column in columns] == ["seq", "kind"]
    assert told["entry_table"] in told["counts"]


@pytest.mark.slow
def test_serving_ends_on_sigterm_and_takes_its_database_along(
    served: tuple["subprocess.Popen[str]", str],
) -> None:
    process, address = served
    style = next((home.folder() / "static").rglob("*.css"))
    with urllib.request.urlopen(f"{address}static/{style.relative_to(home.folder() / 'static')}") as answer:
        assert answer.read() == style.read_bytes()
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 0
    assert not postgres.running()


@pytest.mark.slow
def test_serving_leaves_the_database_to_others(served: tuple["subprocess.Popen[str]", str]) -> None:
    process, _ = served
    with psycopg.connect(postgres.address("web")):
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
        assert postgres.running()
    assert home.cluster().exists()
