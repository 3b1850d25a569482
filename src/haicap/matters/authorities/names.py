"""One authority, however its name is written: `UBND P. Hồng Bàng` is `Ủy ban nhân dân phường Hồng Bàng`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from haicap.units.vietnamese import fold


def key(name: str) -> str:
    """The folded name with its abbreviations written out, in words joined by dashes; the same for one authority.

    What follows a comma tells where it is ("…, thành phố Hải Phòng") and is left out.
    """
    words = _written_out(fold(name.split(",")[0]).split())
    return "-".join(words) or "khong-ro"


def _written_out(words: list[str]) -> list[str]:
    short, level = _abbreviations()
    found: list[str] = []
    for place, word in enumerate(words):
        is_level = word in level and place > 0 and place + 1 < len(words)
        found += (short.get(word) or (level[word] if is_level else word)).split()
    return found


@cache
def _abbreviations() -> tuple[Mapping[str, str], Mapping[str, str]]:
    place = Path(__file__).parent.parent / "data" / "authorities.toml"
    its = tomllib.loads(place.read_text(encoding="utf-8"))
    return its["short"], its["level"]
