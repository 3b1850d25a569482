"""Sharing equipment between neighbours: who could lend what to whom, and what several could use together.

Of each kind a unit has some things to spare, or misses some. A thing to spare is lent, and closes one gap of one
neighbour; or it stays where it is and is shared: each of up to `serves` neighbours closes one gap with it. A thing
that its unit needs itself can be shared too, where the unit agrees; the unit then is one of those it serves. Most of
the weighted gap first; then as few gaps as can be closed by a shared thing rather than one's own; then the least way.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from haicap.plan.milp import NODES, Best, best
from haicap.plan.outcome import Infeasible, Proof, least
from haicap.plan.sharing_case import (
    LEND,
    SHARE,
    Agreement,
    Case,
    Forbidden,
    Gap,
    Kept,
    Kind,
    More,
    Near,
    Plan,
    Shared,
    Stock,
)
from haicap.plan.sharing_model import Deal, Ground, Key

__all__ = [
    "LEND",
    "REASONS",
    "SHARE",
    "Agreement",
    "Case",
    "Forbidden",
    "Gap",
    "Kept",
    "Kind",
    "More",
    "Near",
    "Plan",
    "Shared",
    "Stock",
    "plan",
]

REASONS = {
    "no-unit-near": "no unit lies within the distance at which the kind is lent or shared",
    "nothing-to-spare": "no unit near has one to spare or to share",
    "forbidden": "the ways from those who could help are forbidden by hand",
    "most": "the agreed number of gaps closed by lending and sharing is used up",
    "weighed-less": "what could be lent or shared closes more elsewhere",
}
_PLENTY = 10**6


def plan(case: Case, *, nodes: int = NODES, more: bool = True) -> Plan:
    """Who could lend or share what, with a proof of how good that is; the same case gives the same plan.

    `nodes` limits the work of each search. With `more` it is also said what one more thing of each kind, and one more
    than the agreed number, would change: each is a search of its own. Raises `Infeasible` where decisions by hand
    break a rule or each other, with codes `kept:…`, `forbidden:…`, `most`, `far:KIND`, `serves:KIND`,
    `stock:KIND/UNIT` (the giver has no more) and `missing:KIND/UNIT` (the receiver misses no more); `ValueError`
    where the case contradicts itself.
    """
    _check(case)
    ground = Ground(case)
    deals = [Deal(ground, kinds) for kinds in _apart(case)]
    found = [best(deal.programme, deal.aims(), nodes) for deal in deals]
    done = [(deal, it) for deal, it in zip(deals, found, strict=True) if it is not None]
    if len(done) < len(deals):
        raise Infeasible(least(_rules(case), lambda some: _possible(case, frozenset(some), nodes)))
    used = _Used(ground, done)
    left, shared, way = (_sum([it.proofs[aim] for _, it in done]) for aim in range(3))
    return Plan(
        tuple(used.agreements()),
        tuple(used.sharing()),
        tuple(used.gaps()),
        used.binding(),
        tuple(_more(ground, done, nodes)) if more else (),
        left,
        shared,
        Proof(way.value / 10, way.bound / 10),
    )


def _check(case: Case) -> None:
    keys = Counter((it.kind, it.unit) for it in case.stocks)
    kinds, units = {it.code for it in case.kinds}, set(case.units)
    named = {(it.kind, unit) for it in case.kept for unit in (it.giver, it.receiver)} | set(keys)
    if any(it.spare and it.missing for it in case.stocks) or max(keys.values(), default=1) > 1:
        raise ValueError("a stock stands twice in the case, or both misses things and has them to spare")
    if not all(kind in kinds and unit in units for kind, unit in named):
        raise ValueError("a unit or a kind is named that is not there")


def _apart(case: Case) -> list[list[str]]:
    """Kinds that have to be planned together: all where their number is limited together, else each by itself."""
    codes = [kind.code for kind in case.kinds]
    return [[code] for code in codes] if case.most is None else [codes]


def _sum(proofs: Sequence[Proof]) -> Proof:
    return Proof(sum(it.value for it in proofs), sum(it.bound for it in proofs))


def _rules(case: Case) -> list[str]:
    """The codes of all rules that what is kept by hand could break."""
    return [
        *dict.fromkeys(f"far:{it.kind}" for it in case.kept),
        *dict.fromkeys(f"serves:{it.kind}" for it in case.kept),
        *dict.fromkeys(f"stock:{it.kind}/{it.giver}" for it in case.kept),
        *dict.fromkeys(f"missing:{it.kind}/{it.receiver}" for it in case.kept),
        *(it.code for it in case.forbidden),
        "most",
        *dict.fromkeys(it.code for it in case.kept),
    ]


def _possible(case: Case, rules: frozenset[str], nodes: int) -> bool:
    """Whether some rules can hold together."""
    kept = tuple(it for it in case.kept if it.code in rules)
    kinds = tuple(_loosened(it, rules) for it in case.kinds if any(it.code == one.kind for one in kept))
    places = {unit: place for place, unit in enumerate(case.units)}
    near = case.near
    eased = replace(
        case,
        kinds=kinds,
        stocks=tuple(_stocks(case, kept, rules)),
        near=Near(  # what is absent lies very far off
            np.append(near.givers, [places[it.giver] for it in kept]).astype(np.int64),
            np.append(near.receivers, [places[it.receiver] for it in kept]).astype(np.int64),
            np.append(near.km, [float(_PLENTY)] * len(kept)),
        ),
        most=case.most if "most" in rules else None,
        kept=kept,
        forbidden=tuple(it for it in case.forbidden if it.code in rules),
    )
    deal = Deal(Ground(eased), [it.code for it in kinds])
    return best(deal.programme, deal.aims()[:1], nodes) is not None


def _loosened(kind: Kind, rules: frozenset[str]) -> Kind:
    if f"far:{kind.code}" not in rules:
        kind = replace(kind, lend_km=_PLENTY, share_km=_PLENTY)
    return kind if f"serves:{kind.code}" in rules else replace(kind, serves=_PLENTY)


def _stocks(case: Case, kept: Sequence[Kept], rules: frozenset[str]) -> Iterator[Stock]:
    """The stocks, and such as lack for what is kept, with plenty where a rule does not hold."""
    ground = Ground(case)
    named = {(it.kind, unit): None for it in kept for unit in (it.giver, it.receiver)}
    for kind, unit in {**dict.fromkeys(ground.stocks), **named}:
        stock = ground.stock(kind, unit)
        gives, gets = (any(key == (kind, unit) for key in keys) for keys in _ends(kept))
        if gives and f"stock:{kind}/{unit}" not in rules:
            stock = replace(stock, spare=_PLENTY)
        if gets and f"missing:{kind}/{unit}" not in rules:
            stock = replace(stock, missing=_PLENTY)
        yield stock


def _ends(kept: Sequence[Kept]) -> tuple[set[Key], set[Key]]:
    return {(it.kind, it.giver) for it in kept}, {(it.kind, it.receiver) for it in kept}


class _Used:
    """What the answers do, way by way and thing by thing."""

    def __init__(self, ground: Ground, done: Sequence[tuple[Deal, Best]]) -> None:
        self.ground, self.case = ground, ground.case
        self.ways = {way: int(it.answer[column]) for deal, it in done for way, column in deal.goes.items()}
        self.things = {
            key: (int(it.answer[spare]), int(it.answer[own]))
            for deal, it in done
            for key, (spare, own) in deal.together.items()
        }
        self.gives, self.gets = Counter[tuple[Key, str]](), Counter[Key]()
        for way, count in self.ways.items():
            self.gives[(way.kind, way.giver), way.how] += count
            self.gets[way.kind, way.receiver] += count
        self.all = sum(self.ways.values())

    def agreements(self) -> Iterator[Agreement]:
        kept = {(it.kind, it.how, it.giver, it.receiver) for it in self.case.kept}
        for way, count in self.ways.items():
            if count:
                by_hand = (way.kind, way.how, way.giver, way.receiver) in kept
                yield Agreement(way.kind, way.how, way.giver, way.receiver, count, way.tenths / 10, by_hand)

    def sharing(self) -> Iterator[Shared]:
        for (kind, unit), things in self.things.items():
            closes = self.gives[(kind, unit), SHARE]
            if closes:
                yield Shared(kind, unit, sum(things), closes)

    def gaps(self) -> Iterator[Gap]:
        for (kind, unit), stock in self.ground.stocks.items():
            if stock.missing:
                after = stock.missing - self.gets[kind, unit]
                yield Gap(unit, kind, stock.missing, after, self._reason(kind, unit) if after else "")

    def binding(self) -> tuple[str, ...]:
        """The codes of limits that are used up where something is still missing, in order."""
        found = set[str]()
        for way in self.ways:
            if self.gets[way.kind, way.receiver] < self.ground.stock(way.kind, way.receiver).missing:
                found.update(["most"] if self._full() else [])
                found.update([] if self._free(way.kind, way.giver) else [f"stock:{way.kind}/{way.giver}"])
        return tuple(sorted(found))

    def _full(self) -> bool:
        return self.case.most is not None and self.all >= self.case.most

    def _free(self, kind: str, unit: str) -> bool:
        """Whether a unit could still lend or share something of a kind."""
        stock, serves = self.ground.stock(kind, unit), self.ground.kinds[kind].serves
        lent, shared = (self.gives[(kind, unit), how] for how in (LEND, SHARE))
        spare, own = self.things.get((kind, unit), (0, 0))
        room = serves * spare + (serves - 1) * own - shared
        return stock.spare > lent + spare or (serves > 1 and (stock.shares > own or room > 0))

    def _reason(self, kind: str, unit: str) -> str:
        it, near = self.ground.kinds[kind], self.ground.near[unit]
        within = [
            (how, giver) for how in (LEND, SHARE) for giver, km in near if km <= self.ground.reach(it, how)
        ]
        if not within:
            return "no-unit-near"
        having = [giver for how, giver in within if self.ground.has(it, how, giver)]
        if not having:
            return "nothing-to-spare"
        if all((kind, giver, unit) in self.ground.forbidden for giver in having):
            return "forbidden"
        return "most" if self._full() else "weighed-less"


def _more(ground: Ground, done: Sequence[tuple[Deal, Best]], nodes: int) -> Iterator[More]:
    for deal, before in done:
        for kind in deal.kinds:
            yield _one_more(Deal(ground, deal.kinds, kind), kind, before.proofs[0], nodes)
    case = ground.case
    if case.most is not None:
        deal, before = done[0]
        wider = Ground(replace(case, most=case.most + 1))
        yield _one_more(Deal(wider, deal.kinds), "", before.proofs[0], nodes)


def _one_more(deal: Deal, kind: str, left: Proof, nodes: int) -> More:
    found = best(deal.programme, deal.aims()[:1], nodes)
    assert found is not None  # what was possible stays so with more
    gain = max(0.0, left.value - found.proofs[0].value)
    where = next((unit for (_, unit), column in deal.more.items() if gain and found.answer[column]), "")
    return More(kind, where, int(gain), int(left.value - found.proofs[0].bound))
