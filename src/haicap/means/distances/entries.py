"""What can be written down of distances. It goes into the channel `reference`: plans of all may rest on it."""

from haicap.journal.kinds import Body, kind


@kind("distance.stated", version=1, channel="reference")
class DistanceStated(Body):
    """The way from one unit to another, as it is really gone; counts back too, unless that is stated by itself."""

    province: str
    from_unit: str
    to_unit: str
    km: str  # a decimal
    source: str
    synthetic: bool = False


@kind("distance.withdrawn", version=1, channel="reference")
class DistanceWithdrawn(Body):
    """What was stated does not hold; the great circle counts again."""

    reason: str
