"""Lists of means by the thousand: every line is accounted for, nothing breaks, nothing doubles."""

import csv
import io
import random
from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.means.handover.models import Upload
from haicap.means.handover.room import MEANS, SORTS
from haicap.means.lines.models import CircuitRow
from haicap.means.premises.models import SiteRow
from haicap.means.things.models import ThingRow
from haicap.papers.books import open_book
from haicap.papers.sheets import UnreadableSheet
from haicap.papers.sheets_in import batches, plans, uploads
from haicap.papers.sheets_in.judging import table_of
from haicap.papers.sheets_in.taking import take_in, undo
from haicap.units.rights import tell_database
from matters.ugly_sheets import Ugly
from means.lists_at_hand import NOW
from means.ugly_lists import ugly_list
from pages import person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
FEW, MANY, THROUGH_THE_DATABASE = 40, 600, 3
TABLES = (ThingRow, SiteRow, CircuitRow)


def told(sort: str, seeds: range) -> Counter[str]:
    """What became of the lines of the lists of these seeds; each list's lines are all accounted for."""
    its, who = MEANS.sort(sort, NOW), person("logistics")
    plain, found = MEANS.ground(who, its, plans.Plan(fixed={"unit": WARD}), "31", NOW), Counter[str]()
    for seed in seeds:
        made, its = ugly_list(sort, seed), MEANS.sort(sort, NOW)
        try:
            sheets = open_book(made.data)
        except UnreadableSheet as error:
            found[f"unreadable, {error.fault}"] += 1
            continue
        table = table_of(sheets, plans.Plan(), its)
        plan = plans.Plan(columns=plans.guess(table, its.targets), fixed={"unit": WARD})
        here = replace(plain, plan=plan, targets=its.targets)
        numbers = [line.number for line in table.lines]
        assert numbers == list(range(1, len(sheets[0].lines) + 1)), seed
        if made.form == "xlsx":
            assert made.lines - 4 <= len(numbers) <= made.lines, seed
        for line in table.lines:
            if line.sort != "data":
                found["passed"] += 1
                continue
            record, faults = its.read(line, here)
            assert (record is None) == bool(faults), (seed, line)
            assert all(fault.reason for fault in faults), seed
            found["record" if record else "listed"] += 1
            if record:
                assert record.key.startswith(f"{record.unit}|{sort}|"), seed
                assert its.beside(record), seed
                assert record.title, seed
    return found


@pytest.mark.parametrize("sort", SORTS)
def test_every_line_of_some_hundred_lists_is_accounted_for(sort: str) -> None:
    found = told(sort, range(FEW))
    assert found["record"] > FEW / 2  # ugly, and yet understood, for all the columns that a line must have
    assert found["listed"] > FEW / 4
    assert {each for each in found if each.startswith("unreadable")} <= {"unreadable, empty"}


@pytest.mark.slow
@pytest.mark.parametrize("sort", SORTS)
def test_every_line_of_thousands_of_lists_is_accounted_for(sort: str) -> None:
    found = told(sort, range(FEW, FEW + MANY))
    assert found["record"] > MANY / 2
    assert sum(found.values()) > 5 * MANY


def taken(made: Ugly, sort: str, id: UUID) -> tuple[int, int, int, int]:
    who, its = person("logistics"), MEANS.sort(sort, NOW)
    upload = uploads.keep(
        Upload, who, made.data, id=id, name=f"{id}.{made.form}", procedure=sort, unit="31", at=NOW
    )
    table = table_of(open_book(made.data), plans.Plan(), its)
    uploads.say(upload, plans.Plan(columns=plans.guess(table, its.targets), fixed={"unit": WARD}))
    batch = take_in(MEANS, upload, who, at=NOW)
    counts = (batch.count("taken"), batch.count("there"), batch.count("listed"), batch.count("passed"))
    assert sum(counts) == len(batch.rows) == batch.lines == len(table.lines)
    return counts


def standing() -> int:
    return sum(table._default_manager.filter(mistake=False).count() for table in TABLES)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("seed", range(9_000, 9_000 + THROUGH_THE_DATABASE))
def test_taken_in_twice_and_taken_back_nothing_is_left(sort: str, seed: int) -> None:
    who = person("logistics")
    tell_database(who, "default")
    made, first, second = ugly_list(sort, seed), uuid7(), uuid7()
    if made.lines == 0:
        return
    one = taken(made, sort, first)
    here = standing()
    assert here >= one[0]
    two = taken(made, sort, second)
    assert (two[0], two[3], sum(two)) == (0, one[3], sum(one))
    assert two[2] <= one[2]  # of a thing that is known by its number an unreadable line says nothing new
    assert standing() == here
    batch = batches.one(MEANS, who, first)
    assert batch is not None
    back = undo(MEANS, who, batch, at=NOW, reason="Thử")
    assert len(back.withdrawn) == one[0]
    assert standing() == 0


def test_the_same_list_in_two_files_is_one_list() -> None:
    """Other separators, another order of columns: what was taken in is there."""
    tell_database(person("logistics"), "default")
    chance, rows = random.Random(7), [["Tên tài sản", "SL", "Tình trạng", "Năm mua"]]
    rows += [[f"Máy in Canon {n}", "2", chance.choice(("Tốt", "hỏng")), "2020"] for n in range(6)]
    turned = [list(reversed(row)) for row in rows]
    counts = [
        taken(Ugly(_csv(its, sign), 7, "csv"), "things", uuid7())
        for its, sign in ((rows, ";"), (turned, "\t"))
    ]
    assert counts == [(6, 0, 0, 1), (0, 6, 0, 1)]
    assert standing() == 12


def _csv(rows: list[list[str]], sign: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows(rows)
    return out.getvalue().encode("utf-8-sig")
