"""Several installations on one machine: lines that can be cut, and the whole play of `haicap demo-nodes`."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from threading import Thread

import pytest

from haicap.config.home import Trouble
from haicap.config.offices import HAICAP, Line
from haicap.config.play import summary, table


def test_a_line_carries_until_it_is_cut_and_again_when_it_is_mended() -> None:
    with socket.create_server(("127.0.0.1", 0)) as far:
        Thread(target=_echo, args=(far,), daemon=True).start()
        line = Line(far.getsockname()[1])
        with _near(line) as near:
            assert _said(near) == b"hello"
            line.cut()
            assert near.recv(10) == b""  # what was open is closed
        with _near(line) as near:
            assert near.recv(10) == b""
        line.mend()
        with _near(line) as near:
            assert _said(near) == b"hello"
        line.end()
        with pytest.raises(ConnectionRefusedError):
            _near(line)


def _near(line: Line) -> socket.socket:
    return socket.create_connection(("127.0.0.1", line.port), timeout=10)


def _said(near: socket.socket) -> bytes:
    near.sendall(b"hello")
    return near.recv(10)


def _echo(far: socket.socket) -> None:
    with suppress(OSError):  # the test is over
        while True:
            its, _ = far.accept()
            with its, suppress(ConnectionError):
                while data := its.recv(10):
                    its.sendall(data)


def test_the_table_counts_what_several_hold_and_refuses_two_ends_of_one_stream() -> None:
    held = [{"a": [3, "aa"], "b": [2, "bb"]}, {"a": [3, "aa"], "c": [1, "cc"]}]
    assert [row.split() for row in table(["here", "there"], held).splitlines()[1:]] == [
        ["here", "5", "2", "1", "1"],
        ["there", "4", "2", "1", "1"],
    ]
    with pytest.raises(Trouble, match="does not end alike"):
        table(["here", "there"], [{"a": [3, "aa"]}, {"a": [2, "ab"]}])


def test_a_page_without_a_state_is_told_as_trouble() -> None:
    assert (
        summary('<p class="sub row"><span class="tag">Two &amp; three</span> \n<b>x</b></p>')
        == "Two & three x"
    )
    with pytest.raises(Trouble, match="does not show"):
        summary("<h1>nothing</h1>")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the user whom PostgreSQL runs as can get into, also where the tests run as root."""
    place = Path(tempfile.gettempdir()) / f"haicap-nodes-{token_hex(4)}"
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.mark.slow
def test_five_installations_work_apart_and_come_together(home: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [HAICAP, "demo-nodes"], env=environment | {"HAICAP_HOME": str(home)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    out = done.stdout
    assert done.returncode == 0, f"{out}\n{done.stderr}"
    steps = [int(number) for number in re.findall(r"^ ?(\d+)\. ", out, re.MULTILINE)]
    assert steps == list(range(1, 25))
    assert out.count("Two records differ") == 2
    assert len(re.findall(r"^    in order: \d+ entries", out, re.MULTILINE)) == 5
    rows = re.findall(r" (\d+) +(\d+) +(\d+) +(\d+)$", out, re.MULTILINE)
    assert len(rows) == 5
    for entries, streams, shared, equal in (map(int, row) for row in rows):
        assert entries > streams >= shared == equal > 0
