"""The register fills itself in: what a unit's own node measured of its line to the parent, and why it was down."""

from datetime import datetime
from uuid import UUID, uuid5

from haicap.clocks.wall import day_of
from haicap.journal.kinds import Body
from haicap.journal.pen import Pen, writing
from haicap.means.lines import entries as e
from haicap.means.lines.actions import WRITE, found
from haicap.means.lines.fold import Circuit, circuits
from haicap.means.lines.models import CircuitRow
from haicap.means.lines.queries import running
from haicap.nodes.line.reporting import Report
from haicap.units.acting import NotSo, granted

MAIN = "internal-line"  # the kind of line that goes to the province; an internet line stands in where there is none


class Machine:
    """The node, as the author of what it measured by itself."""

    def __init__(self, node: UUID) -> None:
        self.id = node


def take(report: Report) -> bool:
    """Write a report of the node into the file of its line; False while the unit has registered none.

    Twice the same is once: the entry's id is made of the report's.
    """
    subject = line_of(report.unit, report.began)
    if subject is None:
        return False
    machine = Machine(report.node)
    with writing(machine, at=report.at, subjects=[subject], units=[report.unit], using="worker") as pen:
        entry_id = uuid5(report.id, "circuit")
        if not pen.wrote(entry_id):
            pen.write(circuits, entry_id, subject, body(report), unit=report.unit, grant=None)
    return True


def line_of(unit: str, at: datetime, *, using: str = "worker") -> UUID | None:
    """The line of a unit over which its node calls: its only one, else its main one; None where there is none.

    Main is an internal line before any other, the fastest first.
    """
    rows = CircuitRow.objects.using(using).filter(running(day_of(at)), unit=unit)
    its = sorted(rows, key=lambda row: (row.kind != MAIN, -row.down, row.pk))
    return its[0].pk if its else None


def body(report: Report) -> Body:
    """What is written down of a report."""
    if report.sort == "outage":
        return e.CircuitInterrupted(began=report.began, ended=report.ended, seen=report.seen)
    return e.CircuitWatched(
        since=report.began, until=report.ended, seconds=report.seconds, asks=report.asks, failed=report.failed,
        delay=report.delay, down=megabits(report.down), up=megabits(report.up),
    )  # fmt: skip


def megabits(rate: int | None) -> str | None:
    """Bytes a second as Mbit/s."""
    return None if rate is None else f"{rate * 8 / 1e6:.2f}"


def explain(
    pen: Pen, *, entry_id: UUID, subject: UUID, began: datetime, cause: e.Cause, note: str = ""
) -> Circuit:
    """Say why the outage was that began then; said again, the newest counts. Raises `Refused`, `NotSo`."""
    circuit = found(pen, subject)
    if pen.wrote(entry_id):
        return circuit
    if all(it.began != began for it in circuit.outages):
        raise NotSo("outage")
    grant = granted(pen.person, WRITE, circuit.unit)
    its = e.CircuitExplained(began=began, cause=cause, note=note.strip())
    return pen.write(circuits, entry_id, subject, its, unit=circuit.unit, grant=grant)
