"""The desk in memory: the same entries and rows as the live pen makes, by the ten thousand."""

from typing import Any
from uuid import UUID

import pytest

from haicap.journal.bulk import Bulk
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import Pen, writing
from haicap.journal.projection import PROJECTIONS
from haicap.units.entries import PersonRegistered, UnitMarked, UnitOpened
from haicap.units.fold import officers, units
from haicap.units.loading import Founder, seeded
from haicap.units.models import OfficerRow, UnitRow
from journals import AT, DAY, LABEL, Journal

CODES = ("77001", "77002", "77003")


def work(pen: Pen, entropy: Any, rounds: int = 3) -> None:
    """Units opened and marked, people registered; some of it sealed."""
    for n, code in enumerate(CODES):
        subject = uuid7(AT, entropy)
        opened = UnitOpened(
            code=code,
            name=LABEL,
            level="commune",
            sort="ward",
            parent="31",
            province="31",
            since=DAY,
            act="x",
        )
        put(pen, units, uuid7(AT, entropy), subject, opened, code)
        for m in range(rounds):
            put(
                pen,
                units,
                uuid7(AT, entropy),
                subject,
                UnitMarked(remote=m % 2 == 0, since=DAY, act=str(m)),
                code,
            )
        person = uuid7(AT, entropy)
        clerk = PersonRegistered(name=f"Cán bộ {n}", account=f"so{n}-{code}")
        put(pen, officers, uuid7(AT, entropy), person, clerk, code, sealed={"phone": f"090{n}"})
        assert pen.serial(code, 2026) == (pen.desk.own.code(), 1)


def put(pen: Pen, fold: Any, entry_id: UUID, subject: UUID, body: Any, unit: str, **more: Any) -> None:
    pen.write(fold, entry_id, subject, body, unit=unit, grant=None, channel="reference", **more)


def desk_with_work(rounds: int = 3) -> Bulk:
    desk = Bulk(own("worker"), seeded("bulk"))
    work(Pen(Founder(desk.own.id), AT, desk), desk.entropy, rounds)
    return desk


def rows_of_work() -> list[Any]:
    units = UnitRow.objects.using("owner").filter(code__in=CODES).order_by("id").values_list()
    return [*units, *OfficerRow.objects.using("owner").filter(account__startswith="so").values_list()]


def test_bulk_and_live_come_to_the_same_rows_and_bytes(journal: Journal) -> None:
    entropy = seeded("bulk")
    with writing(Founder(own().id), at=AT, units=CODES, channel="reference") as pen:
        object.__setattr__(pen.desk, "entropy", entropy)
        work(pen, entropy)
    live = (
        rows_of_work(),
        journal.ask("SELECT stream_id, seq, payload, hash FROM journal_entry ORDER BY 1, 2"),
    )
    journal.begin()
    journal.tamper("TRUNCATE journal_subjectkey, journal_ciphertext, journal_counter")
    assert desk_with_work().load() == 15
    bulk = (
        rows_of_work(),
        journal.ask("SELECT stream_id, seq, payload, hash FROM journal_entry ORDER BY 1, 2"),
    )
    mine = {own().stream(code, "reference").id() for code in CODES}
    assert len(live[0]) == 6
    assert live[0] == bulk[0]
    assert [row for row in live[1] if row[0] in mine] == [row for row in bulk[1] if row[0] in mine]
    assert journal.problems(refold=True) == []


def test_a_loading_that_was_cut_off_is_done_again(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haicap.journal.bulk.AT_ONCE", 7)
    told: list[int] = []

    def cut_off(count: int) -> None:
        told.append(count)
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk_with_work().load(progress=cut_off)
    written = journal.ask("SELECT count(*) FROM journal_entry")[0][0]
    assert told == [7, 7]
    assert desk_with_work().load() == 1
    assert desk_with_work().load() == 0
    assert journal.ask("SELECT count(*) FROM journal_entry")[0][0] == written + 1
    assert journal.problems(refold=True) == []


def test_a_desk_knows_what_it_wrote_and_nothing_else(journal: Journal) -> None:
    desk = desk_with_work()
    pen = Pen(Founder(desk.own.id), AT, desk)
    assert pen.wrote(next(iter(desk.entries)))
    assert not pen.wrote(uuid7())
    assert pen.state(units, uuid7()) is None
    assert set(PROJECTIONS) >= {units, officers}
    first = next(iter(desk.kept))
    before = sum(map(len, desk.lines.values()))
    put(pen, units, next(iter(desk.entries)), first, UnitMarked(remote=True, since=DAY, act="x"), CODES[0])
    assert sum(map(len, desk.lines.values())) == before


def test_live_numbers_go_on_where_bulk_ended(journal: Journal) -> None:
    desk_with_work().load()
    with writing(Founder(own().id), at=AT) as pen:
        assert pen.serial(CODES[0], 2026)[1] == 2
