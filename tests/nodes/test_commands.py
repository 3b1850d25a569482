"""`haicap node`: what each command prints, and the sentence with which it refuses."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cast import WARD
from haicap.config import prepare, upward
from haicap.config.commands import node
from haicap.config.home import Trouble
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.nodes import becoming, codes, queries
from haicap.nodes.becoming import NotJoined, Welcome
from haicap.nodes.exchange.records import Contact, Fault
from haicap.nodes.exchange.wire import Down
from haicap.nodes.models import Member, Peer
from nodes.world import OTHER, joined, key, parent, said


@pytest.fixture(autouse=True)
def ready(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The installation of the test is up already."""

    @contextmanager
    def installation(say: Any = None) -> Iterator[None]:
        yield

    monkeypatch.setattr(prepare, "installation", installation)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(node.command, list(arguments), catch_exceptions=True)


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, Trouble)
    return str(result.exception)


def test_a_node_is_made_once() -> None:
    first = run("init", "Công an phường Hồng Bàng")
    assert first.exit_code == 0
    assert re.search(r"node [0-9a-f-]{36}, key ([0-9a-f]{4} ){4}[0-9a-f]{4}$", first.stdout.strip())
    assert run("init", "Khác").stdout == first.stdout


def test_a_code_is_printed_alone_so_that_it_can_be_piped() -> None:
    result = run("invite", WARD)
    code = result.stdout.strip()
    assert codes.is_of(code, key())
    assert Member.objects.using("worker").get().code == codes.digest(code)
    assert "was invited and may still join" in refused("invite", WARD)


def test_what_cannot_be_invited() -> None:
    assert refused("invite", "99999") == "There is no unit 99999."
    assert "no commune or province" in refused("invite", "31-PC02")
    joined()
    assert "has a node" in refused("invite", WARD)


def test_nodes_are_listed() -> None:
    member = joined()
    result = run("list")
    assert result.exit_code == 0
    for word in (WARD, "never", "Máy thử", str(member.id)):
        assert word in result.stdout


def test_a_child_tells_its_parent_and_none_of_the_others() -> None:
    joined()
    parent(OTHER)
    said = run("list").stdout
    assert "Below Công an thành phố Hải Phòng (https://haiphong.example) as the node of unit 11329:" in said
    assert "0 entries wait to go up" in said
    assert "Máy thử" not in said


def test_a_node_is_revoked_with_a_reason() -> None:
    joined()
    assert run("revoke", WARD).exit_code == 2
    assert refused("revoke", WARD, "--reason", " ") == "Say why with --reason."
    assert run("revoke", WARD, "--reason", "Mất máy").exit_code == 0
    (member,) = queries.of_unit(WARD)
    assert (member.state, member.reason) == ("revoked", "Mất máy")
    assert "no node and no invitation" in refused("revoke", WARD, "--reason", "x")


def test_a_units_work_is_taken_back_when_all_of_it_has_come() -> None:
    assert "no node and no invitation" in refused("close", WARD)
    run("invite", WARD)
    assert "revoke the invitation" in refused("close", WARD)
    run("revoke", WARD, "--reason", "Nhầm")
    member = joined()
    assert member.node is not None
    for wait, ago in ((3, 1), (0, 90)):
        at = datetime.now(UTC) - timedelta(minutes=ago)
        said(member.node, at, {"wait": wait})
        assert "let it send everything first" in refused("close", WARD)
    said(member.node, datetime.now(UTC), {"wait": 0})
    closed = run("close", WARD)
    assert closed.exit_code == 0
    assert "the daily mail" in closed.output
    assert queries.of_unit(WARD)[-1].state == "closed"


def test_a_machine_whose_work_was_taken_back_joins_in_a_new_incarnation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []
    before = own("worker").incarnation

    def ask(wire: Any, asking: Any, at: Any) -> Welcome:
        asked.append(asking.signer.incarnation)
        raise NotJoined("closed" if len(asked) == 1 else "expired")

    monkeypatch.setattr(becoming, "is_empty", lambda: True)
    monkeypatch.setattr(becoming, "ask", ask)
    assert "The code is over" in refused("join", "http://127.0.0.1:9", "x")
    assert asked == [before, own("worker").incarnation]
    assert before != own("worker").incarnation


def test_an_installation_with_units_does_not_join_as_a_commune(monkeypatch: pytest.MonkeyPatch) -> None:
    welcome = Welcome(uuid7(), WARD, "31", uuid7(), "Trên", b"k" * 32, "age1x", 0.0)
    monkeypatch.setattr(becoming, "ask", lambda *_: welcome)
    assert "units of its own, as only a province's may" in refused("join", "http://127.0.0.1:9", "x")
    assert not Peer.objects.exists()


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (NotJoined("expired"), "The code is over"), (NotJoined("stranger"), "not the node that gave"),
        (NotJoined("busy"), "refused: busy"), (Down("refused"), "Nobody answers"), (codes.NotACode("x"), "no code"),
    ],
)  # fmt: skip
def test_why_a_node_did_not_join(monkeypatch: pytest.MonkeyPatch, fault: Exception, sentence: str) -> None:
    def ask(*_: Any) -> Welcome:
        raise fault

    monkeypatch.setattr(becoming, "is_empty", lambda: True)
    monkeypatch.setattr(becoming, "ask", ask)
    assert sentence in refused("join", "http://127.0.0.1:9", "x")
    assert not Peer.objects.exists()


def refuses(*codes: str) -> Contact:
    """A contact that did not come about."""
    faults, at = tuple(Fault(code, "parent") for code in codes), datetime.now(UTC)
    return Contact(uuid7(), at, at, 0.0, faults=faults)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("signature", "does not accept this node's key, as after a restore from a backup"),
        ("stranger", "is not the node above that this one knows"), ("unknown", "does not know this one"),
        ("revoked", "takes nothing more from this one"), ("timeout", "tries again by itself"),
    ],
)  # fmt: skip
def test_why_a_parent_was_not_reached_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, code: str, sentence: str
) -> None:
    peer = parent(OTHER)
    monkeypatch.setattr(upward, "contact", lambda: refuses(code))
    said = refused("contact")
    assert sentence in said
    assert (f"haicap node join {peer.url} CODE" in said) is (code in upward.REFUSED)


def test_who_joins_is_told_of_the_daily_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    welcome = Welcome(uuid7(), WARD, "31", uuid7(), "Trên", b"k" * 32, "age1x", 0.0)
    monkeypatch.setattr(becoming, "is_empty", lambda: True)
    monkeypatch.setattr(becoming, "ask", lambda *_: welcome)
    monkeypatch.setattr(becoming, "keep", lambda *_: None)
    monkeypatch.setattr(upward, "contact", lambda: replace(refuses(), reached=True))
    assert upward.MAIL in run("join", "http://127.0.0.1:9", "x").output


def test_a_node_without_a_parent_contacts_nobody() -> None:
    assert "has no parent" in refused("contact")
