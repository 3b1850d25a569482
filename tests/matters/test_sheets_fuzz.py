"""Sheets by the thousand: every line is accounted for, nothing breaks, nothing is half done, nothing doubles."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.matters.models import MatterRow
from haicap.matters.sheets.models import Upload
from haicap.matters.sheets.room import MATTERS
from haicap.papers.books import open_book
from haicap.papers.sheets import UnreadableSheet
from haicap.papers.sheets_in import batches, plans, uploads
from haicap.papers.sheets_in.judging import table_of
from haicap.papers.sheets_in.taking import take_in, undo
from haicap.units.rights import tell_database
from matters.acting import who
from matters.ugly_sheets import Ugly, ugly

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
FEW, MANY, THROUGH_THE_DATABASE = 60, 2_500, 8


def told(seeds: range) -> Counter[str]:
    """What became of the lines of the sheets of these seeds, all told; each sheet's lines are all accounted for."""
    its, person = MATTERS.sort("difficulty", NOW), who("clerk")
    ground, found = MATTERS.ground(person, its, plans.Plan(), WARD, NOW), Counter[str]()
    for seed in seeds:
        made = ugly(seed)
        try:
            sheets = open_book(made.data)
        except UnreadableSheet as error:
            found[f"unreadable, {error.fault}"] += 1
            continue
        table = table_of(sheets, plans.Plan(), its)
        here = replace(ground, plan=plans.Plan(columns=plans.guess(table, its.targets)))
        numbers = [line.number for line in table.lines]
        assert numbers == list(range(1, len(sheets[0].lines) + 1)), seed
        if made.form == "xlsx":
            assert made.lines - 4 <= len(numbers) <= made.lines, (
                seed
            )  # what is only invisible at the end is no line
        for line in table.lines:
            if line.sort != "data":
                found["passed"] += 1
                continue
            record, faults = its.read(line, here)
            assert (record is None) == bool(faults), seed
            assert all(fault.reason for fault in faults), seed
            found["record" if record else "listed"] += 1
            if not record:
                assert len({fault.cell for fault in faults}) >= 1
    return found


def test_every_line_of_some_hundred_sheets_is_accounted_for() -> None:
    found = told(range(FEW))
    assert found["record"] > FEW  # ugly, and yet understood: more than one record a sheet
    assert found["listed"] > FEW / 4
    assert found["unreadable, empty"] < FEW / 10
    assert {each for each in found if each.startswith("unreadable")} <= {"unreadable, empty"}


@pytest.mark.slow
def test_every_line_of_thousands_of_sheets_is_accounted_for() -> None:
    found = told(range(FEW, FEW + MANY))
    assert found["record"] > MANY
    assert sum(found.values()) > 5 * MANY


def taken(made: Ugly, id: UUID) -> tuple[int, int, int, int]:
    person, its = who("clerk"), MATTERS.sort("difficulty", NOW)
    upload = uploads.keep(
        Upload, person, made.data, id=id, name=f"{id}.{made.form}", procedure="difficulty", unit=WARD, at=NOW
    )
    table = table_of(open_book(made.data), plans.Plan(), its)
    uploads.say(upload, plans.Plan(columns=plans.guess(table, its.targets)))
    batch = take_in(MATTERS, upload, person, at=NOW)
    counts = (batch.count("taken"), batch.count("there"), batch.count("listed"), batch.count("passed"))
    assert sum(counts) == len(batch.rows) == batch.lines == len(table.lines)
    return counts


@pytest.mark.parametrize("seed", range(9_000, 9_000 + THROUGH_THE_DATABASE))
def test_taken_in_twice_and_taken_back_nothing_is_left(seed: int) -> None:
    tell_database(who("clerk"), "default")
    made, first, second = ugly(seed), uuid7(), uuid7()
    if made.lines == 0:
        return
    one = taken(made, first)
    there = MatterRow.objects.filter(procedure="difficulty")
    assert there.count() == one[0]
    two = taken(made, second)
    assert two == (0, one[0] + one[1], *one[2:])
    assert there.count() == one[0]
    batch = batches.one(MATTERS, who("clerk"), first)
    assert batch is not None
    undo(MATTERS, who("clerk"), batch, at=NOW, reason="Thử")
    assert set(there.values_list("status", flat=True)) <= {"retracted"}
