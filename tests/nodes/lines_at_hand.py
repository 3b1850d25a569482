"""A node with a parent, as local rows have it: what tests of the line and the clock begin with."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from haicap.journal.ids import uuid7
from haicap.nodes import header
from haicap.nodes.line.models import LineNow
from haicap.nodes.models import Contact, Peer

PARENT = UUID(int=31)


def now() -> datetime:
    return datetime.now(UTC)


def parent(*, name: str = "Công an thành phố Hải Phòng") -> UUID:
    """This node has a parent, with which it has not been in contact yet."""
    Peer.objects.create(
        id=PARENT, url="https://tinh.example", name=name, public_key="", recipient="", member=uuid7(), unit="11311",
        province="31", since=now(),
    )  # fmt: skip
    header.forget()
    return PARENT


def contact(
    *,
    good: datetime | None,
    bad: datetime | None = None,
    skew: float | None = 0.0,
    tried: datetime | None = None,
) -> None:
    """The newest contacts with it."""
    Contact.objects.update_or_create(
        node=PARENT, defaults={"last": good, "tried": tried or now(), "skew": skew}
    )
    LineNow(id=1, tried=tried or now(), good=good, bad=bad, seen="timeout" if bad else "").save()
    header.forget()


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
