"""The table of data lines: an index over folded circuits."""

from decimal import Decimal

from django.db import models

from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects
from haicap.means.lines.fold import Circuit, circuits
from haicap.units.vietnamese import fold as folded_text
from haicap.units.vietnamese import sort_key

HUNDREDTH = Decimal("0.01")


class CircuitRow(Projection):
    """A line as lists need it; rates in Mbit/s, shares in percent of what is contracted."""

    unit = models.TextField()
    province = models.TextField(null=True)
    kind = models.TextField()
    provider = models.TextField()
    order = models.TextField()  # of the provider's name
    number = models.TextField()
    words = models.TextField()  # folded for search
    down = models.DecimalField(max_digits=10, decimal_places=2)
    up = models.DecimalField(max_digits=10, decimal_places=2)
    since = models.DateField()  # of the first terms
    until = models.DateField(null=True)  # the last day of the newest terms
    ended = models.DateField(null=True)
    mistake = models.BooleanField()
    batch = models.UUIDField(null=True)  # the list of a former unit with which it came
    cost = models.DecimalField(max_digits=14, decimal_places=0, null=True)
    share = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    worst = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    measures = models.PositiveIntegerField()
    measured = models.DateTimeField(null=True)
    available = models.DecimalField(
        max_digits=5, decimal_places=2, null=True
    )  # percent, as its node watched it
    outages = models.PositiveIntegerField(default=0)  # in the same 30 days
    down_minutes = models.PositiveIntegerField(default=0)
    watched = models.DateTimeField(null=True)
    conflicts = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["unit"], name="means_circuit_of_unit"),
            models.Index(fields=["province", "order"], name="means_circuit_in_province"),
            models.Index(fields=["number"], name="means_circuit_number"),
            models.Index(fields=["batch"], condition=~models.Q(batch=None), name="means_circuit_of_batch"),
        ]


@projects(circuits, into=CircuitRow)
def circuit_row(circuit: Circuit, folded: Folded[Circuit]) -> Row:
    """Every column but those of `Projection`."""
    now, quality, service = circuit.now, circuit.quality, circuit.service
    return {
        "unit": circuit.unit,
        "province": circuit.province,
        "kind": now.sort,
        "provider": now.provider,
        "order": sort_key(now.provider),
        "number": now.number,
        "words": folded_text(f"{now.provider} {now.number} {now.paper}"),
        "down": Decimal(now.down),
        "up": Decimal(now.up),
        "since": circuit.terms[0].since,
        "until": now.until,
        "ended": circuit.ended.since if circuit.ended else None,
        "mistake": circuit.ended is not None and circuit.ended.why == "mistake",
        "batch": circuit.batch,
        "cost": Decimal(now.cost) if now.cost else None,
        "share": quality.share.quantize(HUNDREDTH) if quality else None,
        "worst": quality.worst.quantize(HUNDREDTH) if quality else None,
        "measures": quality.count if quality else 0,
        "measured": quality.last if quality else None,
        "available": service.available if service else None,
        "outages": service.outages if service else 0,
        "down_minutes": int(service.down.total_seconds() // 60) if service else 0,
        "watched": service.until if service else None,
        "conflicts": len(folded.aside),
    }
