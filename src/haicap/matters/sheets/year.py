"""The demonstration's sheet: the list that a district handed over, taken in by the province."""

from datetime import datetime
from uuid import uuid5

from haicap.matters.sheets.example import GIVER, NAME, example
from haicap.matters.sheets.models import SheetRow, Upload
from haicap.matters.sheets.room import MATTERS
from haicap.papers.books import open_book
from haicap.papers.sheets_in import plans, uploads
from haicap.papers.sheets_in.judging import table_of
from haicap.papers.sheets_in.taking import take_in
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
            Upload, person, example(), id=SHEET, name=NAME, procedure=PROCEDURE, unit=person.unit, at=at
        )
        sort = MATTERS.sort(PROCEDURE, at)
        table = table_of(open_book(example()), plans.Plan(), sort)
        uploads.say(upload, plans.Plan(columns=plans.guess(table, sort.targets), giver=GIVER))
        take_in(MATTERS, upload, person, at=at, synthetic=True)
    finally:
        tell_database(None)
