"""The indexes that a list of matters is read along: one for each order, for the usual one also of each unit's.

A migration has made them. Changed, they get other names and a migration of their own.
"""

from django.db.models import BooleanField, ExpressionWrapper, F, Index, Q

from haicap.units import lookups as lookups  # the comparison `not`

GOING = ExpressionWrapper(Q(ended=None), BooleanField()).desc()
DUE = (GOING, F("due").asc(), F("received").desc(), F("number"), F("id"))
LATEST = (GOING, F("due").desc(nulls_last=True), F("received").desc(), F("number"), F("id"))
RIGHTS = [
    "province",
    "unit",
    "holder",
    "raised_by",
    "ended",
]  # what row-level security looks at, and open lists

INDEXES = [
    Index(*DUE, name="matter_by_due", include=RIGHTS),
    Index(*LATEST, name="matter_by_latest", include=RIGHTS),
    Index(F("unit"), *DUE, name="matter_of_unit", include=["province", "holder", "raised_by", "ended"]),
    Index(
        F("holder"), *DUE, name="matter_held", include=["province", "unit", "raised_by", "ended"],
        condition=Q(holder__not=F("unit")),
    ),
    Index(
        F("raised_by"), *DUE, name="matter_raised", include=["province", "unit", "holder", "ended"],
        condition=Q(raised_by__not=F("unit")),
    ),
    Index(fields=["number", "id"], name="matter_by_number"),
    *(
        Index(fields=[column, "number", "id"], name=f"matter_by_{column}")
        for column in ("title", "procedure", "status", "holder", "received")
    ),
]  # fmt: skip
