"""The table of matters: an index over folded matters, thrown away and rebuilt at will."""

from datetime import timedelta
from uuid import UUID

from django.db import models

from haicap.clocks.models import Owed
from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects, projects_also
from haicap.matters.authorities.models import AskedRow, asked_rows
from haicap.matters.bulk.models import Bulk as Bulk
from haicap.matters.bulk.models import BulkLine as BulkLine
from haicap.matters.directing.models import DirectiveRow as DirectiveRow
from haicap.matters.drafts import Draft as Draft  # a table of this room; its questions stand beside it
from haicap.matters.fold import matters
from haicap.matters.guidance.models import GuidanceRow as GuidanceRow
from haicap.matters.guidance.models import GuidedRow, guided_rows
from haicap.matters.indexes import INDEXES
from haicap.matters.notices.models import Watch as Watch
from haicap.matters.sheets.models import KeptPlan as KeptPlan
from haicap.matters.sheets.models import SheetRow as SheetRow
from haicap.matters.sheets.models import Upload as Upload
from haicap.matters.sheets.retracting import Retracted as Retracted  # a kind of entry that a matter can have
from haicap.matters.state import RETRACTED, Clock, Matter
from haicap.matters.work import Job as Job
from haicap.units.vietnamese import fold as folded_text


class MatterRow(Projection):
    """A matter as lists need it; a page about one matter reads its state."""

    number = models.TextField(db_index=True)  # not unique: two nodes may clash, and both matters live
    procedure = models.TextField()
    unit = models.TextField()  # whose file it is; with `holder` and `raised_by` what rights look at
    holder = models.TextField(null=True)
    raised_by = models.TextField()
    province = models.TextField(null=True)
    assignee = models.UUIDField(null=True)
    title = models.TextField()
    status = models.TextField()
    branch = models.TextField()
    outcome = models.TextField(null=True)
    topic = models.TextField(null=True)  # the fact `kind`, where the procedure has one
    words = models.TextField()  # folded for search, in Python
    received = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True)  # the first end of a clock that binds a unit of the service
    third_due = models.DateTimeField(null=True)  # the first end of a clock that binds a third party
    paused = models.BooleanField()
    conflicts = models.PositiveSmallIntegerField()
    synthetic = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-received"]),
            models.Index(fields=["holder", "-received"]),
            models.Index(fields=["province", "-received"]),
            models.Index(fields=["procedure", "-received"]),
            models.Index(fields=["province", "ended"], name="matter_ended_in"),
            models.Index(fields=["province", "due"], condition=models.Q(ended=None), name="matter_open_in"),
            *INDEXES,
        ]


@projects(matters, into=MatterRow)
def matter_row(matter: Matter, folded: Folded[Matter]) -> Row:
    """Every column but those of `Projection`. While a conflict is open the earlier due date counts."""
    running = [clock for version in (matter, *folded.branches) for clock in version.clocks if clock.runs]
    ours = [clock.due for clock in running if clock.binds != "third-party" and clock.due]
    third = [clock.due for clock in running if clock.binds == "third-party" and clock.due]
    return {
        "number": matter.number,
        "procedure": matter.procedure,
        "unit": matter.unit,
        "holder": matter.holder,
        "raised_by": matter.raised_by,
        "province": matter.province,
        "assignee": matter.assignee,
        "title": matter.title,
        "status": "joined" if matter.joined else matter.state,
        "branch": matter.branch,
        "outcome": matter.outcome,
        "topic": matter.facts.get("kind"),
        "words": words(matter),
        "received": matter.received,
        "ended": matter.ended,
        "due": min(ours, default=None),
        "third_due": min(third, default=None),
        "paused": any(clock.due is None for clock in running),
        "conflicts": len(folded.aside),
        "synthetic": matter.synthetic,
    }


def words(matter: Matter) -> str:
    """What a search finds a matter by: its number, title and public facts; nothing sealed."""
    said = (value for _code, value in sorted(matter.facts.items()) if isinstance(value, str))
    return " ".join([matter.number.lower(), folded_text(matter.title), folded_text(" ".join(said))])


@projects_also(matters, into=Owed)
def owed(subject: UUID, folded: Folded[Matter]) -> list[Row]:
    """All clocks of a matter, running and met; while a conflict is open, those of both branches."""
    matter = folded.state
    assert matter is not None
    if matter.state == RETRACTED:
        return []
    return [
        {
            "subject": subject,
            "place": place,
            "room": "matters",
            "number": matter.number,
            "title": matter.title,
            "procedure": matter.procedure,
            "clock": clock.code,
            "level": _level(version, clock),
            "unit": clock.unit if clock.met else version.owes(clock),
            "file": matter.unit,
            "holder": matter.holder,
            "raised_by": matter.raised_by,
            "province": matter.province,
            "since": clock.since,
            "due": clock.due,
            "met": clock.met,
        }
        for place, (version, clock) in enumerate(_counting(matter, folded.branches))
    ]


projects_also(matters, into=AskedRow)(asked_rows)
projects_also(matters, into=GuidedRow)(guided_rows)


def _counting(matter: Matter, branches: tuple[Matter, ...]) -> list[tuple[Matter, Clock]]:
    """The clocks that count, each with the version of the matter that it is of; of one in both, the earlier."""
    counting = [(matter, clock) for clock in matter.clocks]
    for branch in branches:
        for clock in branch.clocks:
            if clock.runs:
                same = [n for n, (_, it) in enumerate(counting) if it.runs and it.code == clock.code]
                if not same:
                    counting.append((branch, clock))
                elif clock.due and clock.due < (counting[same[0]][1].due or clock.due + timedelta(1)):
                    counting[same[0]] = (branch, clock)
    return counting


def _level(matter: Matter, clock: Clock) -> str:
    """Whose lateness it is: the commune's, the province's, or a third party's."""
    if clock.binds == "third-party":
        return "third"
    unit = clock.unit if clock.met else matter.owes(clock)
    return "unit" if unit == matter.unit else "province"
