"""What people do with norms: publish, revise, withdraw one; and state facts of units, on which norms stand."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from itertools import product
from typing import get_args
from uuid import UUID, uuid5

from haicap.clocks.documents import NATION
from haicap.clocks.wall import day_of
from haicap.journal.kinds import Body
from haicap.journal.pen import Pen
from haicap.means.catalogue.actions import DIRECT
from haicap.means.norms.entries import (
    Fact,
    FactStated,
    NormPublished,
    NormRevised,
    NormSaid,
    NormWithdrawn,
    Sort,
)
from haicap.means.norms.facts import Ground
from haicap.means.norms.fold import Facts, Norm, Version, facts, line_of, norms
from haicap.means.norms.formulas import Desk, NotAFormula, read, settled
from haicap.means.norms.reckoning import Lack, applied
from haicap.units.acting import NotSo, Unsaid, granted, past, said
from haicap.units.actions import SPACE
from haicap.units.entries import Label

SORTS: tuple[Sort, ...] = get_args(Sort)
_NEVER = datetime.min.replace(tzinfo=UTC)


class Unworkable(ValueError):
    """A norm gives no number for a unit: which, and the facts of it that are missing, or what it gives instead."""

    def __init__(self, unit: Ground, lack: Lack, more: int) -> None:
        super().__init__(f"{unit.code}: {lack.facts or lack.why} and {more} more")
        self.unit, self.lack, self.more = unit, lack, more


class WrongFormula(ValueError):
    """A line's formula is none; `line` from 0."""

    def __init__(self, line: int, fault: NotAFormula) -> None:
        super().__init__(f"line {line}: {fault}")
        self.line, self.fault = line, fault


class NeverReached(ValueError):
    """A line is for units that the lines before it, or the norm itself, have left none of; from 0."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} fits no unit")
        self.line = line


class Twice(ValueError):
    """Another norm of the same file says already what such units should have of this kind at that time."""

    def __init__(self, other: Norm) -> None:
        super().__init__(f"{other.code} says so already")
        self.other = other


def norm_id(province: str | None, code: str) -> UUID:
    """The subject of the norm with this code, of a province or of the nation."""
    return uuid5(SPACE, f"norm/{province or NATION}/{code}")


def publish(
    pen: Pen,
    *,
    entry_id: UUID,
    code: str,
    saying: NormSaid,
    province: str | None,
    kinds: Container[str],
    units: Iterable[Ground],
    others: Sequence[Norm],
    synthetic: bool = False,
) -> Norm:
    """Publish a norm for the units of `province` (None: the nation), which must give a number for each of `units`.

    `kinds` are the codes of the catalogue, `others` the norms of the same file. Idempotent in `entry_id`. Raises
    `Refused`, `Unsaid`, `NotSo` where the code is taken, `WrongFormula`, `NeverReached`, `Unworkable`, `Twice`.
    """
    subject = norm_id(province, said(code, "code"))
    known = pen.state(norms, subject)
    if known is not None:
        if pen.wrote(entry_id):
            return known
        raise NotSo("publish")
    body = checked(saying, kinds, units)
    _alone(body, others)
    fields = body.model_dump() | {"code": code.strip(), "province": province, "synthetic": synthetic}
    return _write(pen, entry_id, subject, NormPublished.model_validate(fields), province, body.issuer)


def revise(
    pen: Pen, *, entry_id: UUID, subject: UUID, saying: NormSaid, changed: str, kinds: Container[str],
    units: Iterable[Ground], others: Sequence[Norm],
) -> Norm:  # fmt: skip
    """Write the next version. Idempotent. Raises what `publish` raises, and `NotSo` after its withdrawal."""
    norm = found(pen, subject)
    if pen.wrote(entry_id):
        return norm
    if norm.withdrawn:
        raise NotSo("revise")
    why = said(changed, "changed")
    body = checked(saying, kinds, units)
    if body.means != norm.now.means:
        raise NotSo("revise")
    _alone(body, [it for it in others if it.id != subject])
    fields = body.model_dump() | {"changed": why}
    return _write(pen, entry_id, subject, NormRevised.model_validate(fields), norm.province, body.issuer)


def withdraw(pen: Pen, *, entry_id: UUID, subject: UUID, reason: str, since: date) -> Norm:
    """Let the norm hold no more from `since` on. Idempotent. Raises `Refused`, `NotSo`, `Unsaid`, `LookupError`."""
    norm = found(pen, subject)
    if pen.wrote(entry_id):
        return norm
    if norm.withdrawn:
        raise NotSo("withdraw")
    body = NormWithdrawn(reason=said(reason, "reason"), since=since)
    return _write(pen, entry_id, subject, body, norm.province, norm.now.issuer)


def found(pen: Pen, subject: UUID) -> Norm:
    """The norm as it is under this pen's locks. Raises `LookupError` where there is none."""
    norm = pen.state(norms, subject)
    if norm is None:
        raise LookupError(f"no norm {subject}")
    return norm


def checked(saying: NormSaid, kinds: Container[str], units: Iterable[Ground]) -> NormSaid:
    """What a norm says, trimmed, its formulas as they are kept. Raises as `publish` says."""
    if saying.means not in kinds:
        raise Unsaid("means")
    for what in ("units", "lines"):
        if not getattr(saying, what):
            raise Unsaid(what)
    if saying.until and saying.until <= saying.since:
        raise Unsaid("until")
    vi = said(saying.name.vi, "name")
    lines = tuple(line.model_copy(update={"formula": settled(line.formula)}) for line in saying.lines)
    name = Label(vi=vi, en=saying.name.en.strip() or vi)
    body = saying.model_copy(update={"name": name, "rule": said(saying.rule, "rule"), "lines": lines})
    _complete(body)
    workable(body, units)
    return body


def _complete(body: NormSaid) -> None:
    """Every formula is one, the last line is for all others, and each line is for some units: all cases are tried."""
    for place, line in enumerate(body.lines):
        try:
            read(line.formula)
        except NotAFormula as fault:
            raise WrongFormula(place, fault) from fault
    *before, last = map(line_of, body.lines)
    if last.units or last.remote is not None:
        raise Unsaid("otherwise")
    met = set()
    for sort, remote in product(body.units, (False, True)):
        met.add(next(n for n, line in enumerate((*before, last)) if line.fits(sort, remote)))
    for place in range(len(body.lines)):
        if place not in met:
            raise NeverReached(place)


def workable(body: NormSaid, units: Iterable[Ground]) -> None:
    """The norm gives a number for each of `units` that it is for. Raises `Unworkable` with the first that has none."""
    desk, version, wrong = Desk(), as_version(body), []
    for unit in units:
        line = version.line_for(unit.sort, unit.remote)
        if line is not None:
            it = applied(desk, UUID(int=0), "", version, 1, line, unit)
            if isinstance(it, Lack):
                wrong.append((unit, it))
    if wrong:
        raise Unworkable(*wrong[0], more=len(wrong) - 1)


def as_version(body: NormSaid) -> Version:
    """What a norm would say, as if it were published."""
    lines = tuple(map(line_of, body.lines))
    at = UUID(int=0)
    return Version(
        body.name.vi, body.name.en, body.means, body.units, lines, body.rounding, body.rule, body.mark, body.since,
        body.until, body.issuer, "", _NEVER, at,
    )  # fmt: skip


def _alone(body: NormSaid, others: Iterable[Norm]) -> None:
    """No other norm of the file is for some of the same units at some of the same time."""
    for other in others:
        now, until = other.now, other.until
        same = now.means == body.means and set(now.units) & set(body.units)
        apart = (until and until <= body.since) or (body.until and body.until <= now.since)
        if same and not apart:
            raise Twice(other)


def _write(pen: Pen, entry_id: UUID, subject: UUID, body: Body, province: str | None, issuer: str) -> Norm:
    grant = granted(pen.person, DIRECT, issuer)
    return pen.write(
        norms, entry_id, subject, body, unit=province or NATION, grant=grant, channel="reference"
    )


def facts_id(unit: str) -> UUID:
    """The subject under which facts of a unit are stated."""
    return uuid5(SPACE, f"unit-facts/{unit}")


def state_fact(pen: Pen, *, entry_id: UUID, body: FactStated) -> Facts:
    """State a figure of a unit as of a day. Idempotent.

    Raises `Refused`, `Unsaid` without a source or for a value that is no number from nothing on, `NotYet`.
    """
    subject = facts_id(body.unit)
    known = pen.state(facts, subject)
    if pen.wrote(entry_id) and known is not None:
        return known
    past(body.since, day_of(pen.at))
    its = body.model_copy(update={"value": decimal(body.value), "source": said(body.source, "source")})
    return pen.write(
        facts, entry_id, subject, its, unit=body.unit, grant=granted(pen.person, DIRECT, body.unit),
        channel="reference",
    )  # fmt: skip


def decimal(text: str) -> str:
    """A number from nothing on, as entries hold it. Raises `Unsaid`."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation as fault:
        raise Unsaid("value") from fault
    if not value.is_finite() or value < 0 or value >= Decimal("1e12"):
        raise Unsaid("value")
    return f"{value:f}"


def count_workload(
    pen: Pen,
    *,
    entry_id: UUID,
    year: int,
    counts: Mapping[str, tuple[int, int]],
    source: str,
    synthetic: bool = False,
) -> int:
    """Write down how many matters, and of them reports of crime, came in at each unit in `year`; returns of how many.

    As of the year's last day, or today where that is still to come. Idempotent. Raises as `state_fact` does.
    """
    since = min(date(year, 12, 31), day_of(pen.at))
    for unit, (matters, reports) in counts.items():
        figures: tuple[tuple[Fact, int], ...] = (("matters_year", matters), ("reports_year", reports))
        for fact, count in figures:
            body = FactStated(
                unit=unit, fact=fact, value=str(count), since=since, source=source, synthetic=synthetic
            )
            state_fact(pen, entry_id=uuid5(entry_id, f"{unit}/{fact}"), body=body)
    return len(counts)
