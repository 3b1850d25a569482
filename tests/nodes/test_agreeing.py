"""A province that began alone comes below a ministry whose register says the same, and below no other."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from cast import WARD
from foreign import raised
from haicap.config import upward
from haicap.config.home import Trouble
from haicap.journal.entry import payload
from haicap.journal.ids import uuid7
from haicap.journal.kinds import body_of
from haicap.journal.models import Node
from haicap.journal.verify import verify
from haicap.nodes import becoming
from haicap.nodes.agreeing import Difference, differences
from haicap.nodes.becoming import Welcome
from haicap.nodes.database import Database
from haicap.nodes.exchange.records import Joining, Parent
from haicap.nodes.exchange.speaking import Talk
from haicap.units.actions import unit_id
from haicap.units.models import Bearer, UnitRow
from nodes import test_database as its
from nodes.memory import MemoryShelf
from nodes.test_recalling import Line

shelf, put, meet, NOW = its.shelf, its.put, its.meet, its.NOW
Change = Callable[[dict[str, Any]], dict[str, Any] | None]


def register(ministry: MemoryShelf, change: Change = lambda it: it) -> None:
    """The ministry writes the units that lie here: the same entries, or as `change` has them (None: not at all)."""
    with its.connections["owner"].cursor() as cursor:
        cursor.execute("SELECT unit, payload FROM journal_entry WHERE kind = 'unit.opened' ORDER BY unit")
        rows = [(unit, json.loads(bytes(data))) for unit, data in cursor]
    with ministry.disk.change():
        for unit, it in rows:
            said = change(it)
            if said is None:
                continue
            data = payload(
                entry_id=UUID(said["id"]), salt=bytes.fromhex(it["salt"]), subject=UUID(it["subject"]), after=None,
                body=body_of(it["kind"], it["version"], said["body"]), actor=ministry.own.id, grant=None, at=NOW,
            )  # fmt: skip
            ministry.append(ministry.own.stream(unit, "reference"), UUID(said["id"]), data, None, b"")


@pytest.fixture
def ministry(shelf: Database) -> MemoryShelf:
    """The ministry, which this province has a code of."""
    it = its.in_memory("")
    it.ministry = True
    it.invite("code", "31")
    key = bytes(Node.objects.get(ours=True).public_key)
    it.join(Joining("code", shelf.own.id, shelf.own.incarnation, "Tỉnh", key, shelf.recipient, "1"))
    return it


def welcome(ministry: MemoryShelf) -> Welcome:
    return Welcome(
        uuid7(), "31", "31", ministry.own.id, "Bộ", ministry.identity.public_key, ministry.recipient, 0.0
    )


def found(shelf: Database, ministry: MemoryShelf) -> list[Difference]:
    above = Parent(ministry.own.id, "", "", ministry.identity.public_key, ministry.recipient)
    return differences(Talk(shelf, Line(ministry), above), "31")


def rows() -> list[Any]:
    return [*UnitRow.objects.order_by("pk").values(), *Bearer.objects.order_by("pk").values()]


def test_the_same_register_joins_and_changes_no_row(shelf: Database, ministry: MemoryShelf) -> None:
    register(ministry)
    put(shelf, raised())
    before = rows()
    assert found(shelf, ministry) == []
    assert rows() == before
    becoming.keep(welcome(ministry), "", NOW)
    assert meet(shelf, ministry).pulled >= 4
    assert rows() == before
    assert verify(processes=1).problems == []
    with ministry.writing(ministry.own.id) as pen:
        pen.write(
            its.units, uuid7(), unit_id(WARD), its_renaming(), unit=WARD, grant=None, channel="reference",
        )  # fmt: skip
    meet(shelf, ministry)
    row = UnitRow.objects.get(code=WARD)
    assert (row.name, row.aside) == ("Công an phường Mới", [])


def its_renaming() -> Any:
    from haicap.units.entries import UnitRenamed

    return UnitRenamed(name=its.Label(vi="Công an phường Mới", en="New"), since=its.DAY, act="QĐ 2")


def without_the_ward(it: dict[str, Any]) -> dict[str, Any] | None:
    return None if it["body"]["code"] == WARD else it


def of_another_edition(it: dict[str, Any]) -> dict[str, Any]:
    return it | {"id": str(uuid7())} if it["body"]["code"] == WARD else it


def of_another_name(it: dict[str, Any]) -> dict[str, Any]:
    return it | {"body": it["body"] | {"act": "QĐ 9"}} if it["body"]["code"] == WARD else it


@pytest.mark.parametrize(
    ("change", "what"),
    [(without_the_ward, "unknown"), (of_another_edition, "otherwise"), (of_another_name, "otherwise")],
)
def test_what_the_ministry_has_otherwise_is_named(
    shelf: Database, ministry: MemoryShelf, change: Change, what: str
) -> None:
    register(ministry, change)
    assert found(shelf, ministry) == [Difference(WARD, "unit.opened", what)]


def test_work_in_a_file_that_is_not_the_provinces_is_named(shelf: Database, ministry: MemoryShelf) -> None:
    register(ministry)
    put(shelf, raised())
    UnitRow.objects.using("owner").filter(code=WARD).update(province="01")
    assert found(shelf, ministry) == [Difference(WARD, "", "elsewhere")]


def test_the_command_says_what_differs_and_joins_nothing(
    shelf: Database, ministry: MemoryShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(ministry, of_another_name)

    class Open(Line):
        def __enter__(self) -> "Open":
            return self

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(upward, "line", lambda url: Open(ministry))
    with pytest.raises(
        Trouble, match=r"unit\.opened of unit 11311 is not the same there\. Nothing was changed"
    ):
        upward.agree("http://x", welcome(ministry))
