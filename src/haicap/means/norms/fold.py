"""What the entries of norms and facts mean."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.means.norms import entries as e
from haicap.means.norms.entries import Fact, Mark, Rounding, Sort


@dataclass(frozen=True, slots=True)
class Line:
    """One line: for these kinds of unit (none: all), remote or not (None: either), this formula."""

    units: tuple[Sort, ...]
    remote: bool | None
    formula: str

    def fits(self, sort: str, remote: bool) -> bool:
        """Whether the line is for such a unit."""
        return (not self.units or sort in self.units) and self.remote in (None, remote)


@dataclass(frozen=True, slots=True)
class Version:
    """One version; `until` is the first day on which it does not hold, None while none is set."""

    vi: str
    en: str
    means: str
    units: tuple[Sort, ...]
    lines: tuple[Line, ...]
    rounding: Rounding
    rule: str
    mark: Mark
    since: date
    until: date | None
    issuer: str
    changed: str
    at: datetime
    by: UUID

    def line_for(self, sort: str, remote: bool) -> int | None:
        """The place of the first line that fits such a unit; None where the norm is not for its kind."""
        if sort not in self.units:
            return None
        return next((n for n, line in enumerate(self.lines) if line.fits(sort, remote)), None)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That a norm holds no more from `since` on, and why."""

    reason: str
    since: date


@dataclass(frozen=True, slots=True)
class Norm:
    """A norm in all its versions, the first first; `province` None: for the whole nation."""

    id: UUID
    code: str
    province: str | None
    versions: tuple[Version, ...]
    synthetic: bool = False
    withdrawn: Withdrawal | None = None

    @property
    def now(self) -> Version:
        """The newest version."""
        return self.versions[-1]

    @property
    def until(self) -> date | None:
        """The first day on which it does not hold: its own end or its withdrawal, whichever comes first."""
        ends = [self.now.until, self.withdrawn.since if self.withdrawn else None]
        return min((end for end in ends if end), default=None)

    def on(self, day: date) -> int | None:
        """The number of the version in force on `day`, from 1; None where none is."""
        if self.withdrawn and self.withdrawn.since <= day:
            return None
        begun = [n for n, it in enumerate(self.versions, 1) if it.since <= day]
        if not begun:
            return None
        ends = self.versions[begun[-1] - 1].until
        return begun[-1] if ends is None or ends > day else None


norms = Fold(Norm)


@norms.on(e.NormPublished, opens=True)
def published(_: None, entry: Entry[e.NormPublished]) -> Norm:
    it = entry.body
    return Norm(entry.subject, it.code, it.province, (_version(entry, ""),), it.synthetic)


@norms.on(e.NormRevised)
def revised(norm: Norm, entry: Entry[e.NormRevised]) -> Norm:
    return replace(norm, versions=(*norm.versions, _version(entry, entry.body.changed)))


@norms.on(e.NormWithdrawn)
def withdrawn(norm: Norm, entry: Entry[e.NormWithdrawn]) -> Norm:
    return replace(norm, withdrawn=Withdrawal(entry.body.reason, entry.body.since))


def _version(entry: Entry[e.NormPublished] | Entry[e.NormRevised], changed: str) -> Version:
    it = entry.body
    return Version(
        it.name.vi, it.name.en, it.means, it.units, tuple(line_of(line) for line in it.lines), it.rounding, it.rule,
        it.mark, it.since, it.until, it.issuer, changed, entry.at, entry.actor,
    )  # fmt: skip


def line_of(line: e.Line) -> Line:
    """A line of an entry as the state holds it."""
    when = line.when or e.When()
    return Line(when.units, when.remote, line.formula)


@dataclass(frozen=True, slots=True)
class Figure:
    """A fact as of a day: a decimal as text, and where it is from."""

    fact: Fact
    value: str
    since: date
    source: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was stated of one unit, in the order of writing."""

    unit: str
    figures: tuple[Figure, ...] = ()

    def on(self, day: date) -> dict[str, Figure]:
        """By fact the figure with the latest day not after `day`; of two of one day the one said later."""
        found: dict[str, Figure] = {}
        for it in self.figures:
            if it.since <= day and (it.fact not in found or found[it.fact].since <= it.since):
                found[it.fact] = it
        return found


facts = Fold(Facts)


@facts.on(e.FactStated, opens=True, continues=True)
def stated(known: Facts | None, entry: Entry[e.FactStated]) -> Facts:
    it = entry.body
    figure = Figure(it.fact, it.value, it.since, it.source, it.synthetic)
    return Facts(it.unit, (*(known.figures if known else ()), figure))
