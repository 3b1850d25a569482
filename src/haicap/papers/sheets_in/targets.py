"""What a column of a sheet may mean, and the words by which offices call it."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from django.utils.translation import gettext as _

from haicap.units.vietnamese import fold

Type = Literal[
    "text", "sentence", "choice", "yes-no", "number", "money", "date", "datetime", "unit", "phone", "id_number"
]  # fmt: skip
"""What cells hold; it tells how they are read and, beside the head, what a column may be. A `sentence` is of words."""

WORDS = Path(__file__).parent / "words.toml"


@dataclass(frozen=True, slots=True)
class Target:
    """Something that a column may be.

    `words` are the folded heads that mean it; `choices` the codes of a choice with their labels as they are offered,
    `options` the folded words of each; `sure` wins where the same head could also be something else; `filled_by` is the
    target that answers it, too, where it is not said itself; what is `common` is asked once for all lines where no
    column says it.
    """

    code: str
    label: str
    type: Type
    words: frozenset[str]
    needed: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    sure: bool = False
    common: bool = False
    filled_by: str = ""


def unit_targets() -> tuple[Target, Target]:
    """The unit that a line is of, by a name of today or of before, and the district that tells wards of a name apart.

    `Reading.unit` reads them.
    """
    return (
        Target("unit", _("Đơn vị"), "unit", common("unit"), sure=True, common=True),
        Target("district", _("Quận, huyện cũ"), "text", common("district"), sure=True),
    )


def words_of(its: Iterable[Target]) -> frozenset[str]:
    """All heads that a table of these targets may have, folded."""
    return frozenset(word for target in its for word in target.words) | common("others")


def common(code: str) -> frozenset[str]:
    """The folded heads that mean a thing which lists of every room have: `words.toml`."""
    return _common()[""][code]


def common_person(part: str) -> frozenset[str]:
    """The folded heads of a part of a person: `name`, `id_number`, `address`, `phone`."""
    return _common()["person"][part]


@cache
def _common() -> dict[str, dict[str, frozenset[str]]]:
    return heads(WORDS)


def heads(file: Path) -> dict[str, dict[str, frozenset[str]]]:
    """The folded heads that a file lists, by group (empty: outside of all) and code."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    alone = {code: its for code, its in table.items() if isinstance(its, list)}
    groups = {group: its for group, its in table.items() if isinstance(its, dict)}
    return {
        group: {code: frozenset(map(fold, its)) for code, its in by_code.items()}
        for group, by_code in {"": alone, **groups}.items()
    }
