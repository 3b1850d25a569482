"""The sums with which a round is closed: pure functions over what its units say."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from haicap.means.rounds.entries import Hard, Named, Said, Sum
from haicap.means.rounds.fold import Answer

NOTHING = Decimal()


def plain(value: Decimal) -> str:
    """The number without zeros at its end."""
    return f"{value.normalize():f}" if value else "0"


def short(line: Said) -> Decimal:
    """What is missing of a kind against the norm; nothing where there is none for it."""
    return NOTHING if line.should is None else max(NOTHING, Decimal(line.should) - Decimal(line.fit))


def sums(answers: Iterable[Answer]) -> tuple[Sum, ...]:
    """What units say by kind, in the order of codes."""
    found: dict[str, list[Said]] = defaultdict(list)
    for answer in answers:
        for line in answer.lines:
            found[line.sort].append(line)
    return tuple(_sum(sort, lines) for sort, lines in sorted(found.items()))


def _sum(sort: str, lines: list[Said]) -> Sum:
    asked = [Decimal(it.should) for it in lines if it.should is not None]
    return Sum(
        sort=sort, units=len(lines), record=_all(it.record for it in lines), said=_all(it.said for it in lines),
        fit=_all(it.fit for it in lines), should=plain(sum(asked, NOTHING)) if asked else None,
        short=plain(sum(map(short, lines), NOTHING)), money=_all(it.money or "0" for it in lines),
    )  # fmt: skip


def _all(values: Iterable[str]) -> str:
    return plain(sum(map(Decimal, values), NOTHING))


def hards(answers: Iterable[Answer]) -> tuple[Hard, ...]:
    """The difficulties that units name by kind, in the order of codes."""
    found: dict[str, list[tuple[int, int, Named]]] = defaultdict(list)
    for unit, answer in enumerate(answers):
        for place, it in enumerate(answer.difficulties):
            found[it.sort].append((unit, place, it))
    return tuple(
        Hard(
            sort=sort, named=len(its), units=len({unit for unit, _place, _it in its}),
            first=sum(place == 0 for _unit, place, _it in its), money=_all(it.money or "0" for _u, _p, it in its),
        )
        for sort, its in sorted(found.items())
    )  # fmt: skip
