"""The table of what was asked of other authorities, made from the matters in which they were asked."""

from decimal import Decimal
from uuid import UUID

from django.db import models

from haicap.journal.fold import Folded
from haicap.journal.models import Row
from haicap.matters.authorities.names import key
from haicap.matters.entries import Facts
from haicap.matters.state import Matter, Request

OWN = "authority-request"  # the procedure of what is asked of an authority itself
KINDS = ("advice", "funds", "land", "other")
CAME = {
    "granted": "granted", "accepted": "granted", "partly": "partly", "refused": "refused", "declined": "refused",
}  # fmt: skip
ANSWERING = ("authority-answered", "answer")  # steps that tell what the authority said


class AskedRow(models.Model):
    """One request to an authority. `came`: granted, partly, refused, answered, dropped; null while none came.

    An answer without an outcome is judged by the sums. `dropped`: no longer asked for, without an answer.
    """

    pk = models.CompositePrimaryKey("subject", "place")
    subject = models.UUIDField()
    place = models.IntegerField()
    key = models.TextField()
    authority = models.TextField()  # as it was written
    kind = models.TextField()  # advice | funds | land | other
    procedure = models.TextField()
    number = models.TextField()
    title = models.TextField()
    paper = models.TextField()
    sum = models.DecimalField(max_digits=20, decimal_places=2, null=True)  # VND
    land = models.DecimalField(max_digits=20, decimal_places=2, null=True)  # square metres
    asked = models.DateTimeField()
    due = models.DateTimeField(null=True)
    met = models.DateTimeField(null=True)  # when it was answered or dropped
    came = models.TextField(null=True)
    sum_granted = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    land_granted = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    answer_paper = models.TextField()
    said = models.TextField()
    unit = models.TextField()
    holder = models.TextField(null=True)
    raised_by = models.TextField()
    province = models.TextField(null=True)

    class Meta:
        indexes = [models.Index(fields=["province", "key"], name="asked_of_authority")]


def asked_rows(subject: UUID, folded: Folded[Matter]) -> list[Row]:
    """A row for each time that the matter asked an authority for something."""
    matter = folded.state
    assert matter is not None
    return [_row(subject, place, matter, it) for place, it in enumerate(matter.requests)]


def _row(subject: UUID, place: int, matter: Matter, it: Request) -> Row:
    authority, amount = str(it.facts["authority"]), _number(it.facts, "sum", "money")
    land = _number(it.facts, "land")
    granted = _number(it.said, "sum_granted")
    return {
        "subject": subject,
        "place": place,
        "key": key(authority),
        "authority": authority,
        "kind": _kind(matter, amount, land),
        "procedure": matter.procedure,
        "number": matter.number,
        "title": matter.title,
        "paper": str(it.facts.get("paper") or ""),
        "sum": amount,
        "land": land,
        "asked": it.at,
        "due": it.due,
        "met": it.met,
        "came": _came(it, amount, granted),
        "sum_granted": granted,
        "land_granted": _number(it.said, "land_granted"),
        "answer_paper": str(it.said.get("answer_paper") or ""),
        "said": str(it.said.get("authority_said") or it.said.get("measure") or it.said.get("reason") or ""),
        "unit": matter.unit,
        "holder": matter.holder,
        "raised_by": matter.raised_by,
        "province": matter.province,
    }


def _kind(matter: Matter, amount: Decimal | None, land: Decimal | None) -> str:
    if matter.procedure == OWN and (said := str(matter.facts.get("kind"))) in KINDS:
        return said
    if land is not None or matter.facts.get("kind") == "land":
        return "land"
    return "funds" if amount is not None else "other"


def _came(it: Request, asked: Decimal | None, granted: Decimal | None) -> str | None:
    if it.met is None:
        return None
    if it.step not in ANSWERING:
        return "dropped"
    if it.outcome in CAME:
        return CAME[it.outcome]
    if granted is None:
        return "answered"
    if granted == 0:
        return "refused"
    return "partly" if asked is not None and granted < asked else "granted"


def _number(facts: Facts, *names: str) -> Decimal | None:
    said = next((facts[name] for name in names if facts.get(name) not in (None, "")), None)
    return None if said is None else Decimal(str(said))
