"""What comes from a node of a newer version: stored and given on, shown as what it is, folded after the upgrade."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519

from cast import WARD
from foreign import Line, raised
from haicap.config import prepare
from haicap.journal.entry import Entry, payload
from haicap.journal.history import history
from haicap.journal.ids import uuid7
from haicap.journal.intake import Item
from haicap.journal.kinds import KINDS, Body, Kind
from haicap.journal.projection import projection_of
from haicap.journal.rebuild import rebuild
from haicap.journal.refolding import _by_opening
from haicap.journal.verify import verify
from haicap.matters.entries import Commented, Raised, Stepped
from haicap.matters.fold import matters
from haicap.matters.models import MatterRow
from haicap.matters.state import Matter
from haicap.matters.telling import SAID
from haicap.nodes.database import Database
from haicap.nodes.exchange.answering import answer
from haicap.nodes.exchange.lines import read_one
from haicap.nodes.exchange.signing import Signer, sign
from haicap.nodes.exchange.wire import Request, Response
from matters.acting import raises
from nodes.pair import batch_of
from nodes.world import invites, joins, machine
from pages import browser, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"], transaction=True)
NOW = datetime.now(UTC)
ROOF = {"kind": "headquarters", "what": "Dột"}
HERE = "Có bản ghi từ phiên bản mới hơn"


class Dreamt(Body):
    """A decision that this version does not know."""

    to: str


class Begun(Raised):
    """An opening that this version does not know."""


Dreamt.kind, Dreamt.version, Dreamt.free, Dreamt.settles = "matter.dreamt", 1, False, False
Begun.kind, Begun.version, Begun.free, Begun.settles = "matter.begun", 1, False, False


class SteppedLater(Stepped):
    """A kind that is known, in a version that is not."""


SteppedLater.version = 2


@dataclass
class Ward:
    """The ward's own machine, whose haicap is newer than that of the province, which is this installation."""

    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    line: Line = field(default_factory=lambda: Line(unit=WARD))

    def joins(self) -> None:
        joins(invites(WARD), machine().model_copy(update={
            "node": self.line.node, "incarnation": self.line.incarnation,
            "public_key": self.key.public_key().public_bytes_raw().hex(),
            "recipient": str(x25519.Identity.generate().to_public()),
        }))  # fmt: skip

    def writes(self, subject: UUID, body: Body, after: UUID | None = None) -> UUID:
        entry, clerk = uuid7(), person("clerk")
        grant = next(right.grant for right in clerk.rights if right.allows("matter.raise"))
        data = payload(
            entry_id=entry, salt=bytes(16), subject=subject, after=after, body=body, actor=clerk.id,
            grant=grant, at=NOW,
        )  # fmt: skip
        self.line.items.append(Item(data))
        return entry

    def asks(self, request: Request) -> Response:
        signer = Signer(self.line.node, self.line.incarnation, self.key)
        return answer(Database(), sign(request, signer, datetime.now(UTC)))

    def sends(self) -> dict[str, Any]:
        its = self.line.description
        said = self.asks(batch_of(its, self.line.items, 0, its.digest()))
        assert said.status == 200
        told: dict[str, Any] = json.loads(said.whole())
        return told

    def gets(self) -> tuple[Item, ...]:
        said = self.asks(Request("GET", f"/sync/streams/{self.line.id}", "after=0"))
        return read_one(said.whole()).items


@pytest.fixture
def ward(own_database: str) -> Ward:
    ward = Ward()
    ward.joins()
    return ward


@pytest.fixture
def matter(ward: Ward) -> Matter:
    """A difficulty about which the ward has said, one after the other, what is known and what is not."""
    its = raises("clerk", "difficulty", "Trụ sở dột", ROOF, at=NOW)
    opening = history(its.id, "worker")[0].id
    ward.writes(its.id, Commented(text="Trước đó"))
    dreamt = ward.writes(its.id, Dreamt(to="mơ"), opening)
    stepped = ward.writes(its.id, SteppedLater(step="answer", now="answered"), dreamt)
    ward.writes(its.id, Stepped(step="still-there", now="raised"), stepped)
    ward.writes(its.id, Commented(text="Sau đó"))
    assert ward.sends()["held"] == {}
    return its


def row(subject: UUID) -> MatterRow:
    return MatterRow.objects.using("worker").get(pk=subject)


def upgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    """This installation knows more from here on."""
    openings = _by_opening()

    def dreamt(matter: Matter, entry: Entry[Dreamt]) -> Matter:
        return replace(matter, title=entry.body.to)

    monkeypatch.setitem(KINDS, Dreamt.kind, Kind(Dreamt.kind, 1, Dreamt, {}))
    monkeypatch.setitem(KINDS, Begun.kind, Kind(Begun.kind, 1, Begun, {}))
    monkeypatch.setitem(KINDS, Stepped.kind, Kind(Stepped.kind, 2, Stepped, {1: lambda it: it}))
    monkeypatch.setitem(matters.handlers, Dreamt, dreamt)
    monkeypatch.setitem(matters.handlers, Begun, matters.handlers[Raised])
    monkeypatch.setitem(SAID, Dreamt, lambda teller, body: ("Mơ", body.to))
    monkeypatch.setitem(SAID, Begun, SAID[Raised])
    monkeypatch.setattr(matters, "goers_on", {*matters.goers_on, Dreamt})
    monkeypatch.setattr(matters, "openers", {*matters.openers, Begun})
    its = projection_of(matters)
    monkeypatch.setattr("haicap.journal.refolding._by_opening", lambda: {**openings, Begun: its})


def starts(home: Path, told: list[str]) -> None:
    """What a start does besides migrating, in an installation with this folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HAICAP_HOME", str(home))
        prepare.catch_up(told.append)


def test_it_is_stored_given_on_and_shown_for_what_it_is(ward: Ward, matter: Matter) -> None:
    assert ward.gets() == tuple(ward.line.items)
    assert [entry.kind for entry in history(matter.id, "worker")][1:] == [
        "matter.commented", "matter.dreamt", "matter.stepped", "matter.stepped", "matter.commented",
    ]  # fmt: skip
    assert verify(processes=1).problems == []
    before = row(matter.id)
    assert (before.status, before.frozen is not None) == ("raised", True)
    clerk = browser("clerk")
    page = html(clerk, f"/matters/id/{matter.id}/")
    assert HERE in page
    assert "cần nâng cấp để đọc (matter.dreamt)" in page
    assert "cần nâng cấp để đọc (matter.stepped)" in page
    assert "Trước đó" in page
    assert "có mục từ phiên bản mới hơn" in html(clerk, "/journal/")
    said = clerk.post(
        f"/matters/id/{matter.id}/correct/", {"entry_id": str(uuid7()), "title": "x", "reason": "y"}
    )
    assert said.status_code in (302, 404)
    assert len(history(matter.id, "worker")) == 6
    assert row(matter.id).state == before.state


@pytest.mark.parametrize("how", ["at the start", pytest.param("rebuild", marks=pytest.mark.slow)])
def test_after_the_upgrade_it_is_folded(
    ward: Ward, matter: Matter, how: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[str] = []
    starts(tmp_path, told)
    begun = uuid7()
    ward.writes(begun, Begun(**raised("Việc kiểu mới").model_dump()))
    ward.sends()
    assert not MatterRow.objects.using("worker").filter(pk=begun).exists()
    upgrade(monkeypatch)
    if how == "rebuild":
        rebuild()
    for _ in range(2):
        starts(tmp_path, told)
    its = row(matter.id)
    assert (its.frozen, its.title, its.status) == (None, "mơ", "raised")
    assert row(begun).title == "Việc kiểu mới"
    assert verify(processes=1).problems == []
    assert HERE not in html(browser("clerk"), f"/matters/id/{matter.id}/")
    assert told == ["2 subjects with entries from a newer version could be read now."]
    assert json.loads((tmp_path / "kinds.json").read_text())["matter.stepped"] == 2
