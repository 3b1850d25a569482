"""`haicap courier`: what it prints, and the sentence with which it refuses."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pytest_django.fixtures import Settings

from cast import WARD
from haicap.config import prepare
from haicap.config.commands import courier
from haicap.config.home import Trouble
from haicap.nodes.courier.book import Book, folder
from nodes.test_courier_pages import sent, waits
from nodes.world import joined, parent


@pytest.fixture(autouse=True)
def book(own_database: str, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Book:
    """The installation of the test is up already."""

    @contextmanager
    def installation(say: Any = None) -> Iterator[None]:
        yield

    monkeypatch.setattr(prepare, "installation", installation)
    monkeypatch.setattr(prepare, "django", lambda: None)
    settings.HOME = tmp_path
    return Book(folder())


def run(*arguments: str) -> Result:
    return CliRunner().invoke(courier.command, list(arguments), catch_exceptions=True)


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, Trouble)
    return str(result.exception)


def test_a_file_is_packed_for_a_child_and_listed(tmp_path: Path) -> None:
    joined(WARD)
    told = json.loads(run("pack", WARD, str(tmp_path / "down"), "--json").stdout)
    assert told["number"] == 1
    assert told["entries"] > 4000
    assert (tmp_path / "down").stat().st_size == told["size"]
    assert "file 1 to Máy thử" in run("list").stdout
    assert "not confirmed" in run("list").stdout


def test_what_waits_is_listed_with_age_and_reason(book: Book) -> None:
    its = joined(WARD)
    assert its.node is not None
    waits(book, its.node, attempts=3, fault="full")
    listed = run("list").stdout
    for said in (
        "waiting  file 3",
        "tried 3 times",
        f"work of unit {WARD} up to 40, 12 are here",
        "failed: full",
    ):
        assert said in listed
    (waiting,) = json.loads(run("list", "--json").stdout)["waiting"]
    assert (waiting["attempts"], waiting["wanted"][0]["seq"]) == (3, 40)


def test_a_matter_goes_to_another_province_alone(book: Book, tmp_path: Path) -> None:
    above = parent("31")
    sent(book, above.id, 1, matter="11311-26-7K00009-X")
    assert "with matter 11311-26-7K00009-X" in run("list").stdout
    file = str(tmp_path / "file")
    for to in (WARD, "01", str(above.id)):
        assert (
            refused("pack", to, file, "--matter", "1")
            == f"{to} is no other province whose node the ministry has named."
        )
    assert "neither the parent" in refused("pack", "01", file)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" * 100)
    assert "Nothing of" in refused("unpack", str(file))
