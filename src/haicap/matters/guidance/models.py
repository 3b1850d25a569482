"""Tables of guidance: an index over published guidance, and which matters it has to do with."""

from uuid import UUID

from django.db import models

from haicap.clocks.wall import day_of
from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects
from haicap.matters.guidance.fold import Guidance, guidances
from haicap.matters.state import Matter
from haicap.units.vietnamese import fold as folded_text
from haicap.units.vietnamese import sort_key


class GuidanceRow(Projection):
    """A guidance as lists and searches need it; everybody signed in may read it."""

    title = models.TextField()  # the question
    answer = models.TextField()
    topics = models.JSONField()
    procedures = models.JSONField()
    law = models.TextField()
    paper = models.TextField()
    issuer = models.TextField()
    province = models.TextField(null=True)
    version = models.PositiveSmallIntegerField()
    published = models.DateField()  # the first day of the first version
    since = models.DateField()
    until = models.DateField(null=True)
    withdrawn = models.BooleanField()
    words = models.TextField()  # folded for search, in Python
    order = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["-published"], name="guidance_newest")]


@projects(guidances, into=GuidanceRow)
def guidance_row(guidance: Guidance, folded: Folded[Guidance]) -> Row:
    """Every column but those of `Projection`."""
    now = guidance.now
    law = "; ".join(now.law)
    return {
        "title": now.question,
        "answer": now.answer,
        "topics": list(now.topics),
        "procedures": list(now.procedures),
        "law": law,
        "paper": now.paper,
        "issuer": now.issuer,
        "province": guidance.province,
        "version": len(guidance.versions),
        "published": guidance.since,
        "since": now.since,
        "until": guidance.until,
        "withdrawn": guidance.withdrawn is not None,
        "words": folded_text(" ".join((now.question, now.answer, law, now.paper))),
        "order": sort_key(now.question),
    }


class GuidedRow(models.Model):
    """A guidance that has to do with a matter; `again`: the matter came in when it was in force already."""

    pk = models.CompositePrimaryKey("subject", "place")
    subject = models.UUIDField()
    place = models.IntegerField()
    guidance = models.UUIDField(db_index=True)
    how = models.TextField()
    again = models.BooleanField()
    unit = models.TextField()
    holder = models.TextField(null=True)
    raised_by = models.TextField()
    province = models.TextField(null=True)


def guided_rows(subject: UUID, folded: Folded[Matter]) -> list[Row]:
    """The guidance that a matter has to do with. One that it came from is not one that was asked for again."""
    matter = folded.state
    assert matter is not None
    came = day_of(matter.received)
    return [
        {
            "subject": subject,
            "place": place,
            "guidance": it.guidance,
            "how": it.how,
            "again": it.how != "source" and came >= it.since,
            "unit": matter.unit,
            "holder": matter.holder,
            "raised_by": matter.raised_by,
            "province": matter.province,
        }
        for place, it in enumerate(matter.guided)
    ]
