"""The table of distances: an index over folded ones; everybody signed in may read it."""

from django.db import models

from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects
from haicap.means.distances.fold import Distance, distances


class DistanceRow(Projection):
    """The way from one unit to another as lists need it."""

    province = models.TextField()
    from_unit = models.TextField()
    to_unit = models.TextField()
    km = models.DecimalField(max_digits=9, decimal_places=2)
    source = models.TextField()
    stands = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["province", "from_unit"], name="means_distance_in_province")]


@projects(distances, into=DistanceRow)
def distance_row(distance: Distance, folded: Folded[Distance]) -> Row:
    """Every column but those of `Projection`."""
    return {
        "province": distance.province,
        "from_unit": distance.from_unit,
        "to_unit": distance.to_unit,
        "km": distance.km,
        "source": distance.source,
        "stands": distance.stands,
    }
