"""Tables of staff: indexes over folded establishments and officers' files. Who holds a post is `units.Bearer`."""

from uuid import UUID

from django.db import models

from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects, projects_also
from haicap.means.staff.fold import Establishment, Record, establishments, records


class EstablishmentRow(Projection):
    """The establishment of a unit; its editions are in the state."""

    unit = models.TextField(db_index=True)
    province = models.TextField(null=True)


@projects(establishments, into=EstablishmentRow)
def establishment_row(its: Establishment, folded: Folded[Establishment]) -> Row:
    return {"unit": its.unit, "province": its.province}


class EstablishedRow(models.Model):
    """How many of a kind a unit is to have, in the half-open period."""

    pk = models.CompositePrimaryKey("subject", "place")
    subject = models.UUIDField()
    place = models.IntegerField()
    unit = models.TextField(db_index=True)
    province = models.TextField(null=True)
    kind = models.TextField()
    count = models.IntegerField()
    since = models.DateField()
    until = models.DateField(null=True)


@projects_also(establishments, into=EstablishedRow)
def established(subject: UUID, folded: Folded[Establishment]) -> list[Row]:
    its = folded.state
    assert its is not None
    rows = [
        {"kind": kind, "count": count, "since": edition.since, "until": until}
        for edition, until in its.periods
        for kind, count in sorted(edition.counts.items())
    ]
    where = {"subject": subject, "unit": its.unit, "province": its.province}
    return [where | {"place": place} | row for place, row in enumerate(rows)]


class RecordRow(Projection):
    """An officer's file. Besides where it lies it is seen wherever the officer holds a post or is seconded to."""

    person = models.UUIDField(db_index=True)
    unit = models.TextField(db_index=True)
    file = models.TextField()
    province = models.TextField(null=True)


@projects(records, into=RecordRow)
def record_row(its: Record, folded: Folded[Record]) -> Row:
    return {"person": its.person} | _seen_at(its)


def _seen_at(its: Record) -> Row:
    return {"unit": its.unit, "file": its.file, "province": its.province}


class QualifiedRow(models.Model):
    """A qualification of an officer, in the half-open period; `withdrawn` where it ended before its time."""

    pk = models.CompositePrimaryKey("subject", "place")
    subject = models.UUIDField()
    place = models.IntegerField()
    person = models.UUIDField(db_index=True)
    unit = models.TextField()
    file = models.TextField()
    province = models.TextField(null=True)
    sort = models.TextField()
    grade = models.TextField()
    since = models.DateField()
    until = models.DateField(null=True)
    withdrawn = models.BooleanField()


@projects_also(records, into=QualifiedRow)
def qualified(subject: UUID, folded: Folded[Record]) -> list[Row]:
    its = folded.state
    assert its is not None
    where = {"subject": subject, "person": its.person} | _seen_at(its)
    return [
        where | {
            "place": place, "sort": it.sort, "grade": it.grade, "since": it.since, "until": it.ends,
            "withdrawn": it.withdrawn is not None,
        }
        for place, it in enumerate(its.qualifications)
    ]  # fmt: skip


class SecondedRow(models.Model):
    """A secondment from `unit` to `to_unit`, in the half-open period; `changed` where its end was moved."""

    pk = models.CompositePrimaryKey("subject", "place")
    subject = models.UUIDField()
    place = models.IntegerField()
    entry = models.UUIDField()
    person = models.UUIDField(db_index=True)
    unit = models.TextField()
    to_unit = models.TextField(db_index=True)
    file = models.TextField()
    province = models.TextField(null=True)
    since = models.DateField()
    until = models.DateField()
    ground = models.TextField()
    paper = models.TextField()
    changed = models.BooleanField()


@projects_also(records, into=SecondedRow)
def seconded(subject: UUID, folded: Folded[Record]) -> list[Row]:
    its = folded.state
    assert its is not None
    where = {"subject": subject, "person": its.person, "file": its.file, "province": its.province}
    return [
        where | {
            "place": place, "entry": it.id, "unit": it.unit, "to_unit": it.to, "since": it.since, "until": it.until,
            "ground": it.ground, "paper": it.paper, "changed": bool(it.changes),
        }
        for place, it in enumerate(its.secondments)
    ]  # fmt: skip
