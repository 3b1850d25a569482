"""From the words of a cell to a unit of today: by its code or name, by the name of an old ward, by an old address."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from haicap.units import register
from haicap.units.models import UnitRow
from haicap.units.old_addresses import Match, convert
from haicap.units.rights import Person, reach
from haicap.units.vietnamese import fold

MOST_CHOICES = 12
_POLICE = re.compile(r"^\s*(công\s+an|cong\s+an|c\.?a\.?)(?:\s+|(?=[px]\b|[px]\.))", re.IGNORECASE)
_SHORT = re.compile(r"^\s*ca(p|x|tt|đk|dk)\.?\s+", re.IGNORECASE)
_SHORT_KINDS = {"p": "phường", "x": "xã", "tt": "thị trấn", "đk": "đặc khu", "dk": "đặc khu"}


@dataclass(frozen=True, slots=True)
class Found:
    """The unit of today that a text means, or, where that is not clear, those that it may mean."""

    code: str | None
    choices: tuple[str, ...] = ()


NOWHERE = Found(None)


class Places:
    """The units that a sheet of some person may name: those of the provinces that the person works in. One query."""

    def __init__(self, rows: Iterable[UnitRow], province: str | None) -> None:
        self.rows = {row.code: row for row in rows}
        self.province = province
        self.known: dict[str, Found] = {}

    @classmethod
    def of(cls, person: Person, action: str) -> "Places":
        """The units of the person's province, and of those in which they may do `action`."""
        provinces = {*reach(person, action).provinces, *filter(None, [person.province])}
        units = UnitRow.objects.defer("state", "aside", "branches", "waiting")
        return cls(units.filter(Q(province__in=provinces) | Q(code__in=provinces)), person.province)

    def name(self, code: str) -> str:
        """What a unit is called today; its code where it is not among these."""
        return self.rows[code].name if code in self.rows else code

    def find(self, text: str) -> Found:
        """The unit that a text means. A ward that was divided is not clear, and neither is one of two of a name."""
        if text not in self.known:
            self.known[text] = self._find(" ".join(text.split()))
        return self.known[text]

    def _find(self, text: str) -> Found:
        if not fold(text):
            return NOWHERE
        if code := self._code(text):
            return Found(code)
        plain = _SHORT.sub(lambda it: f"{_SHORT_KINDS[it[1].lower()]} ", text)
        plain = _POLICE.sub("", plain)
        return self._meant(self._matches(plain)) or self._named(text, plain) or NOWHERE

    def _code(self, text: str) -> str | None:
        short = f"{self.province}-{text.upper()}"
        return next((self._today(code) for code in (text.upper(), short) if code in self.rows), None)

    def _matches(self, text: str) -> list[Match]:
        """What an address or name means, in this province where it means something there."""
        written = [
            it for it in convert(text) if it.territory.province == self.province or self.province is None
        ]
        if written or self.province is None:
            return written
        return list(convert(f"{text}, {register.province(self.province).short}"))

    def _meant(self, matches: list[Match]) -> Found | None:
        wards = [it for it in matches if it.way != "district"] or matches
        codes = list(dict.fromkeys(code for it in wards if (code := self._today(it.territory.code))))
        today = [it.territory.code for it in wards if it.way == "today"]
        if len(codes) == 1 and wards[0].way != "district":
            return Found(codes[0])
        if len(today) == 1 and all(today[0] in (it.old.became if it.old else today) for it in wards):
            return Found(self._today(today[0]))
        return Found(None, tuple(codes[:MOST_CHOICES])) if codes else None

    def _named(self, text: str, plain: str) -> Found | None:
        codes = dict.fromkeys(code for name in (fold(text), fold(plain)) for code in self._by_name[name])
        todays = list(dict.fromkeys(code for it in codes if (code := self._today(it))))
        if len(todays) == 1:
            return Found(todays[0])
        return Found(None, tuple(todays[:MOST_CHOICES])) if todays else None

    def _today(self, code: str) -> str | None:
        """The unit that goes on with this one's work today; None if there is none, or more than one."""
        for _ in range(10):
            row = self.rows.get(code)
            if row is None or row.closed is None:
                return code if row else None
            code = row.successor or ""
        return None

    @cached_property
    def _by_name(self) -> defaultdict[str, list[str]]:
        names: defaultdict[str, list[str]] = defaultdict(list)
        for code, row in self.rows.items():
            for name in {fold(row.name), fold(row.name_en)}:
                names[name].append(code)
        return names
