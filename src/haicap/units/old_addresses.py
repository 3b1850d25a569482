"""From an address as it was before 1 July 2025 to the territories of today.

All in memory: the old register is indexed once per process by folded names, so that a text is found with or
without diacritics, with "P.", "Q.", "TP." or none, with i for y, with or without its district.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from typing import Literal, TypeVar

from haicap.units import register
from haicap.units.register import OldWard, Province, Territory
from haicap.units.vietnamese import fold, sort_key

_T = TypeVar("_T")
Way = Literal["ward", "today", "district"]

_WAYS: tuple[Way, ...] = ("ward", "today", "district")
_SHORT_KINDS = {"p": "phuong", "q": "quan", "h": "huyen", "x": "xa", "tx": "thi xa", "tt": "thi tran"}
_SHORT_KINDS |= {"tp": "thanh pho", "t": "tinh", "dk": "dac khu"}
_KIND = re.compile(r"^(phuong|quan|huyen|xa|thi xa|thi tran|thanh pho|tinh|dac khu) (?=.)")
_SHORT_KIND = re.compile(r"^(tp|tx|tt|dk|[pqhxt]) ?(?=\d| )\s*")
_KIND_AS_WRITTEN = re.compile(
    r"^(phường|quận|huyện|xã|thị xã|thị trấn|thành phố|tỉnh|đặc khu|tp|tx|tt|[pqhxt])\b[.\s]*", re.IGNORECASE
)
_MORE_NAMES = {"hn": "01", "thuathienhue": "46", "baria": "77", "vungtau": "77", "hcm": "79"}
_MORE_NAMES |= {"tphcm": "79", "saigon": "79"}
# Only what cannot be the beginning of a name: "quan" may be quận or the Quan of Quan Hóa.
_DISTRICT = re.compile(r"^((quận|huyện|thị xã|thành phố|thi xa|thanh pho|t[xp])\b|[qh]\.)", re.IGNORECASE)
_WARD = re.compile(r"^((phường|xã|thị trấn|đặc khu|phuong|xa|thi tran|dac khu|tt)\b|[px]\.)", re.IGNORECASE)
_LONGEST_WITHOUT_COMMAS = 14


@dataclass(frozen=True, slots=True)
class Match:
    """A territory of today that a text may mean.

    `way`: the text names an old *ward*, an old *district*, or the territory as it is called *today*.
    `matched` is what it names, in full; `old` the old ward, if it is one. `main` is False where the old ward
    was divided and this territory took a smaller part. `exact`: the same letters and tones.
    """

    territory: Territory
    way: Way
    matched: str
    old: OldWard | None
    main: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class _Found:
    rank: int  # 0 same letters and tones, 1 same folded, 2 by an alias or by i for y
    match: Match


def convert(text: str) -> tuple[Match, ...]:
    """Territories of today for an old address or unit name; empty if none is known.

    Written "[street,] ward, [district,] province" with commas, or without commas and without a street.
    A name with the right diacritics hides others that only look alike without them; of what is left all are
    listed: wards first, then names of today, then whole districts; the main part of a divided ward first.
    """
    found = [it for parts, street in _cuts(text) for it in _read(parts, street)]
    best = min((it.rank for it in found), default=0)
    unique = {(it.match.territory.code, it.match.matched): it.match for it in found if it.rank == best}
    return tuple(sorted(unique.values(), key=_order))


def province_of_today(text: str) -> Province | None:
    """The province of today for the name of one of today or of before; None if there is no such name.

    "Quảng Nam" gives Đà Nẵng, "TP.HCM" gives Hồ Chí Minh.
    """
    codes = _scope(text)
    if not codes:
        return None
    return next(it for it in register.provinces() if codes & {old.code for old in it.predecessors})


def _order(match: Match) -> tuple[int, bool, str, str]:
    it = match.territory
    return _WAYS.index(match.way), not match.main, sort_key(it.short), it.code


def _cuts(text: str) -> Iterator[tuple[list[str], bool]]:
    """The ways to read a text as parts, and whether the first ones may be a street.

    Its commas cut it; without any, every way to cut it into at most three, each of which must mean something.
    """
    parts = [part.strip() for part in re.split(r"[,;\n]", text) if fold(part)]
    words = text.split()
    if len(parts) > 1 or len(words) > _LONGEST_WITHOUT_COMMAS:
        yield parts, True
    elif parts:
        for cut in (cut for count in range(3) for cut in combinations(range(1, len(words)), count)):
            edges = (0, *cut, len(words))
            yield [" ".join(words[a:b]) for a, b in pairwise(edges)], False


def _read(parts: list[str], street: bool) -> list[_Found]:
    scope = _scope(parts[-1]) if len(parts) > 1 else None
    *before, last = parts[:-1] if scope else parts
    both = list(_wards(before[-1], last, scope)) if before else []
    if both or (before and not street):
        return both
    small = [] if _DISTRICT.match(last) else [*_wards(last, None, scope), *_today(last, scope)]
    return small if _WARD.match(last) else [*small, *_districts(last, scope)]


def _wards(text: str, district: str | None, scope: frozenset[str] | None) -> Iterator[_Found]:
    index, keys = _index().wards, _keys(text)
    for old in dict.fromkeys(old for key in keys for old in index[key]):
        if not _within(old, scope) or (district and not _is_district(district, old)):
            continue
        rank = _rank(text, old.name, old.short)
        matched = f"{old.name}, {old.district}, {old.province.name}"
        for code in old.became:
            main = code == old.became[0]
            yield _Found(rank, Match(register.territory(code), "ward", matched, old, main, rank == 0))


def _today(text: str, scope: frozenset[str] | None) -> Iterator[_Found]:
    for it in dict.fromkeys(it for key in _keys(text) for it in _index().today[key]):
        province = register.province(it.province)
        if scope is None or scope & {old.code for old in province.predecessors}:
            rank = _rank(text, it.name, it.short)
            yield _Found(rank, Match(it, "today", f"{it.name}, {province.name}", None, True, rank == 0))


def _districts(text: str, scope: frozenset[str] | None) -> Iterator[_Found]:
    for old in dict.fromkeys(old for key in _keys(text) for old in _index().districts[key]):
        if not _within(old, scope):
            continue
        rank = _rank(text, old.district, old.district_short)
        matched = f"{old.district}, {old.province.name}"
        it = register.territory(old.became[0])
        yield _Found(rank, Match(it, "district", matched, None, True, rank == 0))


def _within(old: OldWard, scope: frozenset[str] | None) -> bool:
    return scope is None or old.province.code in scope


def _is_district(text: str, old: OldWard) -> bool:
    return bool(
        _keys(text) & {_key(old.district), _key(old.district_short), *map(_key, old.district_aliases)}
    )


def _rank(text: str, name: str, short: str) -> int:
    bare = _KIND_AS_WRITTEN.sub("", text)
    if {sort_key(text), sort_key(bare)} & {sort_key(name), sort_key(short)}:
        return 0
    return 1 if {fold(text), fold(bare)} & {fold(name), fold(short)} else 2


def _keys(text: str) -> set[str]:
    """The keys under which a part may stand in the index: as written, spelt out, and without its kind."""
    folded = fold(text)
    spelt = _SHORT_KIND.sub(lambda it: f"{_SHORT_KINDS[it[1]]} ", folded)
    return {_key(it) for it in (folded, spelt, _KIND.sub("", spelt))}


def _key(name: str) -> str:
    return fold(name).replace(" ", "").replace("y", "i")


@dataclass(frozen=True, slots=True)
class _Index:
    wards: dict[str, list[OldWard]]
    districts: dict[str, list[OldWard]]
    today: dict[str, list[Territory]]


@cache
def _index() -> _Index:
    index = _Index(defaultdict(list), defaultdict(list), defaultdict(list))
    for old in register.old_wards():
        if old.name != old.district:  # an island district without wards is found as a district
            _add(index.wards, old, (old.name, old.short, *old.aliases))
        _add(index.districts, old, (old.district, old.district_short, *old.district_aliases))
    for it in register.territories():
        _add(index.today, it, (it.name, it.short))
    return index


def _add(index: dict[str, list[_T]], it: _T, names: Iterable[str]) -> None:
    for key in {_key(name) for name in names}:
        index[key].append(it)


@cache
def _provinces() -> dict[str, frozenset[str]]:
    """Key of a province's name, of today or before, to the codes of the old provinces that it may mean."""
    codes: dict[str, frozenset[str]] = defaultdict(frozenset)
    for old in register.old_provinces():
        for name in (old.name, old.short):
            codes[_key(name)] |= {old.code}
    for it in register.provinces():
        for name in (it.name, it.short):
            codes[_key(name)] |= {old.code for old in it.predecessors}
    return dict(codes) | {name: frozenset({code}) for name, code in _MORE_NAMES.items()}


def _scope(text: str) -> frozenset[str] | None:
    return next((codes for key in sorted(_keys(text)) if (codes := _provinces().get(key))), None)
