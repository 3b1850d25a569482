"""The indexes that a list of matters is read along: one for each order, for the usual one also of each unit's.

What somebody is to do (queues, news, today) is few among many: five more find it.

A migration has made them. Changed, they get other names and a migration of their own.
"""

from django.db.models import BooleanField, ExpressionWrapper, F, Index, Q

from haicap.units import lookups as lookups  # the comparison `not`

GOING = ExpressionWrapper(Q(ended=None), BooleanField()).desc()
DUE = (GOING, F("due").asc(), F("received").desc(), F("number"), F("id"))
LATEST = (GOING, F("due").desc(nulls_last=True), F("received").desc(), F("number"), F("id"))
SEEN = {"province", "unit", "holder", "raised_by", "ended", "status"}
"""What row-level security looks at, and open lists: with it a list is counted without a look at its rows."""


def _beside(column: str = "") -> list[str]:
    return sorted(SEEN - {column})


INDEXES = [
    Index(*DUE, name="matter_by_due", include=_beside()),
    Index(*LATEST, name="matter_by_latest", include=_beside()),
    Index(F("unit"), *DUE, name="matter_of_unit", include=_beside("unit")),
    Index(
        F("holder"), *DUE, name="matter_held", include=_beside("holder"),
        condition=Q(holder__not=F("unit")),
    ),
    Index(
        F("raised_by"), *DUE, name="matter_raised", include=_beside("raised_by"),
        condition=Q(raised_by__not=F("unit")),
    ),
    Index(fields=["number", "id"], name="matter_by_number"),
    *(
        Index(fields=[column, "number", "id"], name=f"matter_by_{column}")
        for column in ("title", "procedure", "status", "holder", "received")
    ),
    *(
        Index(fields=[column, "ended"], name=f"matter_open_{name}")
        for column, name in (("unit", "in_file"), ("holder", "at"), ("raised_by", "from"), ("assignee", "with"))
    ),
    Index(fields=["province", "received"], condition=Q(conflicts__gt=0), name="matter_in_conflict"),
]  # fmt: skip
