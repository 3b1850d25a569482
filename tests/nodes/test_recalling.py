"""`haicap node restore`: from this installation as the province to a machine in memory, and the other way round."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connections

from cast import WARD
from foreign import commented, raised
from haicap.config import prepare, upward
from haicap.config.commands import node as commands
from haicap.config.home import Trouble
from haicap.journal.ids import uuid7
from haicap.journal.intake import heads
from haicap.journal.models import Node
from haicap.journal.refolding import tables
from haicap.matters.models import MatterRow
from haicap.nodes import actions, becoming, queries, views_sync
from haicap.nodes.becoming import Welcome
from haicap.nodes.database import Database
from haicap.nodes.exchange.answering import answer
from haicap.nodes.exchange.records import Parent
from haicap.nodes.exchange.speaking import Talk
from haicap.nodes.exchange.wire import Down, Request, Response
from haicap.nodes.rescue import recalling
from haicap.nodes.rescue.recalling import Recalled, recall
from journals import Journal
from nodes import test_database as its
from nodes.memory import MemoryShelf
from nodes.world import invites, joins, machine, writes

shelf, child, parent = its.shelf, its.child, its.parent
put, meet, SUBJECT = its.put, its.meet, its.SUBJECT


class Line:
    """A line over which everything goes well, to a node that also tells what it has kept."""

    def __init__(self, above: Any) -> None:
        self.above = above

    def ask(self, request: Request) -> Response:
        return answer(self.above, request, beside=views_sync.BESIDE)

    def close(self) -> None:
        """As a real one."""


def another(province: Database) -> MemoryShelf:
    """A new machine for the ward, whose old one is revoked."""
    row = queries.of_unit(WARD, "worker")[-1]
    last = queries.last_of(row.node, "worker")
    writes(lambda pen: actions.revoke(pen, entry_id=uuid7(), subject=row.id, last=last, reason="Cháy"),
           WARD, row.id)  # fmt: skip
    key = bytes(Node.objects.get(ours=True).public_key)
    new = its.in_memory(WARD, Parent(province.own.id, "31", "", key, province.recipient))
    named = {
        "node": new.own.id, "incarnation": new.own.incarnation, "public_key": new.identity.public_key.hex(),
        "recipient": new.recipient,
    }  # fmt: skip
    joins(invites(WARD, code="1" * 20), machine().model_copy(update=named))
    return new


def recalls(new: MemoryShelf, province: Any) -> Recalled:
    assert new.parent is not None
    return recall(new, Line(province), new.parent)


def test_what_the_lost_machine_signed_and_never_sent_is_named(shelf: Database, child: MemoryShelf) -> None:
    put(child, raised())
    meet(child, shelf)
    put(child, commented())
    put(child, commented())
    child.witness()  # its last word, before the rest went over
    newest = child.newest()
    assert newest is not None
    shelf.keep(newest)
    new = another(shelf)
    back = recalls(new, shelf)
    assert back.contact.good
    (lost,) = back.missing
    assert (lost.unit, lost.channel, lost.first, lost.last) == (WARD, "work", 2, 3)
    assert back.last is not None
    (last,) = back.last
    assert (last.node, last.checkpoint) == (child.own.id, newest)
    assert last.at is not None
    said = list(back.sentences())
    assert f"The node {child.own.id} was last in contact at {last.at:%Y-%m-%d %H:%M} UTC." in said
    assert any("entries 2 to 3" in it for it in said)
    assert new.order(SUBJECT)[0].subject == SUBJECT


def test_a_province_without_that_word_is_said_to_be(shelf: Database, child: MemoryShelf) -> None:
    put(child, raised())
    meet(child, shelf)
    new = another(shelf)
    assert new.parent is not None
    back = recall(new, its.Door(shelf), new.parent)
    assert back.last is None
    assert any("could not be asked" in it for it in back.sentences())


def test_only_who_wrote_in_the_childs_files_is_told_of(shelf: Database, child: MemoryShelf) -> None:
    put(child, raised())
    meet(child, shelf)
    key = bytes(Node.objects.get(ours=True).public_key)
    other = its.in_memory("11329", Parent(shelf.own.id, "31", "", key, shelf.recipient))
    named = {
        "node": other.own.id, "incarnation": other.own.incarnation, "public_key": other.identity.public_key.hex(),
        "recipient": other.recipient,
    }  # fmt: skip
    joins(invites("11329", code="2" * 20), machine().model_copy(update=named))
    assert other.parent is not None
    assert Talk(other, Line(shelf), other.parent).ask("GET", recalling.PATH).json() == {"kept": []}
    assert child.parent is not None
    assert Talk(child, Line(shelf), child.parent).ask("GET", recalling.PATH).json() == {"kept": []}


# The command, on this installation


@pytest.fixture
def fresh(
    shelf: Database, parent: MemoryShelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> MemoryShelf:
    """The province of which this installation, a new machine without an entry, was given a code."""

    @contextmanager
    def nothing(*_: Any) -> Iterator[Any]:
        yield Line(parent)

    emptied = [table._meta.db_table for table, _ in tables()]
    Journal(tmp_path).tamper(f"TRUNCATE journal_entry, journal_stream, {', '.join(emptied)}")
    assert shelf.parent is not None
    row = queries.peer("worker")
    assert row is not None
    welcome = Welcome(
        row.member, WARD, "31", row.id, row.name, bytes.fromhex(row.public_key), row.recipient, 0.0
    )
    monkeypatch.setattr(prepare, "installation", nothing)
    monkeypatch.setattr(upward, "line", nothing)
    monkeypatch.setattr(becoming, "ask", lambda *_: welcome)
    return parent


def run(*more: str) -> Result:
    return CliRunner().invoke(commands.command, ["restore", "http://x", "0" * 20, *more])


def test_the_command_brings_back_and_lists(fresh: MemoryShelf) -> None:
    put(fresh, raised())
    result = run()
    assert result.exit_code == 0, result.output
    assert upward.MAIL in result.output
    assert "entries and 0 attached files are here\nin order\n" in result.stdout
    assert MatterRow.objects.using("worker").filter(pk=SUBJECT).exists()
    assert heads("worker")
    told = json.loads(run("--json").stdout)  # once more changes nothing
    assert (told["ok"], told["missing"], told["blobs"], told["keys"]) == (True, [], [], [])


def test_a_line_that_breaks_is_said_and_ends_with_1(
    fresh: MemoryShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(line: Line, request: Request) -> Response:
        raise Down("refused")

    monkeypatch.setattr(Line, "ask", down)
    result = run()
    assert result.exit_code == 1
    assert "Not all has come from the parent (refused)" in result.stdout


def test_where_somebody_has_worked_nothing_is_brought_back(fresh: MemoryShelf) -> None:
    put(Database(), raised())
    result = run()
    assert isinstance(result.exception, Trouble)
    assert "is not empty" in str(result.exception)


def test_a_machine_below_another_is_not_brought_back(fresh: MemoryShelf) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE nodes_peer SET id = %s", [uuid7()])
    with pytest.raises(recalling.NotFresh):
        recalling.require_fresh(fresh.own.id)
