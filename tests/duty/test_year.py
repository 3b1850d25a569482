"""The demonstration's duty desk: the same again for the same seed, up to its end and not beyond."""

import random
from datetime import UTC, datetime

import pytest

from cast import WARD
from haicap.duty import queries, year
from haicap.duty.models import LineRow
from haicap.journal.bulk import Bulk
from haicap.journal.node import own
from haicap.matters.law import law
from haicap.matters.year.people import crew
from haicap.units.loading import seeded
from pages import person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
END = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


def filled() -> Bulk:
    people = crew("31", END.date())
    bulk = Bulk(own("worker"), seeded("x"))
    desk = year.Desk(people.units[WARD], people, law(using="worker"), bulk, random.Random("x"), END)
    year.fill(desk, year.DAYS, ())
    return bulk


def test_the_same_seed_tells_the_same_days() -> None:
    assert filled().lines == filled().lines


@pytest.mark.django_db(databases=["default", "worker", "owner"], transaction=True)
def test_a_desk_is_on_duty_with_a_late_quick_report_and_a_line_that_was_down() -> None:
    assert filled().load("worker") > 100
    from haicap.units.rights import tell_database

    tell_database(person("clerk"))
    desk = queries.desk(WARD, END)
    assert desk.manned
    assert person("clerk").name in str(desk.people)
    rows = LineRow.objects.filter(unit=WARD)
    assert rows.filter(queries.late(END), quick=True).count() == 1
    assert rows.filter(sort="line-down", open=False).count() == 1
    assert not rows.filter(written__gt=END).exists()
