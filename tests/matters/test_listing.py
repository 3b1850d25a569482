"""A page of the list is what sorting all that fits would give, whoever asks."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haicap.matters.listing import SORTS, Listing, in_order, parts
from haicap.matters.queries import filtered, seen
from haicap.units.lookups import AnyOf
from haicap.units.models import UnitRow
from haicap.units.rights import Person, tell_database
from matters.acting import DAY, raises, who

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
NOW = DAY + timedelta(days=9)
KEYS = [*SORTS, *(f"-{key}" for key in SORTS), "", "strange"]


def looking(account: str) -> Person:
    """Somebody of the cast, as whom the database is asked from here on."""
    person = who(account)
    tell_database(person)
    return person


def difficulty(title: str = "Trụ sở dột", days: int = 0) -> UUID:
    looking("clerk")
    its = {"kind": "headquarters", "what": "Dột khi mưa"}
    return raises("clerk", "difficulty", title, its, at=DAY + timedelta(days=days)).id


@pytest.mark.parametrize("account", ["clerk", "director"])
def test_a_page_is_the_beginning_of_all_in_order(account: str) -> None:
    for title, days in (("B", 3), ("Á", 1), ("B", 2), ("a", 5)):
        difficulty(title, days)
    person = looking(account)
    for sort in KEYS:
        listing = Listing(person, {"sort": sort}, NOW)
        rows = in_order(filtered(person, {}, at=NOW), sort)
        assert listing[0:3] == [row.pk for row in rows[:3]], sort
        assert (listing.count(), listing.more) == (4, False)


def test_the_sets_of_one_unit_make_up_all_that_is_seen() -> None:
    matter, person = difficulty(), looking("clerk")
    its = [row.pk for rows in parts(person) for row in rows]
    assert its == [row.pk for row in seen(person)] == [matter]
    assert len(parts(who("director"))) == 1


def test_one_unit_s_list_is_not_looked_for_along_another_order() -> None:
    difficulty()
    person = looking("clerk")
    with CaptureQueriesContext(connection) as asked:
        assert Listing(person, {"sort": "title"}, NOW)[0:3]
    assert "ORDER BY COALESCE" in asked[0]["sql"]


def test_strange_codes_of_units_stay_what_they_are() -> None:
    codes = ['a"b', "a\\b", "a,b", "{}", "", "NULL"]
    said = AnyOf(UnitRow._meta.get_field("code"), codes).rhs
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [said])
        assert cursor.fetchone()[0] == sorted(codes)
