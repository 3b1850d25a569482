"""What somebody is about to do to many matters, and what came of it: local rows, no entries."""

from datetime import timedelta
from uuid import UUID

from django.db import models

MOST = 500  # matters at once
KEPT = timedelta(days=30)
DONE, NOT_NOW, REFUSED, WOULD = "done", "not-now", "refused", "would"


class Bulk(models.Model):
    """One act on many matters, known by the id that its entries' ids are made from."""

    id = models.UUIDField(primary_key=True)
    person = models.UUIDField()
    act = models.TextField(default="")  # the code of an act, or `step`; empty while it is being chosen
    sealed = models.BinaryField(null=True)  # what the act was told, as drafts are sealed
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    undoes = models.UUIDField(null=True)  # the bulk whose acts this one takes back

    class Meta:
        indexes = [models.Index(fields=["person", "-asked_at"], name="matters_bulk_of_person")]


class BulkLine(models.Model):
    """One matter of it: what was there before, where that can be brought back, and what came of it."""

    bulk = models.UUIDField()
    place = models.IntegerField()
    subject = models.UUIDField()
    before = models.TextField(default="")
    verdict = models.TextField(default="")  # empty while nothing was tried
    why = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulk", "place"], name="matters_bulk_line")]


def entry_of(bulk: UUID, place: int) -> UUID:
    """The id of one matter's entry, the same whenever it is sent; a step's further entries differ in the last byte."""
    return UUID(int=bulk.int ^ ((place + 1) << 8))
