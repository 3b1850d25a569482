"""Tables of rounds: indexes over folded rounds and assessments, and what units owe in the list of all that is owed."""

from decimal import Decimal
from uuid import UUID

from django.db import models

from haicap.clocks.models import Owed
from haicap.clocks.wall import end_of
from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects, projects_also
from haicap.means.owing import ROOM
from haicap.means.rounds.entries import Said
from haicap.means.rounds.fold import Assessment, Round, assessments, rounds
from haicap.means.rounds.summing import short
from haicap.units.vietnamese import fold as folded_text

CODE = "assessment"  # under which the list of all that is owed knows it
CLOCK = "answer"


class RoundRow(Projection):
    """A round as lists need it; its province sees it, and each unit that it asks."""

    province = models.TextField(db_index=True)
    name = models.TextField()
    due = models.DateField()
    opened = models.DateTimeField()
    closed = models.DateTimeField(null=True)
    units = models.JSONField()  # the codes of those that it asks
    asked = models.IntegerField()
    words = models.TextField()


@projects(rounds, into=RoundRow)
def round_row(its: Round, folded: Folded[Round]) -> Row:
    return {
        "province": its.province,
        "name": its.name,
        "due": its.due,
        "opened": its.opened,
        "closed": its.closed.at if its.closed else None,
        "units": list(its.units),
        "asked": len(its.units),
        "words": folded_text(f"{its.name} {its.paper}"),
    }


class AssessmentRow(Projection):
    """What one unit owes and says in one round; counts of its newest answer."""

    round = models.UUIDField(db_index=True)
    unit = models.TextField(db_index=True)
    province = models.TextField()
    due = models.DateField()
    asked = models.DateTimeField()
    answered = models.DateTimeField(null=True)  # first
    corrected = models.DateTimeField(null=True)  # last, where more than once
    reminded = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    changed = models.IntegerField()  # kinds of which the unit says otherwise than the record
    difficulties = models.IntegerField()
    money = models.DecimalField(max_digits=20, decimal_places=0)
    conflicts = models.PositiveSmallIntegerField()


@projects(assessments, into=AssessmentRow)
def assessment_row(its: Assessment, folded: Folded[Assessment]) -> Row:
    now = its.now
    return {
        "round": its.round,
        "unit": its.unit,
        "province": its.province,
        "due": its.due,
        "asked": its.asked,
        "answered": its.answers[0].at if now else None,
        "corrected": now.at if now and len(its.answers) > 1 else None,
        "reminded": its.reminders[-1][0] if its.reminders else None,
        "ended": its.ended,
        "changed": sum(differs(line) for line in now.lines) if now else 0,
        "difficulties": len(now.difficulties) if now else 0,
        "money": sum((Decimal(line.money or 0) for line in now.lines), Decimal()) if now else Decimal(),
        "conflicts": len(folded.aside),
    }


def differs(line: Said) -> bool:
    """Whether the unit says otherwise than the record."""
    return (Decimal(line.said), Decimal(line.fit)) != (Decimal(line.record), Decimal(line.record_fit))


class SaidRow(models.Model):
    """What a unit says of a kind in a round, in its newest answer; `short` is missing against the norm."""

    pk = models.CompositePrimaryKey("subject", "place")
    subject = models.UUIDField()
    place = models.IntegerField()
    round = models.UUIDField(db_index=True)
    unit = models.TextField()
    province = models.TextField()
    sort = models.TextField()
    record = models.DecimalField(max_digits=14, decimal_places=2)
    record_fit = models.DecimalField(max_digits=14, decimal_places=2)
    should = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    said = models.DecimalField(max_digits=14, decimal_places=2)
    fit = models.DecimalField(max_digits=14, decimal_places=2)
    short = models.DecimalField(max_digits=14, decimal_places=2)
    money = models.DecimalField(max_digits=20, decimal_places=0, null=True)
    changed = models.BooleanField()
    note = models.TextField()


@projects_also(assessments, into=SaidRow)
def said(subject: UUID, folded: Folded[Assessment]) -> list[Row]:
    its = folded.state
    assert its is not None
    where = {"subject": subject, "round": its.round, "unit": its.unit, "province": its.province}
    return [where | {"place": place} | _said(it) for place, it in enumerate(its.now.lines if its.now else ())]


def _said(it: Said) -> Row:
    return {
        "sort": it.sort,
        "record": Decimal(it.record),
        "record_fit": Decimal(it.record_fit),
        "should": None if it.should is None else Decimal(it.should),
        "said": Decimal(it.said),
        "fit": Decimal(it.fit),
        "short": short(it),
        "money": None if it.money is None else Decimal(it.money),
        "changed": differs(it),
        "note": it.note,
    }


class NamedRow(models.Model):
    """A difficulty that a unit names in a round, in its place of priority from 1."""

    pk = models.CompositePrimaryKey("subject", "place")
    subject = models.UUIDField()
    place = models.IntegerField()
    round = models.UUIDField(db_index=True)
    unit = models.TextField()
    province = models.TextField()
    sort = models.TextField()
    text = models.TextField()
    count = models.TextField()
    money = models.DecimalField(max_digits=20, decimal_places=0, null=True)
    matter = models.UUIDField(db_index=True)
    number = models.TextField()
    fresh = models.BooleanField()


@projects_also(assessments, into=NamedRow)
def named(subject: UUID, folded: Folded[Assessment]) -> list[Row]:
    its = folded.state
    assert its is not None
    where = {"subject": subject, "round": its.round, "unit": its.unit, "province": its.province}
    return [
        where | {
            "place": place, "sort": it.sort, "text": it.text, "count": it.count, "matter": it.matter,
            "money": Decimal(it.money) if it.money else None, "number": it.number, "fresh": it.fresh,
        }
        for place, it in enumerate(its.now.difficulties if its.now else (), 1)
    ]  # fmt: skip


@projects_also(assessments, into=Owed)
def owed(subject: UUID, folded: Folded[Assessment]) -> list[Row]:
    """The answer, in the one table of all that is owed; once the round is closed without one it is late for good."""
    its = folded.state
    assert its is not None
    row: Row = {
        "subject": subject,
        "place": 0,
        "room": ROOM,
        "number": its.number or its.unit,
        "title": its.name,
        "procedure": CODE,
        "clock": CLOCK,
        "level": "province" if "-" in its.unit else "unit",
        "unit": its.unit,
        "file": its.unit,
        "holder": its.unit,
        "raised_by": its.province,
        "province": its.province,
        "since": its.asked,
        "due": end_of(its.due),
        "met": its.answers[0].at if its.answers else its.ended,
    }
    return [row]
