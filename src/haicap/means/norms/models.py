"""Tables of norms and of facts of units; everybody signed in may read them."""

from django.db import models

from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects
from haicap.means.norms.fold import Facts, Norm, facts, norms
from haicap.units.vietnamese import fold as folded_text
from haicap.units.vietnamese import sort_key


class NormRow(Projection):
    """A norm as lists need it: its newest version."""

    code = models.TextField(db_index=True)
    means = models.TextField()
    name = models.TextField()
    name_en = models.TextField()
    province = models.TextField(null=True)
    issuer = models.TextField()
    mark = models.TextField()
    version = models.PositiveSmallIntegerField()
    since = models.DateField()
    until = models.DateField(null=True)
    withdrawn = models.BooleanField()
    words = models.TextField()
    order = models.TextField()


@projects(norms, into=NormRow)
def norm_row(norm: Norm, folded: Folded[Norm]) -> Row:
    """Every column but those of `Projection`."""
    now = norm.now
    return {
        "code": norm.code,
        "means": now.means,
        "name": now.vi,
        "name_en": now.en,
        "province": norm.province,
        "issuer": now.issuer,
        "mark": now.mark,
        "version": len(norm.versions),
        "since": now.since,
        "until": norm.until,
        "withdrawn": norm.withdrawn is not None,
        "words": folded_text(f"{now.vi} {now.en} {now.rule}") + f" {norm.code}",
        "order": sort_key(now.vi),
    }


class FactRow(Projection):
    """What was stated of one unit; `state` has the figures."""

    unit = models.TextField(db_index=True)


@projects(facts, into=FactRow)
def fact_row(its: Facts, folded: Folded[Facts]) -> Row:
    """Every column but those of `Projection`."""
    return {"unit": its.unit}
