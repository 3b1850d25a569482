"""The first person of the day says whether the machine's date is right, before anything is recorded.

A wrong clock harms the record of nobody but its own node (`at` is a claim), but papers and time limits show it: so on
a node with a parent somebody looks once a day, unless the parent's clock has just been compared with this one.
"""

from datetime import datetime, timedelta
from uuid import UUID

from haicap.nodes.header import Line
from haicap.nodes.line.models import DaySaid
from haicap.units.sign_in import PEOPLE

FIELD = "day_is_right"  # of the form that goes on with what was being sent


def said(at: datetime, *, using: str = "default") -> DaySaid | None:
    """What was said last of the day that it is in Vietnam at `at` (aware); None before anybody did. One query."""
    day = at.astimezone(PEOPLE).date()
    return DaySaid.objects.using(using).filter(day=day).order_by("id").last()


def say(person: UUID, at: datetime, *, right: bool, using: str = "default") -> None:
    """Keep who found the date and time `at` (aware, this machine's clock) right or wrong."""
    day = at.astimezone(PEOPLE).date()
    DaySaid(day=day, person=person, at=at, right=right).save(using=using)


def open_question(line: Line | None, at: datetime) -> bool:
    """Whether nothing may be recorded before somebody confirms the date. No query on a node without a parent."""
    if line is None or line.clock_is_known(at):
        return False
    its = said(at)
    if its is None or not its.right:
        return True
    return at < its.at - timedelta(minutes=1)  # the clock was set back since


def value(at: datetime) -> str:
    """What the confirming button sends: the day it was shown with, so that an old page confirms nothing."""
    return at.astimezone(PEOPLE).date().isoformat()
