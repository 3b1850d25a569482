"""The few things that the database tells to people who have not signed in.

Two functions of the owner answer them (`sql/public.sql`): which matter has this number and this code, and counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connections

from haicap.clocks.wall import start_of
from haicap.journal.entry import Entry
from haicap.matters import queries
from haicap.matters.fold import matters
from haicap.matters.law import Law, law
from haicap.matters.lookup import digest_of
from haicap.matters.public.disclosure import Told, told
from haicap.matters.state import Matter
from haicap.units.models import UnitRow

DAYS = 90  # the period of which timeliness speaks, up to yesterday
KEPT = 600  # seconds


@dataclass(frozen=True, slots=True)
class Timeliness:
    """How timely a unit was in [since, until), two days: the whole, and each procedure by its code."""

    since: date
    until: date
    whole: Told
    procedures: tuple[tuple[str, Told], ...]


def looked_up(number: str, code: str) -> tuple[Matter, list[Entry[Any]]] | None:
    """The matter of a receipt with its entries; None where number and code are not of one matter."""
    digest = digest_of(code)
    if digest is None:
        return None
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT public_subject(%s, %s)", [number, digest])
        found = cursor.fetchone()[0]
    if found is None:
        return None
    entries = queries.told(found)
    matter = matters(entries).state
    return (matter, entries) if matter else None


def timeliness(unit: str, today: date) -> Timeliness:
    """The clocks of a unit's own files that came to their end in the `DAYS` before `today` (a day of Vietnam).

    A clock counts as late if it was met after its end, or is not met; only what the unit itself owed, of
    procedures that people come with. Counts below the disclosure threshold are withheld. Counted at
    most every ten minutes.
    """
    key = f"timely/{unit}/{today}"
    found: Timeliness | None = cache.get(key)
    if found is None:
        found = _counted(unit, today)
        cache.set(key, found, KEPT)
    return found


def _counted(unit: str, today: date) -> Timeliness:
    since = today - timedelta(days=DAYS)
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT procedure, due, late FROM public_timeliness(%s, %s, %s)",
            [unit, start_of(since), start_of(today)],
        )
        found: Sequence[tuple[str, int, int]] = cursor.fetchall()
    known = law()
    rows = [row for row in found if for_people(known, row[0])]
    shown, whole = told([(due, late) for _procedure, due, late in rows])
    return Timeliness(since, today, whole, tuple((row[0], its) for row, its in zip(rows, shown, strict=True)))


def for_people(known: Law, code: str) -> bool:
    """Whether people come with this procedure, by its newest edition."""
    editions = known.procedures.get(code)
    return editions is not None and known.pinned(editions[-1].sha256).for_people


def unit(code: str) -> UnitRow | None:
    """A commune's unit or a department that is there today."""
    return UnitRow.objects.filter(code=code, closed=None, level__in=("commune", "department")).first()
