"""What the authority writes down when a matter goes over to a unit with a node of its own, and back to the giver."""

from datetime import datetime
from uuid import UUID

from haicap.journal.carrying import Carrying
from haicap.journal.kinds import Body, kind


class Named(Body):
    """A file that came with the matter: the blob, and its small picture where there is one."""

    blob: str
    picture: str = ""


@kind("matter.arrived", version=1)
class Arrived(Carrying):
    """From here on the matter lies in this unit's file; what was written of it before, with proof of where it stood."""

    giver: str
    files: tuple[Named, ...] = ()


@kind("matter.outcome_told", version=1, free=True)
class OutcomeTold(Body):
    """What came of a matter that was handed over, told in the giver's file; `of` is the entry that ended it."""

    unit: str
    now: str
    outcome: str | None
    ended: datetime
    of: UUID
