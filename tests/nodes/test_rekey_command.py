"""`haicap node rekey`, and what this installation tells of it afterwards, on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from haicap.config import prepare
from haicap.config.commands import node
from haicap.journal import rekeying
from haicap.journal.node import own, public_key
from haicap.nodes import queries
from haicap.nodes.database import Database
from haicap.nodes.entries import NodeJoined
from haicap.nodes.exchange.answering import answer
from haicap.nodes.exchange.records import Renewal
from haicap.nodes.exchange.wire import Request
from haicap.nodes.models import Peer
from haicap.nodes.words import fingerprint
from nodes.world import OTHER, invites, joins, key, machine, parent
from nodes.world import joined as with_node
from pages import browser, html


class PowerCut(Exception):
    """The machine is off."""


@pytest.fixture(autouse=True)
def ready(own_database: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The installation of the test is up already, and its keys are its own."""

    @contextmanager
    def installation(say: Any = None) -> Iterator[None]:
        yield

    monkeypatch.setattr(prepare, "installation", installation)


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(node.command, ["rekey", *arguments], input=typed, catch_exceptions=False)


def test_a_node_is_asked_before_its_keys_are_changed() -> None:
    before = public_key()
    assert run(typed="n\n").exit_code == 1
    assert public_key() == before
    assert run(typed="y\n").exit_code == 0
    assert public_key() != before


def test_a_root_changes_its_keys_and_tells_its_children() -> None:
    before, first = public_key(), own("worker")
    done = run("--yes")
    assert done.exit_code == 0
    assert done.stdout.startswith("key ")
    assert own("worker") != first
    shelf = Database()
    assert shelf.former() == ()
    (its,) = shelf.renewals()
    assert (its.before, its.public_key, its.recipient) == (before, key(), shelf.recipient)
    said = answer(shelf, Request("GET", "/sync/renewed")).whole()
    assert its.signature.hex() in said.decode()


def test_below_a_parent_the_earlier_key_is_kept_until_the_parent_is_known_to_know() -> None:
    parent(OTHER)
    before = public_key()
    assert "The node above is told at the next contact." in run("--yes").output
    shelf = Database()
    assert [it.public_key().public_bytes_raw() for it in shelf.former()] == [before]
    its = shelf.renewal()
    assert (its.incarnation, its.reason, its.public_key, its.recipient) == (
        shelf.own.incarnation, "key", key(), shelf.recipient,
    )  # fmt: skip
    shelf.begin("restored", {})
    assert (shelf.renewal().reason, shelf.renewal().public_key) == ("key", key())
    shelf.heard(key())
    assert shelf.former() == ()
    assert (shelf.renewal().reason, shelf.renewal().public_key) == ("restored", None)


def test_an_entry_of_the_parents_tells_as_well_that_it_knows() -> None:
    """What came by courier: the line is not there."""
    member = invites(OTHER)
    parent(OTHER)
    run("--yes")
    shelf = Database()
    assert len(shelf.former()) == 1
    its = NodeJoined(
        node=shelf.own.id, incarnation=shelf.own.incarnation, name="x", public_key=key().hex(),
        recipient=shelf.recipient, runs="1",
    )  # fmt: skip
    joins(member, its)
    assert shelf.former() == ()


def test_a_change_that_was_cut_off_is_finished_by_the_command_or_a_contact(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parent(OTHER)
    for finish in (lambda: run("--yes"), lambda: Database().former()):
        first = own("worker")

        def power_cut(*_: object, **__: object) -> None:
            raise PowerCut

        with monkeypatch.context() as cut:
            cut.setattr(rekeying, "begin_incarnation", power_cut)
            with pytest.raises(PowerCut):
                run("--yes")
        made = public_key()
        assert own("worker") == first
        finish()
        assert own("worker") != first
        assert public_key() == made
        assert Database().renewal().public_key == made


def test_a_parent_is_kept_under_the_keys_that_it_changed_to() -> None:
    parent(OTHER)
    shelf = Database()
    before = shelf.parent
    assert before is not None
    shelf.follow(replace(before, public_key=b"k" * 32, recipient="age1new"))
    peer = Peer.objects.using("worker").get()
    assert (peer.public_key, peer.recipient) == ((b"k" * 32).hex(), "age1new")


def test_a_changed_key_of_a_child_is_noted_and_shown_to_people() -> None:
    member = with_node()
    assert member.node is not None
    its = machine()
    renewal = Renewal(
        its.incarnation, "key", {}, public_key=bytes.fromhex(its.public_key), recipient=its.recipient
    )
    shelf = Database()
    for _ in range(2):
        shelf.renew(member.node, renewal)
    known = shelf.member(member.node)
    assert known is not None
    assert (known.public_key.hex(), known.recipient) == (its.public_key, its.recipient)
    (incident,) = queries.incidents(member.node)
    assert incident.times == 1
    page = html(browser("director"), f"/nodes/{member.id}/")
    assert "Nút đã đổi khóa và bắt đầu đời mới" in page
    assert fingerprint(its.public_key) in page
