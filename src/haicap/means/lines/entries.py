"""What can be written down of data lines: what is contracted, what was measured, that one ended."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from haicap.journal.kinds import Body, kind

Medium = Literal["fibre", "copper", "radio", "mobile", "satellite"]
Source = Literal["import", "node"]
Cause = Literal["power", "provider", "inside", "weather", "works", "parent", "unknown"]
Why = Literal["over", "replaced", "poor", "moved", "mistake"]


class Terms(Body):
    """What is agreed with the provider from `since` on."""

    provider: str
    number: str  # of the circuit or the subscriber, as the provider has it
    sort: str  # a kind of the catalogue, family `line`
    medium: Medium
    down: str  # Mbit/s, contracted
    up: str
    since: date
    until: date | None = None  # the last day of the contract
    cost: str | None = None  # VND a month
    paper: str = ""  # number and date of the contract


@kind("circuit.contracted", version=1)
class CircuitContracted(Body):
    """A line of a unit; `site` is where it ends."""

    unit: str
    province: str | None
    site: UUID | None = None
    terms: Terms
    batch: UUID | None = None  # the list of a former unit with which it came
    synthetic: bool = False


@kind("circuit.changed", version=1)
class CircuitChanged(Body):
    """Other terms hold from their `since` on: faster, longer, cheaper."""

    terms: Terms


@kind("circuit.corrected", version=1)
class CircuitCorrected(Body):
    """The newest terms were written down wrongly: how they read, and why."""

    terms: Terms
    site: UUID | None = None
    reason: str


@kind("circuit.ended", version=1)
class CircuitEnded(Body):
    """There is no such line from `since` on; one recorded by mistake never was."""

    since: date
    why: Why
    note: str = ""


class Measure(Body):
    """The line at one moment: Mbit/s down and up, delay in ms, loss in percent."""

    at: datetime
    down: str
    up: str
    delay: str | None = None
    loss: str | None = None


@kind("circuit.measured", version=1, free=True)
class CircuitMeasured(Body):
    """What was measured, in the order of time; each moment counts once."""

    measures: tuple[Measure, ...]
    source: Source


@kind("circuit.interrupted", version=1, free=True)
class CircuitInterrupted(Body):
    """An outage that the unit's node measured, from its first failed contact to its first good one; `seen` says how."""

    began: datetime
    ended: datetime
    seen: str
    cause: Cause | None = None


@kind("circuit.explained", version=1, free=True)
class CircuitExplained(Body):
    """Why the outage was that began then, as people found out."""

    began: datetime
    cause: Cause
    note: str = ""


@kind("circuit.watched", version=1, free=True)
class CircuitWatched(Body):
    """A day of the line as the unit's node had it: seconds watched, requests and how many failed, delay in ms.

    `down` and `up` are the quickest transfers in Mbit/s: the line can do at least so much.
    """

    since: datetime
    until: datetime
    seconds: int
    asks: int
    failed: int
    delay: int | None = None
    down: str | None = None
    up: str | None = None
