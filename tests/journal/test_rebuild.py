"""Throwing projections away and making them again."""

import random
from datetime import timedelta
from threading import Event, Thread
from time import sleep
from uuid import UUID

import pytest
from django.db import connection

from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import writing
from haicap.journal.rebuild import rebuild
from haicap.journal.refolding import Unfoldable, tables
from haicap.units.actions import person_id, unit_id
from haicap.units.entries import PersonRegistered, UnitMarked
from haicap.units.fold import officers, units
from haicap.units.loading import Founder
from journals import AT, DAY, WARD, Journal


def rows(journal: Journal) -> dict[str, list[tuple[object, ...]]]:
    names = [table._meta.db_table for table, _ in tables()]
    return {name: sorted(journal.ask(f'SELECT t::text FROM "{name}" t')) for name in names}


def test_the_same_rows_are_made_again(register: Journal) -> None:
    before = rows(register)
    told: list[int] = []
    made = rebuild(progress=told.append)
    assert rows(register) == before
    assert made.entries == sum(told) == register.ask("SELECT count(*) FROM journal_entry")[0][0]
    assert made.rows == sum(map(len, before.values()))
    assert max(told) < 1100
    register.tamper("TRUNCATE units_unitrow, units_bearer")
    rebuild()
    assert rows(register) == before


def test_rows_without_entries_go_and_spoilt_ones_are_mended(journal: Journal) -> None:
    journal.write(3)
    before = rows(journal)
    journal.tamper("UPDATE units_unitrow SET name = 'x', state = '{}'")
    journal.tamper("UPDATE units_bearer SET place = 7")
    journal.tamper(
        "INSERT INTO units_bearer VALUES (gen_random_uuid(), 0, NULL, NULL, now(), NULL, '11311', NULL)"
    )
    journal.tamper(
        "INSERT INTO units_officerrow (id, state, aside, branches, waiting, name, account)"
        " VALUES (gen_random_uuid(), '{}', '[]', '[]', '[]', 'x', 'x')"
    )
    assert journal.problems(refold=True)
    rebuild()
    assert rows(journal) == before
    assert journal.problems(refold=True) == []


def test_what_cannot_be_folded_is_named_and_its_rows_stay(journal: Journal) -> None:
    journal.write(1)
    before = rows(journal)
    body = "convert_to(replace(convert_from(payload, 'UTF8'), '\"remote\"', '\"removed\"'), 'UTF8')"
    journal.tamper(f"UPDATE journal_entry SET payload = {body} WHERE stream_id = %s", journal.stream())
    with pytest.raises(Unfoldable) as told:
        rebuild()
    assert (told.value.stream, told.value.seq) == (journal.stream(), 2)
    assert rows(journal) == before


class People(Thread):
    """Somebody who acts all the time, on what is there and on what is new."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.random = random.Random(seed)
        self.ended = Event()
        self.done = 0
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            while not self.ended.is_set():
                self.act()
                self.done += 1
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def act(self) -> None:
        if self.random.random() < 0.3:
            account = f"so-{self.random.getrandbits(64)}"
            self.write(person_id(account), PersonRegistered(name=f"Cán bộ {account}", account=account))
        else:
            self.write(unit_id(WARD), UnitMarked(remote=self.random.random() < 0.5, since=DAY, act="QĐ"))

    def write(self, subject: UUID, body: PersonRegistered | UnitMarked) -> None:
        fold = officers if isinstance(body, PersonRegistered) else units
        at = AT + timedelta(seconds=self.done)
        with writing(Founder(own().id), at=at, subjects=[subject], units=[WARD], channel="reference") as pen:
            pen.write(fold, uuid7(), subject, body, unit=WARD, grant=None, channel="reference")  # type: ignore[arg-type]


def test_people_act_while_it_is_rebuilt(journal: Journal) -> None:
    people = [People(seed) for seed in (1, 2)]
    for one in people:
        one.start()
    while min(one.done for one in people) < 5 and not any(one.error for one in people):
        sleep(0.01)
    for _ in range(8):
        before = sum(one.done for one in people)
        rebuild()
        while sum(one.done for one in people) == before and not any(one.error for one in people):
            sleep(0.01)
    for one in people:
        one.ended.set()
        one.join()
    assert [one.error for one in people] == [None, None]
    assert journal.problems(refold=True) == []
    assert journal.ask("SELECT count(*) FROM units_officerrow")[0][0] > 1
