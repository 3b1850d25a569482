"""Sharing equipment between neighbours, the data: what each unit has and misses, and what was agreed."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from haicap.plan.outcome import Proof

LEND, SHARE = "lend", "share"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: how far it may be lent, how many units one that is shared can serve and how far off at most."""

    code: str
    lend_km: float
    serves: int = 1
    share_km: float = 0.0


@dataclass(frozen=True, slots=True)
class Stock:
    """What a unit has of a kind: things to spare, things it needs and would share, or things it misses.

    `weight` is that of one thing missing, a whole number from 1 up.
    """

    unit: str
    kind: str
    spare: int = 0
    shares: int = 0
    missing: int = 0
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Near:
    """How far units lie apart: km from a giver to a receiver, as places in `Case.units`; what is absent is too far."""

    givers: npt.NDArray[np.int64]
    receivers: npt.NDArray[np.int64]
    km: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kept:
    """Decided by hand: at least so many of a kind are lent or shared (`how`) from a giver to a receiver."""

    kind: str
    how: str
    giver: str
    receiver: str
    count: int = 1

    @property
    def code(self) -> str:
        """Its name among reasons: `kept:kind/how/giver/receiver`."""
        return f"kept:{self.kind}/{self.how}/{self.giver}/{self.receiver}"


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Ruled out by hand: nothing of a kind goes from a giver to a receiver."""

    kind: str
    giver: str
    receiver: str

    @property
    def code(self) -> str:
        """Its name among reasons: `forbidden:kind/giver/receiver`."""
        return f"forbidden:{self.kind}/{self.giver}/{self.receiver}"


@dataclass(frozen=True, slots=True)
class Case:
    """Units, kinds, what each has and misses, how far they lie apart, and what was decided by hand.

    `most` is the agreed number of gaps that are closed in all by lending and sharing.
    """

    units: tuple[str, ...]
    kinds: tuple[Kind, ...]
    stocks: tuple[Stock, ...]
    near: Near
    most: int | None = None
    kept: tuple[Kept, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """So many gaps of a receiver that a giver's things of a kind could close, lent or shared."""

    kind: str
    how: str
    giver: str
    receiver: str
    count: int
    km: float
    kept: bool


@dataclass(frozen=True, slots=True)
class Shared:
    """How many things of a kind a unit could share with others, and how many gaps they close there."""

    kind: str
    unit: str
    things: int
    closes: int


@dataclass(frozen=True, slots=True)
class Gap:
    """What a unit misses of a kind before and after, and why if it still misses some: one of `REASONS`."""

    unit: str
    kind: str
    before: int
    after: int
    reason: str


@dataclass(frozen=True, slots=True)
class More:
    """What one more thing of a kind would change where it closes most, or one more than the agreed number of gaps.

    Found by solving again. `gain` is the weighted gap that it closes besides; the best answer may close up to `most`,
    if the search was cut short. For a gap more, `kind` and `unit` are empty.
    """

    kind: str
    unit: str
    gain: int
    most: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Who could lend or share what.

    `left` is the weighted gap left open, `shared` how many gaps things of several units' use close, `km` the way, once
    for each gap closed. Each proof holds under those before it. `binding` are the codes of limits that are used up
    where something is still missing: `most`, and `stock:kind/unit` for what a unit could lend or share.
    """

    agreements: tuple[Agreement, ...]
    sharing: tuple[Shared, ...]
    gaps: tuple[Gap, ...]
    binding: tuple[str, ...]
    more: tuple[More, ...]
    left: Proof
    shared: Proof
    km: Proof
