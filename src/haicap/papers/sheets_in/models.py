"""The tables that a room keeps of sheets: those taken in (a projection), what is being handed in, how columns read.

A room makes its own of these, with its indexes. `procedure` is the code of the sort of list everywhere.
"""

from django.db import models

from haicap.journal.models import Projection, Row
from haicap.papers.sheets_in.fold import Batch


class SheetRow(Projection):
    """A sheet that was taken in, as lists need it."""

    unit = models.TextField()
    province = models.TextField(null=True)
    person = models.UUIDField()
    at = models.DateTimeField()
    file = models.TextField()
    procedure = models.TextField()
    lines = models.IntegerField()
    taken = models.IntegerField()
    there = models.IntegerField()
    listed = models.IntegerField()
    passed = models.IntegerField()
    done = models.DateTimeField(null=True)
    undone = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def sheet_row(batch: Batch) -> Row:
    """Every column but those of `Projection`."""
    return {
        "unit": batch.unit,
        "province": batch.province,
        "person": batch.person,
        "at": batch.at,
        "file": batch.file,
        "procedure": batch.procedure,
        "lines": batch.lines,
        "taken": batch.count("taken"),
        "there": batch.count("there"),
        "listed": batch.count("listed"),
        "passed": batch.count("passed"),
        "done": batch.done,
        "undone": batch.undone,
    }


class Upload(models.Model):
    """A file that somebody handed in and has not taken in yet: a local row, sealed, gone when it is done with."""

    id = models.UUIDField(primary_key=True)  # the subject that the sheet will have
    person = models.UUIDField()
    name = models.TextField()
    sha256 = models.TextField()
    sealed = models.BinaryField()
    procedure = models.TextField()
    unit = models.TextField()
    plan = models.JSONField(default=dict)  # `plans.Plan`, as far as it has been said
    at = models.DateTimeField()

    class Meta:
        abstract = True


class KeptPlan(models.Model):
    """How the columns of a sheet with these heads were read the last time in this unit."""

    pk = models.CompositePrimaryKey("unit", "procedure", "heads")
    unit = models.TextField()
    procedure = models.TextField()
    heads = models.TextField()  # SHA-256 of the folded heads
    plan = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        abstract = True
