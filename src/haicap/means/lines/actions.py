"""What people say of data lines: contracted, on other terms, wrongly written down, ended, measured."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from haicap.clocks.wall import day_of
from haicap.journal.kinds import Body
from haicap.journal.pen import Pen
from haicap.means.catalogue.queries import of_family
from haicap.means.lines import entries as e
from haicap.means.lines.fold import Circuit, circuits
from haicap.units.acting import NotSo, NotYet, Unsaid, granted, past, said
from haicap.units.fold import Unit

WRITE = "means.write"
FASTEST = Decimal(1_000_000)  # Mbit/s
SLOWEST = Decimal("0.01")


def contract(
    pen: Pen, *, entry_id: UUID, subject: UUID, unit: Unit, terms: e.Terms, site: UUID | None = None,
    synthetic: bool = False, batch: UUID | None = None,
) -> Circuit:  # fmt: skip
    """Record a line of `unit`. Idempotent in `entry_id`.

    Raises `Refused`; `Unsaid` without provider, number, or rates that are numbers of Mbit/s above nought, for a kind
    that is no line, a cost that is no number of dong, or an end before the beginning.
    """
    known = pen.state(circuits, subject)
    if known is not None and pen.wrote(entry_id):
        return known
    body = e.CircuitContracted(
        unit=unit.code,
        province=unit.province,
        site=site,
        terms=_terms(terms),
        batch=batch,
        synthetic=synthetic,
    )
    grant = granted(pen.person, WRITE, unit.code)
    return pen.write(circuits, entry_id, subject, body, unit=unit.code, grant=grant)


def change(pen: Pen, *, entry_id: UUID, subject: UUID, terms: e.Terms) -> Circuit:
    """Let other terms hold from their `since` on. Raises as `contract`, and `NotSo` where that is before the newest."""
    circuit = running(pen, subject, entry_id)
    if pen.wrote(entry_id):
        return circuit
    if terms.since <= circuit.now.since:
        raise NotSo("change")
    return _act(pen, entry_id, circuit, e.CircuitChanged(terms=_terms(terms)))


def correct(
    pen: Pen, *, entry_id: UUID, subject: UUID, terms: e.Terms, site: UUID | None, reason: str
) -> Circuit:
    """Say how the newest terms read, and why. Raises as `contract`, and `NotSo` where there is no such line."""
    circuit = running(pen, subject, entry_id)
    if pen.wrote(entry_id):
        return circuit
    if len(circuit.terms) > 1 and terms.since <= circuit.terms[-2].since:
        raise NotSo("change")
    body = e.CircuitCorrected(terms=_terms(terms), site=site, reason=said(reason, "reason"))
    return _act(pen, entry_id, circuit, body)


def end(pen: Pen, *, entry_id: UUID, subject: UUID, since: date, why: e.Why, note: str = "") -> Circuit:
    """Say that there is no such line from `since` on. Raises `Refused`, `NotSo`, `NotYet`."""
    circuit = running(pen, subject, entry_id)
    if pen.wrote(entry_id):
        return circuit
    if since < circuit.terms[0].since:
        raise NotSo("end")
    body = e.CircuitEnded(since=past(since, day_of(pen.at)), why=why, note=note.strip())
    return _act(pen, entry_id, circuit, body)


def withdraw(pen: Pen, *, entry_id: UUID, subject: UUID, reason: str, recorded: UUID) -> Circuit | None:
    """Take a line back that came with a list; None where anybody has gone on with it, and it stays.

    `recorded` is the entry that brought it. Idempotent. Raises `Refused`, `NotSo`.
    """
    folded, circuit = pen.folded(circuits, subject), found(pen, subject)
    if circuit.ended is not None and circuit.ended.why == "mistake":
        return circuit
    if folded.last != recorded or folded.aside or circuit.measures:
        return None
    return end(
        pen, entry_id=entry_id, subject=subject, since=circuit.terms[0].since, why="mistake", note=reason
    )


def measure(
    pen: Pen, *, entry_id: UUID, subject: UUID, measures: Sequence[e.Measure], source: e.Source
) -> Circuit:
    """Write down what was measured; decides nothing, and a moment that is known already changes nothing.

    Raises `Refused`; `NotSo` where there is no such line; `NotYet`; `Unsaid` for none, or numbers that are none.
    """
    circuit = found(pen, subject)
    if pen.wrote(entry_id):
        return circuit
    if not measures:
        raise Unsaid("measures")
    if any(it.at > pen.at for it in measures):
        raise NotYet
    its = tuple(sorted((_measure(it) for it in measures), key=lambda it: it.at))
    return _act(pen, entry_id, circuit, e.CircuitMeasured(measures=its, source=source))


def found(pen: Pen, subject: UUID) -> Circuit:
    """The line as this transaction sees it. Raises `NotSo` where there is none."""
    circuit = pen.state(circuits, subject)
    if circuit is None:
        raise NotSo("circuit")
    return circuit


def running(pen: Pen, subject: UUID, entry_id: UUID) -> Circuit:
    """The line that has not ended, unless it is this very entry that came before. Raises `NotSo`."""
    circuit = found(pen, subject)
    if circuit.ended is not None and not pen.wrote(entry_id):
        raise NotSo("circuit")
    return circuit


def rate(text: str, what: str, least: Decimal = Decimal()) -> str:
    """A number not below `least`, as entries hold it. Raises `Unsaid`."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise Unsaid(what) from None
    if not number.is_finite() or not least <= number <= FASTEST:
        raise Unsaid(what)
    return f"{round(number, 3).normalize():f}"


def _terms(its: e.Terms) -> e.Terms:
    if its.sort not in of_family("line"):
        raise Unsaid("sort")
    if its.until is not None and its.until < its.since:
        raise Unsaid("until")
    if its.cost is not None and not its.cost.isdigit():
        raise Unsaid("cost")
    return its.model_copy(update={
        "provider": said(its.provider, "provider"), "number": said(its.number, "number"), "paper": its.paper.strip(),
        "down": rate(its.down, "down", SLOWEST), "up": rate(its.up, "up", SLOWEST),
    })  # fmt: skip


def _measure(it: e.Measure) -> e.Measure:
    fresh: dict[str, str] = {"down": rate(it.down, "down"), "up": rate(it.up, "up")}
    if it.delay is not None:
        fresh["delay"] = rate(it.delay, "delay")
    if it.loss is not None:
        fresh["loss"] = rate(it.loss, "loss")
        if Decimal(fresh["loss"]) > 100:
            raise Unsaid("loss")
    return it.model_copy(update=fresh)


def _act(pen: Pen, entry_id: UUID, circuit: Circuit, body: Body) -> Circuit:
    grant = granted(pen.person, WRITE, circuit.unit)
    return pen.write(circuits, entry_id, circuit.id, body, unit=circuit.unit, grant=grant)
