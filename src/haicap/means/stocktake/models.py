"""The table of stock-takes: an index over folded ones."""

from django.db import models
from django.db.models import Q

from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects
from haicap.means.stocktake.fold import Stocktake, stocktakes
from haicap.means.stocktake.lists import lists
from haicap.units.vietnamese import fold as folded_text


class StocktakeRow(Projection):
    """A stock-take with what it has come to so far."""

    unit = models.TextField()
    province = models.TextField(null=True)
    name = models.TextField()
    place = models.TextField()
    day = models.DateField()
    opened = models.DateTimeField()
    closed = models.DateField(null=True)
    dropped = models.BooleanField()
    expected = models.IntegerField()
    found = models.IntegerField()
    elsewhere = models.IntegerField()
    missing = models.IntegerField()
    unknown = models.IntegerField()
    disputed = models.IntegerField()
    words = models.TextField()
    conflicts = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-opened"], name="means_stocktake_of_unit"),
            models.Index(fields=["province", "-opened"], name="means_stocktake_in_prov"),
            models.Index(fields=["unit"], condition=Q(closed=None, dropped=False), name="means_stocktake_open"),
        ]  # fmt: skip


@projects(stocktakes, into=StocktakeRow)
def stocktake_row(its: Stocktake, folded: Folded[Stocktake]) -> Row:
    """Every column but those of `Projection`."""
    four = lists(its)
    return {
        "unit": its.unit, "province": its.province, "name": its.name, "place": its.place, "day": its.day,
        "opened": its.opened, "closed": its.closed.day if its.closed else None, "dropped": bool(its.dropped),
        "expected": len(its.expected), "found": len(four.found), "elsewhere": len(four.elsewhere),
        "missing": len(four.missing), "unknown": len(four.unknown), "disputed": len(four.disputes),
        "words": folded_text(f"{its.name} {its.place}"), "conflicts": len(folded.aside),
    }  # fmt: skip
