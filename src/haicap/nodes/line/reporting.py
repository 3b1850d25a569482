"""What was measured goes to the rooms that make something of it: the register of data lines, difficulties.

This room knows none of them: each puts a function of its own into `MEASURED` when it is made ready.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from haicap.nodes.line.models import LineReport
from haicap.nodes.queries import works_here

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """An outage, or a day that is over, of the line of `unit` to the parent, as `node` measured it.

    `seen` says how contacts failed (a reason of `wire.Down`), for an outage. For a day: `seconds` watched, requests and
    how many failed, delay in ms, and bytes a second of the quickest bigger transfers (a lower bound of what the line
    can do; None where none was big enough). `at` is now; all times are aware.
    """

    id: UUID
    node: UUID
    unit: str
    sort: Literal["outage", "day"]
    began: datetime
    ended: datetime
    at: datetime
    seen: str = ""
    seconds: int = 0
    asks: int = 0
    failed: int = 0
    delay: int | None = None
    down: int | None = None
    up: int | None = None


MEASURED: dict[str, Callable[[Report], bool]] = {}
"""By the name of the part that wants reports: takes one and says whether it is done with it. One that is not (no line
is registered yet) is offered again; sent twice it must change nothing."""

BODY = ("seen", "seconds", "asks", "failed", "delay", "down", "up")


def deliver(node: UUID, unit: str, at: datetime, *, using: str = "worker") -> None:
    """Offer every report to each part that does not have it yet, oldest first.

    None while the unit works on another node (this one was closed, or revoked): what it wrote nobody would take.
    """
    if not works_here(unit, using):
        return
    for row in waiting(using=using):
        its = report(row, node, unit, at)
        done = [name for name, take in MEASURED.items() if name not in row.told and _taken(name, take, its)]
        if done:
            LineReport.objects.using(using).filter(pk=row.pk).update(told=[*row.told, *done])


def waiting(*, using: str = "default") -> list[LineReport]:
    """The reports that some part does not have yet, oldest first. One query."""
    rows = LineReport.objects.using(using).order_by("began")
    return [row for row in rows if not set(MEASURED) <= set(row.told)]


def report(row: LineReport, node: UUID, unit: str, at: datetime) -> Report:
    """A row as the parts above have it."""
    body = {name: row.body[name] for name in BODY if name in row.body}
    sort: Literal["outage", "day"] = "outage" if row.sort == "outage" else "day"
    return Report(row.pk, node, unit, sort, row.began, row.ended, at, **body)


def _taken(name: str, take: Callable[[Report], bool], its: Report) -> bool:
    try:
        return take(its)
    except Exception:  # one part at fault keeps no other from its reports; it is offered this one again
        log.exception("%s could not take a report of the line", name)
        return False
