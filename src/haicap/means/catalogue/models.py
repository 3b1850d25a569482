"""The table of the catalogue: an index over folded kinds; everybody signed in may read it."""

from django.db import models

from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects
from haicap.means.catalogue.fold import Kind, kinds
from haicap.units.vietnamese import fold as folded_text
from haicap.units.vietnamese import sort_key


class KindRow(Projection):
    """A kind of means as lists need it."""

    code = models.TextField(db_index=True)
    family = models.TextField()
    name = models.TextField()
    name_en = models.TextField()
    dropped = models.DateField(null=True)
    words = models.TextField()
    order = models.TextField()


@projects(kinds, into=KindRow)
def kind_row(kind: Kind, folded: Folded[Kind]) -> Row:
    """Every column but those of `Projection`."""
    return {
        "code": kind.code,
        "family": kind.family,
        "name": kind.vi,
        "name_en": kind.en,
        "dropped": kind.dropped,
        "words": f"{folded_text(kind.vi)} {folded_text(kind.en)} {kind.code}",
        "order": sort_key(kind.vi),
    }
