"""The live pen: one transaction, idempotent, conflicts seen, sealed facts bound."""

import threading
from datetime import date
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import connection

from haicap.journal import kinds
from haicap.journal.batch import LARGEST
from haicap.journal.bulk import Bulk
from haicap.journal.chain import Description
from haicap.journal.fold import Folded
from haicap.journal.history import history
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import FromNewerVersion, OutOfTime, Pen, TooLong, writing
from haicap.units.actions import unit_id
from haicap.units.entries import UnitMarked, UnitOpened, UnitRenamed
from haicap.units.fold import Unit, units
from haicap.units.loading import Founder
from haicap.units.models import UnitRow
from journals import AT, DAY, LABEL, OTHER, WARD, Journal

MARKED = UnitMarked(remote=True, since=DAY, act="QĐ 7")
OPENED = UnitOpened(
    code="77001", name=LABEL, level="commune", sort="ward", parent="31", province="31", since=DAY, act="x"
)


def pen_for(*codes: str) -> Any:
    subjects = [unit_id(code) for code in codes]
    return writing(Founder(own().id), at=AT, subjects=subjects, units=codes, channel="reference")


def mark(pen: Pen, entry_id: UUID, code: str = WARD, body: Any = MARKED) -> Unit:
    return pen.write(units, entry_id, unit_id(code), body, unit=code, grant=None, channel="reference")


def count(journal: Journal) -> int:
    found: int = journal.ask("SELECT count(*) FROM journal_entry")[0][0]
    return found


def test_a_form_sent_twice_is_written_once(journal: Journal) -> None:
    entry_id, before = uuid7(), count(journal)
    with pen_for(WARD) as pen:
        first = mark(pen, entry_id)
        assert pen.wrote(entry_id)
        assert mark(pen, entry_id) == first
    with pen_for(WARD) as pen:
        assert mark(pen, entry_id, body=UnitMarked(remote=False, since=DAY, act="khác")) == first
    assert count(journal) == before + 1
    assert history(unit_id(WARD), "owner")[-1].body == MARKED


def test_what_fails_leaves_nothing_behind(journal: Journal) -> None:
    before = count(journal)

    def fail() -> None:
        with pen_for(WARD) as pen:
            mark(pen, uuid7())
            pen.serial(WARD, 2026)
            raise RuntimeError("trouble")

    with pytest.raises(RuntimeError, match="trouble"):
        fail()
    assert count(journal) == before
    assert not UnitRow.objects.get(code=WARD).remote
    with pen_for(WARD) as pen:
        assert pen.serial(WARD, 2026)[1] == 1


def test_what_could_not_travel_is_not_written(journal: Journal) -> None:
    before = count(journal)
    with pytest.raises(TooLong), pen_for(WARD) as pen:
        mark(pen, uuid7(), body=UnitMarked(remote=True, since=DAY, act="x" * LARGEST))
    with pytest.raises(TooLong), pen_for(WARD) as pen:
        pen.write(
            units, uuid7(), unit_id(WARD), MARKED, unit=WARD, grant=None, channel="reference",
            sealed={"what": "x" * LARGEST},
        )  # fmt: skip
    desk = Bulk(own(), bytes)
    with pytest.raises(TooLong):
        mark(
            Pen(Founder(desk.own.id), AT, desk),
            uuid7(),
            body=OPENED.model_copy(update={"act": "x" * LARGEST}),
        )
    assert count(journal) == before
    assert not desk.lines


def test_a_year_that_nobody_reckons_with_is_not_written(journal: Journal) -> None:
    before = count(journal)
    for year in (206, 9999):
        with pytest.raises(OutOfTime), pen_for(WARD) as pen:
            mark(pen, uuid7(), body=UnitMarked(remote=True, since=date(year, 1, 1), act="x"))
    assert count(journal) == before


def test_what_was_written_of_such_a_year_before_is_still_read(journal: Journal) -> None:
    with patch.object(kinds, "YEARS", range(1, 9999)), pen_for(WARD) as pen:
        mark(pen, uuid7(), body=UnitMarked(remote=True, since=date(206, 1, 1), act="x"))
    assert history(unit_id(WARD), "owner")[-1].body.since.year == 206
    with pen_for(WARD) as pen:
        assert not mark(pen, uuid7(), body=UnitMarked(remote=False, since=DAY, act="y")).remote


def test_what_binds_others_is_written_in_reference(journal: Journal) -> None:
    with pytest.raises(ValueError, match="reference"), pen_for(WARD) as pen:
        pen.write(units, uuid7(), unit_id(WARD), MARKED, unit=WARD, grant=None, channel="work")


def test_the_pen_sees_what_it_has_just_written(journal: Journal) -> None:
    with pen_for(WARD) as pen:
        assert pen.state(units, unit_id(WARD)) is not None
        assert pen.state(units, uuid7()) is None
        entry_id = uuid7()
        assert mark(pen, entry_id).remote
        assert pen.folded(units, unit_id(WARD)).last == entry_id
        assert UnitRow.objects.get(code=WARD).last == entry_id


def test_a_body_that_does_not_fit_is_refused(journal: Journal) -> None:
    opened = UnitOpened(
        code=WARD, name=LABEL, level="commune", sort="ward", parent="31", province="31", since=DAY, act="x"
    )
    for subject, body in ((unit_id(WARD), opened), (uuid7(), MARKED)):
        with pytest.raises(ValueError, match="does not fit"), pen_for(WARD) as pen:
            pen.write(units, uuid7(), subject, body, unit=WARD, grant=None, channel="reference")
    assert journal.problems(refold=True) == []


def test_numbers_are_given_once_and_tell_the_incarnation(journal: Journal) -> None:
    with pen_for(WARD) as pen:
        numbers = [
            pen.serial(WARD, 2026),
            pen.serial(WARD, 2026),
            pen.serial(OTHER, 2026),
            pen.serial(WARD, 2027),
        ]
    assert numbers == [(own().code(), n) for n in (1, 2, 1, 1)]


def foreign(journal: Journal, *, after: UUID | None, body: Any = None, kind: str | None = None) -> UUID:
    """An entry of another node, as an exchange would have stored it, about the ward."""
    from haicap.journal.entry import payload

    entry_id = uuid7()
    its = body or UnitRenamed(name=LABEL, since=DAY, act="xa")
    data = payload(
        entry_id=entry_id, salt=bytes(16), subject=unit_id(WARD), after=after, body=its, actor=entry_id, grant=None,
        at=AT,
    )  # fmt: skip
    if kind:
        data = data.replace(its.kind.encode(), kind.encode())
    stream = Description(UUID(int=5), UUID(int=6), WARD, "work")
    journal.tamper(
        "INSERT INTO journal_entry (stream_id, seq, payload, hash, unit, channel, id, subject, after, kind, version,"
        " actor, at) SELECT %s, count(*) + 1, %s, '', %s, 'work', %s, %s, %s, %s, 1, %s, %s FROM journal_entry"
        " WHERE stream_id = %s",
        stream.id(), data, WARD, entry_id, unit_id(WARD), after, kind or its.kind, entry_id, AT, stream.id(),
    )  # fmt: skip
    return entry_id


def projected(journal: Journal) -> Folded[Unit]:
    from haicap.journal.rebuild import rebuild

    rebuild()
    with pen_for(WARD) as pen:
        return pen.folded(units, unit_id(WARD))


def test_a_conflict_is_kept_while_others_go_on(journal: Journal) -> None:
    (first,) = journal.write(1)
    aside = foreign(journal, after=history(unit_id(WARD), "owner")[0].id)
    assert projected(journal).aside == (aside,)
    with pen_for(WARD) as pen:
        mark(pen, uuid7())
        folded = pen.folded(units, unit_id(WARD))
    assert folded.aside == (aside,)
    assert folded.branches[0].names[-1].act == "xa"
    assert UnitRow.objects.get(code=WARD).aside == [str(aside)]
    assert first in {entry.id for entry in history(unit_id(WARD), "owner")}


def test_a_subject_with_an_entry_from_a_newer_version_takes_no_decision(journal: Journal) -> None:
    journal.write(1)
    frozen = foreign(journal, after=None, kind="unit.dreamt")
    assert projected(journal).frozen == frozen
    before = count(journal)
    with pytest.raises(FromNewerVersion) as told, pen_for(WARD) as pen:
        mark(pen, uuid7())
    assert told.value.subject == unit_id(WARD)
    assert count(journal) == before


def test_two_people_who_want_the_same_two_things_never_wait_in_a_circle(journal: Journal) -> None:
    errors: list[Exception] = []

    def both(*codes: str) -> None:
        try:
            for _ in range(15):
                with pen_for(*codes) as pen:
                    for code in codes:
                        mark(pen, uuid7(), code)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=both, args=codes) for codes in ((WARD, OTHER), (OTHER, WARD))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(history(unit_id(WARD), "owner")) == 31
    assert journal.problems(refold=True) == []  # each saw the other's last entry: no conflicts
    assert UnitRow.objects.get(code=WARD).aside == []
