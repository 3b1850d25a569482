"""The table of directives: what was issued, to whom; how it stands is asked of the tasks."""

from django.db import models

from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects
from haicap.matters.directing.fold import Directive, directives
from haicap.units.vietnamese import fold as folded_text


class DirectiveRow(Projection):
    """A directive as lists need it; seen by its issuer, by its province, and by those it goes to."""

    number = models.TextField()
    title = models.TextField()
    sort = models.TextField()
    issued = models.DateField()
    due = models.DateField()  # of the clause that is due last
    issuer = models.TextField()
    province = models.TextField(null=True)
    visited = models.TextField(null=True, db_index=True)
    units = models.JSONField()  # codes of the units that it goes to
    clauses = models.PositiveSmallIntegerField()
    words = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["-issued"], name="directive_newest")]


@projects(directives, into=DirectiveRow)
def directive_row(directive: Directive, folded: Folded[Directive]) -> Row:
    """Every column but those of `Projection`."""
    return {
        "number": directive.number,
        "title": directive.title,
        "sort": directive.sort,
        "issued": directive.issued,
        "due": max(clause.due for clause in directive.clauses),
        "issuer": directive.issuer,
        "province": directive.province,
        "visited": directive.visited,
        "units": list(directive.units),
        "clauses": len(directive.clauses),
        "words": folded_text(" ".join((directive.number, directive.title, directive.signer))),
    }
