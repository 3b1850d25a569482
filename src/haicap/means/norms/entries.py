"""What can be written down of norms and facts of units. It goes into the channel `reference`: all below may read it."""

from datetime import date
from typing import Literal

from haicap.journal.kinds import Body, kind
from haicap.units.entries import Label

Sort = Literal["commune", "ward", "special-zone", "department"]
Mark = Literal["verified", "memory", "setting", "sample"]
"""How a rule is known: read in print, from memory, set by the installation, or an invented example."""
Rounding = Literal["up", "down", "none"]
Fact = Literal["population", "present", "matters_year", "reports_year"]


class When(Body):
    """Which units a line is for; what is left empty names all."""

    units: tuple[Sort, ...] = ()
    remote: bool | None = None


class Line(Body):
    """One line of a norm: for these units this formula (CEL over facts of the unit). Without `when` for all others."""

    formula: str
    when: When | None = None


class NormSaid(Body):
    """What a norm says in one version: in force from `since`, until the day before `until`."""

    name: Label
    means: str  # the code of the kind in the catalogue
    units: tuple[Sort, ...]
    lines: tuple[Line, ...]  # the first that fits; the last is for all others
    rounding: Rounding
    rule: str  # what it rests on, as it is cited
    mark: Mark
    since: date
    until: date | None = None
    issuer: str


@kind("norm.published", version=1, channel="reference")
class NormPublished(NormSaid):
    """A norm begins, for the units of `province`, or of the whole nation."""

    code: str
    province: str | None
    synthetic: bool = False


@kind("norm.revised", version=1, channel="reference")
class NormRevised(NormSaid):
    """The next version of a norm, and what has changed."""

    changed: str


@kind("norm.withdrawn", version=1, channel="reference")
class NormWithdrawn(Body):
    """The norm does not hold from `since` on."""

    reason: str
    since: date


@kind("fact.stated", version=1, channel="reference")
class FactStated(Body):
    """A figure of a unit as of a day, with where it is from; what was said before of other days stays."""

    unit: str
    fact: Fact
    value: str  # a decimal
    since: date
    source: str
    synthetic: bool = False
