"""The demonstration's sheet: the list that a district handed over, taken in by the province."""

from datetime import datetime
from uuid import uuid5

from haicap.matters.law import law
from haicap.matters.sheets import plans, uploads
from haicap.matters.sheets.example import GIVER, NAME, example
from haicap.matters.sheets.judging import table_of
from haicap.matters.sheets.models import SheetRow
from haicap.matters.sheets.taking import take_in
from haicap.matters.sheets.targets import targets
from haicap.papers.books import open_book
from haicap.units.actions import SPACE
from haicap.units.rights import person_of, tell_database

PROCEDURE = "difficulty"
SHEET = uuid5(SPACE, "demonstration/handed-over")


def load(account: str, at: datetime) -> None:
    """Take the example in as whoever signs in as `account`, at `at` (aware), once; it is all synthetic."""
    person = person_of(account, at.date())
    assert person is not None
    tell_database(person)
    try:
        if SheetRow.objects.filter(pk=SHEET, done__isnull=False).exists():
            return
        upload = uploads.keep(
            person, example(), id=SHEET, name=NAME, procedure=PROCEDURE, unit=person.unit, at=at
        )
        procedure = law().procedure(PROCEDURE, at)
        table = table_of(open_book(example()), plans.Plan(), procedure)
        uploads.say(upload, plans.Plan(columns=plans.guess(table, targets(procedure)), giver=GIVER))
        take_in(upload, person, at=at, synthetic=True)
    finally:
        tell_database(None)
