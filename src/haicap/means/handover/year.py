"""The demonstration's list: what a former district handed over of its equipment, taken in by the province."""

from datetime import datetime
from uuid import uuid5

from haicap.means.handover.example import GIVER, NAME, example
from haicap.means.handover.models import SheetRow, Upload
from haicap.means.handover.room import MEANS
from haicap.papers.books import open_book
from haicap.papers.sheets_in import plans, uploads
from haicap.papers.sheets_in.judging import table_of
from haicap.papers.sheets_in.taking import take_in
from haicap.units.actions import SPACE
from haicap.units.rights import person_of, tell_database

SORT, SINCE = "things", "01/07/2025"
LIST = uuid5(SPACE, "demonstration/means-handed-over")


def load(account: str, at: datetime) -> None:
    """Take the example in as whoever signs in as `account`, at `at` (aware), once; it is all synthetic.

    Some of its lines stay doubtful: one machine in two wards, a kind that is not in the catalogue, numbers in words,
    and a whole district above the last ones.
    """
    person = person_of(account, at.date())
    assert person is not None
    tell_database(person)
    try:
        if SheetRow.objects.filter(pk=LIST, done__isnull=False).exists():
            return
        sort = MEANS.sort(SORT, at)
        unit = MEANS.desk(person, sort)
        upload = uploads.keep(Upload, person, example(), id=LIST, name=NAME, procedure=SORT, unit=unit, at=at)
        table = table_of(open_book(example()), plans.Plan(), sort)
        its = plans.Plan(columns=plans.guess(table, sort.targets), fixed={"since": SINCE}, giver=GIVER)
        uploads.say(upload, its)
        take_in(MEANS, upload, person, at=at, synthetic=True)
    finally:
        tell_database(None)
