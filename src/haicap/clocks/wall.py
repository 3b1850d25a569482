"""The clock on the wall in Vietnam: what people read there, and the instants it stands for."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Unreckonable(ValueError):
    """A question without an answer: a naive instant, a pause of no length, no end to go back from."""


def local(at: datetime) -> datetime:
    """The naive time of the clock on the wall in Vietnam. Raises `Unreckonable` where `at` is naive."""
    if at.tzinfo is None:
        raise Unreckonable(f"an instant without a time zone: {at.isoformat()}")
    return at.astimezone(VIETNAM).replace(tzinfo=None)


def instant(wall: datetime) -> datetime:
    """The aware UTC instant of a naive time on the wall in Vietnam."""
    return wall.replace(tzinfo=VIETNAM).astimezone(UTC)
