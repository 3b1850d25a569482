"""The named regimes of reckoning, read from `data/regimes.toml`: each rule with its article and its mark."""

import tomllib
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from typing import Any, Literal

from haicap.clocks.calendars import DATA, Label, Mark
from haicap.clocks.limits import Unit


@dataclass(frozen=True, slots=True)
class Rule:
    """What decides a step: the article, and how sure it is."""

    law: Label
    mark: Mark


@dataclass(frozen=True, slots=True)
class Regime:
    """A way of counting.

    `ends` is 24:00 of the last day or the close of office hours; `rolls` names the units whose last day moves
    from a day off to the next working day; `rules` give every step its article.
    """

    code: str
    name: Label
    ends: Literal["midnight", "close"]
    rolls: frozenset[Unit]
    rules: dict[str, Rule]


@dataclass(frozen=True, slots=True)
class Desk:
    """When a file received is passed on the same day: until `cut`, local time."""

    cut: time
    rule: Rule


class UnknownRegime(LookupError):
    """No regime of this name."""

    def __init__(self, code: str) -> None:
        super().__init__(f"no regime of reckoning is named {code!r}; there are {', '.join(codes())}")


def codes() -> list[str]:
    """The names that `named` knows."""
    return sorted(_table()[0])


def named(code: str) -> Regime:
    """The regime `civil`, `criminal-procedure` or `office`. Raises `UnknownRegime`."""
    found = _table()[0].get(code)
    if found is None:
        raise UnknownRegime(code)
    return found


def desk() -> Desk:
    """The desk's rule (Decree 118/2025 art. 18(2) as replaced by Decree 309/2026)."""
    return _table()[1]


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, Regime], Desk]:
    read = tomllib.loads((DATA / "regimes.toml").read_text("utf-8"))
    shared, table = read.pop("shared"), read.pop("desk")
    return {code: _regime(code, row, shared) for code, row in read.items()}, Desk(table["cut"], _rule(table))


def _regime(code: str, row: dict[str, Any], shared: dict[str, Any]) -> Regime:
    rules = {name: _rule(rule) for name, rule in (shared | row["rules"]).items()}
    return Regime(code, Label(**row["name"]), row["ends"], frozenset(map(Unit, row["rolls"])), rules)


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(Label(**row["law"]), row["mark"])
