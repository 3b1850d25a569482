"""Support staff, the data: who is where, what each unit should have, how far units lie apart, what was agreed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from haicap.plan.outcome import Proof

Places = npt.NDArray[np.int64]
Lengths = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit and what it should have: people in all, and people who hold each qualification.

    Who holds two qualifications counts for both. `weight` is that of one person, or one holder, missing: a whole
    number from 1 up, such as one more than the matters overdue. `floor` and `floors` are what must stay in all and by
    qualification where something else was agreed than the need.
    """

    code: str
    need: int
    needs: Mapping[str, int] = field(default_factory=dict)
    weight: int = 1
    floor: int | None = None
    floors: Mapping[str, int] = field(default_factory=dict)
    most_out: int | None = None
    most_in: int | None = None


@dataclass(frozen=True, slots=True)
class Officers:
    """Those of one unit who hold the same qualifications, by opaque ids; who stands first is proposed first."""

    unit: str
    qualifications: frozenset[str]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """How far units lie apart: km from giver to receiver, both as places in `Case.units`; what is absent is too far."""

    givers: Places
    receivers: Places
    km: Lengths


@dataclass(frozen=True, slots=True)
class Limits:
    """What was agreed for all: km of one move, moves in all, moves out of and into a unit that says nothing else."""

    longest_km: float
    most_moves: int | None = None
    most_out: int | None = None
    most_in: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A move that people decided: of one officer by id, or of any one of a unit with exactly these qualifications."""

    giver: str
    receiver: str
    officer: str = ""
    qualifications: frozenset[str] = frozenset()

    @property
    def who(self) -> str:
        """The officer's id, else the qualifications that are asked for, in order."""
        return self.officer or "+".join(sorted(self.qualifications))

    @property
    def code(self) -> str:
        """Its name among reasons: `kept:giver/receiver/who`."""
        return f"kept:{self.giver}/{self.receiver}/{self.who}"


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A move that people ruled out: between two units, or, with an id, of one officer only."""

    giver: str
    receiver: str
    officer: str = ""

    @property
    def code(self) -> str:
        """Its name among reasons: `forbidden:giver/receiver` or `forbidden:giver/receiver/officer`."""
        return f"forbidden:{self.giver}/{self.receiver}{self.officer and '/'}{self.officer}"


@dataclass(frozen=True, slots=True)
class Case:
    """All that a plan of support staff rests on. `staying` are ids of officers who are not to be moved."""

    units: tuple[Unit, ...]
    officers: tuple[Officers, ...]
    near: Near
    limits: Limits
    kept: tuple[Kept, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    staying: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Move:
    """One officer who could go. `fills`: the qualifications that the receiver misses and this officer brings."""

    officer: str
    giver: str
    receiver: str
    fills: tuple[str, ...]
    km: float
    kept: bool


@dataclass(frozen=True, slots=True)
class Shortage:
    """What a unit misses before and after: of one qualification, or of people in all where that is empty."""

    unit: str
    qualification: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Why:
    """Why a unit misses something still; `reason` is one of `staff_why.REASONS`."""

    unit: str
    qualification: str
    reason: str


@dataclass(frozen=True, slots=True)
class More:
    """What one more would change, found by solving again: of `what`, an `officer` or a `move`.

    For an officer: with which qualification, if any, and the unit where that closes most. `gain` is the weighted
    shortage that it closes besides; the best answer may close up to `most`, if the search was cut short.
    """

    what: str
    qualification: str
    unit: str
    gain: int
    most: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Who could go where.

    `shortage` is weighted; `km` is the way of all moves; `disturbance` is 4 for each person moved by the plan, and up
    to as much again where the unit has few to spare (it leaves out what is kept by hand). Each proof holds under those
    before it. `binding` are the codes of agreed limits that are used up where something is still missing.
    """

    moves: tuple[Move, ...]
    shortages: tuple[Shortage, ...]
    why: tuple[Why, ...]
    binding: tuple[str, ...]
    more: tuple[More, ...]
    shortage: Proof
    km: Proof
    disturbance: Proof
