"""Tables of this room: indexes over folded units, posts and people."""

from uuid import UUID

from django.db import models

from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects, projects_also
from haicap.units.filters import SavedFilter as SavedFilter  # a local table; its questions stand beside it
from haicap.units.fold import Delegation, Officer, Post, Tenure, Unit, officers, posts, units
from haicap.units.vietnamese import fold as folded_text
from haicap.units.vietnamese import sort_key


class UnitRow(Projection):
    """A unit as it is today."""

    code = models.TextField(db_index=True)
    name = models.TextField()
    name_en = models.TextField()
    level = models.TextField()
    sort = models.TextField()
    parent = models.TextField(null=True, db_index=True)
    province = models.TextField(null=True, db_index=True)
    remote = models.BooleanField()
    resolved = models.BooleanField()
    opened = models.DateField()
    closed = models.DateField(null=True)
    successor = models.TextField(null=True, db_index=True)  # the one that goes on with its work
    words = models.TextField()
    order = models.TextField()

    class Meta:
        ordering = ["order"]


@projects(units, into=UnitRow)
def unit_row(unit: Unit, folded: Folded[Unit]) -> Row:
    return {
        "code": unit.code,
        "name": unit.name.vi,
        "name_en": unit.name.en,
        "level": unit.level,
        "sort": unit.sort,
        "parent": unit.parent,
        "province": unit.province,
        "remote": unit.remote,
        "resolved": unit.resolved,
        "opened": unit.opened,
        "closed": unit.closed,
        "successor": unit.successors[0] if len(unit.successors) == 1 else None,
        "words": " ".join(folded_text(name.vi) for name in unit.names) + f" {unit.code.lower()}",
        "order": sort_key(unit.name.vi),
    }


class PostRow(Projection):
    """A post; its grants and delegations are in the state."""

    unit = models.TextField(db_index=True)
    role = models.TextField()
    name = models.TextField()


@projects(posts, into=PostRow)
def post_row(post: Post, folded: Folded[Post]) -> Row:
    return {"unit": post.unit, "role": post.role, "name": post.vi}


class Bearer(models.Model):
    """Who holds a post, or which post stands in for its holder; with the post's unit, and no longer than it is open."""

    pk = models.CompositePrimaryKey("subject", "place")
    subject = models.UUIDField()
    place = models.IntegerField()
    unit = models.TextField(db_index=True)
    province = models.TextField(null=True)
    person = models.UUIDField(null=True, db_index=True)
    stand_in = models.UUIDField(null=True, db_index=True)
    since = models.DateField()
    until = models.DateField(null=True)


@projects_also(posts, into=Bearer)
def bearers(subject: UUID, folded: Folded[Post]) -> list[Row]:
    post = folded.state
    assert post is not None
    rows: list[Row] = [{"person": it.person, "stand_in": None} | _period(post, it) for it in post.tenures]
    rows += [{"person": None, "stand_in": it.to} | _period(post, it) for it in post.delegations]
    where = {"subject": subject, "unit": post.unit, "province": post.province}
    return [where | {"place": place} | row for place, row in enumerate(rows)]


def _period(post: Post, it: Tenure | Delegation) -> Row:
    ends = [day for day in (it.until, post.closed) if day]
    return {"since": it.since, "until": min(ends, default=None)}


class OfficerRow(Projection):
    """Somebody of the service; `account` is the sign-in name."""

    name = models.TextField()
    account = models.TextField(db_index=True)


@projects(officers, into=OfficerRow)
def officer_row(officer: Officer, folded: Folded[Officer]) -> Row:
    return {"name": officer.name, "account": officer.account}
