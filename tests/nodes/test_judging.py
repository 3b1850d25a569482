"""What the authority makes of an entry at taking-in."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from haicap.journal.chain import Description
from haicap.journal.entry import Entry
from haicap.journal.kinds import KINDS
from haicap.journal.settling import Settled
from haicap.nodes.exchange.judging import Grant, judge
from nodes.toy import Noted, Stepped

NODE, ACTOR, SUBJECT, GRANT = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
STREAM = Description(NODE, UUID(int=5), "31001", "work")
NOW = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
ENTRY: Entry[Any] = Entry(
    STREAM.id(), 1, "31001", UUID(int=9), SUBJECT, None, "simulated.stepped", 1, ACTOR, GRANT, NOW, Stepped(to="x")
)  # fmt: skip


@dataclass
class Known:
    """The facts of one test."""

    grants: dict[UUID, Grant] = field(default_factory=lambda: {GRANT: Grant(("31001",), None)})
    places: tuple[tuple[str, Any], ...] = ()
    sort: str | None = None
    there: Entry[Any] | None = None

    def grant(self, entry: UUID) -> Grant | None:
        return self.grants.get(entry)

    def homes(self, subject: UUID) -> tuple[tuple[str, Any], ...]:
        return self.places

    def kind(self, entry: Entry[Any]) -> str | None:
        return self.sort

    def held(self, entry: UUID) -> Entry[Any] | None:
        return self.there


def reason(entry: Entry[Any], known: Known | None = None) -> str | None:
    return judge([entry], known or Known(), stream=STREAM, at=NOW).held.get(entry.id)


def test_what_was_done_by_right_counts() -> None:
    assert judge([ENTRY], Known(places=(("31001", "work"),)), stream=STREAM, at=NOW).held == {}


def test_a_grant_that_nobody_knows() -> None:
    assert reason(ENTRY, Known(grants={})) == "grant-unknown"


def test_a_grant_for_another_unit() -> None:
    assert reason(ENTRY, Known(grants={GRANT: Grant(("31002",), None)})) == "grant-elsewhere"
    assert reason(ENTRY, Known(grants={GRANT: Grant(None, None)})) is None


@pytest.mark.parametrize(
    ("sort", "expected"), [("crime-report", None), ("other", "grant-kind"), (None, "grant-kind")]
)
def test_a_grant_for_some_kinds_of_matter(sort: str | None, expected: str | None) -> None:
    assert reason(ENTRY, Known(grants={GRANT: Grant(None, ("crime-report",))}, sort=sort)) == expected


@pytest.mark.parametrize("place", [("31002", "work"), ("31001", "reference")])
def test_a_subject_that_lives_elsewhere(place: tuple[str, Any]) -> None:
    assert reason(ENTRY, Known(places=(place,))) == "subject-elsewhere"
    assert reason(ENTRY, Known(places=(place, ("31001", "work")))) is None


def test_an_id_that_is_another_entrys() -> None:
    other = replace(ENTRY, subject=UUID(int=77), stream=UUID(int=8), seq=5)
    assert reason(ENTRY, Known(there=other)) == "id-of-another"


def test_an_entry_written_once_more_in_a_new_incarnation() -> None:
    assert reason(ENTRY, Known(there=replace(ENTRY, stream=UUID(int=8), seq=5))) is None


def test_two_entries_of_one_id_in_one_batch() -> None:
    second = replace(ENTRY, seq=2, body=Stepped(to="y"))
    assert judge([ENTRY, second], Known(), stream=STREAM, at=NOW).held == {ENTRY.id: "id-of-another"}


def test_a_clock_that_runs_ahead() -> None:
    assert reason(replace(ENTRY, at=NOW + timedelta(hours=24))) is None
    assert reason(replace(ENTRY, at=NOW + timedelta(hours=24, seconds=1))) == "clock-ahead"
    assert reason(replace(ENTRY, at=NOW - timedelta(days=4000))) is None


def test_who_acts_without_a_grant() -> None:
    assert reason(replace(ENTRY, grant=None)) == "not-a-person"
    assert reason(replace(ENTRY, grant=None, actor=NODE)) is None


@pytest.mark.parametrize("kind", ["grant.given", "post.opened", "unit.merged", "node.joined", "key.erased"])
def test_what_governs_others_is_not_written_below(kind: str) -> None:
    assert reason(replace(ENTRY, kind=kind)) == "authority-only"


def test_who_settles() -> None:
    body = Settled(disposes=(), state={}, reason="so")
    assert reason(replace(ENTRY, kind=body.kind, body=body)) == "authority-only"


def test_a_kind_from_a_newer_version_is_carried() -> None:
    assert reason(replace(ENTRY, kind="later.done", body=None)) is None


def test_what_governs_is_what_its_room_says() -> None:
    below = [it for it in KINDS.values() if it.body.channel == "reference"]
    assert len({it.name.split(".")[0] for it in below}) >= 14
    for it in KINDS.values():
        expected = "authority-only" if it in below or it.name == "key.erased" else None
        assert reason(replace(ENTRY, kind=it.name)) == expected, it.name
    assert reason(replace(ENTRY, kind="unit.abolished_by_a_newer_version", body=None)) == "authority-only"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(9999, 12, 31, 23, tzinfo=UTC), "out-of-time"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=7))), "out-of-time"),
        (datetime(2026, 8, 3), "out-of-time"),  # noqa: DTZ001 - that is what is wrong with it
        (datetime(1902, 3, 1, tzinfo=UTC), None),
        (datetime(2200, 12, 31, 23, 59, tzinfo=UTC), None),
        (datetime(2200, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=1))), "out-of-time"),
    ],
)
def test_a_moment_that_nobody_reckons_with(moment: datetime, expected: str | None) -> None:
    body = Noted.model_construct(text=moment)
    assert reason(replace(ENTRY, body=body)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"when": "9999-12-31T23:00:00+00:00"}, "out-of-time"),
        ({"who": [{"born": "0206-01-05"}]}, "out-of-time"),
        ({"who": {"born": "1931-01-05"}}, None),
        ({"what": "9999-12-31 thì sao?"}, None),
    ],
)
def test_days_among_the_facts_are_asked_too(facts: Any, expected: str | None) -> None:
    assert reason(replace(ENTRY, body=Noted.model_construct(text=facts))) == expected


@pytest.mark.parametrize(
    ("until", "marked"), [(None, False), (date(2026, 8, 4), False), (date(2026, 8, 3), True)]
)
def test_a_grant_that_had_ended_unseen(until: date | None, marked: bool) -> None:
    verdict = judge([ENTRY], Known(grants={GRANT: Grant(None, None, until)}), stream=STREAM, at=NOW)
    assert verdict.held == {}
    assert verdict.withdrawn == ((ENTRY.id,) if marked else ())


def test_a_day_ends_where_people_live() -> None:
    late = replace(ENTRY, at=datetime(2026, 8, 2, 17, 0, tzinfo=UTC))  # midnight in Vietnam
    facts = Known(grants={GRANT: Grant(None, None, date(2026, 8, 3))})
    assert judge([late], facts, stream=STREAM, at=NOW).withdrawn == (late.id,)
    assert (
        judge([replace(late, at=late.at - timedelta(seconds=1))], facts, stream=STREAM, at=NOW).withdrawn
        == ()
    )


def test_one_that_is_held_holds_no_other() -> None:
    free = replace(ENTRY, id=UUID(int=10), seq=2, body=Noted(text="n"))
    verdict = judge([replace(ENTRY, grant=UUID(int=99)), free], Known(), stream=STREAM, at=NOW)
    assert list(verdict.held) == [ENTRY.id]
