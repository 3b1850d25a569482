"""The clock on the wall in Vietnam: what people read there, and the instants it stands for."""

from datetime import UTC, date, datetime, time, timedelta
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


def day_of(at: datetime) -> date:
    """The day that it is in Vietnam at an aware instant. Raises `Unreckonable` where `at` is naive."""
    return local(at).date()


def start_of(day: date) -> datetime:
    """The aware UTC instant at which a day begins in Vietnam."""
    return instant(datetime.combine(day, time()))


def end_of(day: date) -> datetime:
    """The aware UTC instant at which a day ends in Vietnam: the midnight that the next one begins with."""
    return start_of(day + timedelta(days=1))


def read_day(text: str) -> date | None:
    """The day that an address or a field names (`2026-11-22`); None for any other text.

    The first and the last year that there are name none: a day before or after them could not be reckoned with.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date.min.year < day.year < date.max.year else None
