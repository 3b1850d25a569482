"""The words by which offices call columns and what stands in them: `data/handover-words.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from haicap.means.catalogue.fold import Kind
from haicap.means.words import called
from haicap.papers.sheets_in.choosing import options_of
from haicap.papers.sheets_in.targets import Target, Type
from haicap.units.vietnamese import fold


@cache
def _said() -> Mapping[str, Any]:
    return tomllib.loads((files("haicap.means") / "data" / "handover-words.toml").read_text(encoding="utf-8"))


def target(group: str, code: str, label: str, type: Type = "text", **more: Any) -> Target:
    """What a column may be, with the heads that the file lists for it."""
    said = _said()
    words = said[group][code] if code in said.get(group, {}) else said["common"][code]
    return Target(code, label, type, frozenset(map(fold, words)), sure=True, **more)


def chosen(group: str, code: str, label: str, of: str, choices: Mapping[str, str], **more: Any) -> Target:
    """A column of choices: `choices` are codes with labels, `of` names the group of words for each."""
    words = _said()["option"][of]
    options = options_of({it: (it, text, *words.get(it, ())) for it, text in choices.items()})
    return target(group, code, label, "choice", choices=choices, options=options, **more)


def named(kinds: Mapping[str, Kind]) -> dict[str, str]:
    """Kinds of the catalogue as choices, in the active language."""
    return {code: called(kind) for code, kind in kinds.items()}


def kind_words(kinds: Mapping[str, Kind], of: str) -> dict[str, str]:
    """The folded words of kinds: their names in both languages, their codes, and what the file lists."""
    words = _said()["option"][of]
    return options_of({code: (code, it.vi, it.en, *words.get(code, ())) for code, it in kinds.items()})
