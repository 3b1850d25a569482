"""Sharing equipment between neighbours, the programme: what goes over each way, lent or shared."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from haicap.plan.milp import FREE, Aim, Programme
from haicap.plan.sharing_case import LEND, SHARE, Case, Kind, Stock

Key = tuple[str, str]  # a kind and a unit


@dataclass(frozen=True, slots=True)
class Way:
    """A giver that could close gaps of a receiver with a kind of thing, lent or shared; how far, in tenths of a km."""

    kind: str
    how: str
    giver: str
    receiver: str
    tenths: int


class Ground:
    """A case by codes: stocks, and who lies near whom."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.kinds = {it.code: it for it in case.kinds}
        self.stocks = {(it.kind, it.unit): it for it in case.stocks}
        self.forbidden = {(it.kind, it.giver, it.receiver) for it in case.forbidden}
        self.near = defaultdict[str, list[tuple[str, float]]](list)
        pairs = zip(
            case.near.givers.tolist(), case.near.receivers.tolist(), case.near.km.tolist(), strict=True
        )
        for giver, receiver, km in pairs:
            if giver != receiver:
                self.near[case.units[receiver]].append((case.units[giver], km))

    def stock(self, kind: str, unit: str) -> Stock:
        """What a unit has of a kind; nothing where the case is silent."""
        return self.stocks.get((kind, unit)) or Stock(unit, kind)

    def reach(self, kind: Kind, how: str) -> float:
        """How many km a thing may be lent, or its users may be off."""
        return kind.lend_km if how == LEND else kind.share_km

    def has(self, kind: Kind, how: str, unit: str, more: bool = False) -> bool:
        """Whether a unit has something of a kind to lend, or to share; or would with one thing more."""
        stock = self.stock(kind.code, unit)
        spare = stock.spare + (more and not stock.missing)
        return spare > 0 if how == LEND else kind.serves > 1 and spare + stock.shares > 0

    def ways(self, kind: Kind, more: bool = False) -> Iterator[Way]:
        """All ways on which a gap of a kind could be closed; with `more`, if any one unit had one thing more."""
        for (code, receiver), stock in self.stocks.items():
            if code == kind.code and stock.missing:
                for how in (LEND, SHARE):
                    for giver, km in self.near[receiver]:
                        closed = (code, giver, receiver) in self.forbidden
                        if km <= self.reach(kind, how) and not closed and self.has(kind, how, giver, more):
                            yield Way(code, how, giver, receiver, round(km * 10))


class Deal:
    """The programme for some kinds, round what is kept by hand.

    Of the kind `more` one unit has one thing more, to use itself or, if it misses none, to give.
    """

    def __init__(self, ground: Ground, kinds: Collection[str], more: str = "") -> None:
        self.ground, self.kinds, self.programme, case = ground, kinds, Programme(), ground.case
        self.ways = [way for code in kinds for way in ground.ways(ground.kinds[code], code == more)]
        self.gaps = {key: it for key, it in ground.stocks.items() if it.missing and it.kind in kinds}
        self.goes = {
            way: self.programme.column(self.gaps[way.kind, way.receiver].missing) for way in self.ways
        }
        self.left = {key: self.programme.column(it.missing) for key, it in self.gaps.items()}
        self.more = {(more, unit): self.programme.column(1) for unit in case.units} if more else {}
        self.together = dict[Key, tuple[int, int]]()
        self.from_ = defaultdict[tuple[Key, str], list[Way]](list)
        self.to = defaultdict[Key, list[Way]](list)
        for way in self.ways:
            self.from_[(way.kind, way.giver), way.how].append(way)
            self.to[way.kind, way.receiver].append(way)
        for key in dict.fromkeys(key for key, _ in self.from_):
            self._gives(key)
        for key, stock in self.gaps.items():
            self._gets(key, stock)
        self.programme.row([(column, 1) for column in self.more.values()], most=1)
        if case.most is not None:
            self.programme.row([(column, 1) for column in self.goes.values()], most=case.most)
        self._by_hand()

    def _gives(self, key: Key) -> None:
        """What is lent and what is shared is there; and what is shared serves so many, each of them once."""
        stock, serves = self.ground.stock(*key), self.ground.kinds[key[0]].serves
        lent, shared = ([self.goes[way] for way in self.from_[key, how]] for how in (LEND, SHARE))
        spare, own = self.together[key] = self.programme.column(), self.programme.column(stock.shares)
        extra = [(self.more[key], -1)] if key in self.more and not stock.missing else []
        self.programme.row([*((column, 1) for column in lent), (spare, 1), *extra], most=stock.spare)
        capacity = [(spare, -serves), (own, 1 - serves)]
        self.programme.row([*((column, 1) for column in shared), *capacity], most=0)
        for column in shared:
            self.programme.row([(column, 1), (spare, -1), (own, -1)], most=0)

    def _gets(self, key: Key, stock: Stock) -> None:
        comes = [self.goes[way] for way in self.to[key]]
        extra = [self.more[key]] if key in self.more else []
        columns = [(column, 1) for column in (*comes, self.left[key], *extra)]
        self.programme.row(columns, least=stock.missing, most=FREE if extra else stock.missing)

    def _by_hand(self) -> None:
        """What is kept goes its way; there is no answer where it has none."""
        columns = {(way.kind, way.how, way.giver, way.receiver): column for way, column in self.goes.items()}
        for it in self.ground.case.kept:
            if it.kind in self.kinds:
                column = columns.get((it.kind, it.how, it.giver, it.receiver))
                self.programme.row([(column, 1)] if column is not None else [], least=it.count)

    def aims(self) -> tuple[Aim, Aim, Aim]:
        """The weighted gap left open, the gaps that shared things close, the way."""
        left, shared, way = (np.zeros(len(self.programme.uppers), np.int64) for _ in range(3))
        for key, column in self.left.items():
            left[column] = self.gaps[key].weight
        for it, column in self.goes.items():
            shared[column], way[column] = it.how == SHARE, it.tenths
        missing = sum(it.missing for it in self.gaps.values())
        farthest = max((it.tenths for it in self.ways), default=0)
        return Aim(left), Aim(shared, missing), Aim(way, missing * farthest)
