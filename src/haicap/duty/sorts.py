"""What the duty log is made of: sorts of line and serious cases, with their words (`data/log.toml`)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from haicap.clocks.calendars import Label

Sort = Literal["incident", "call", "order", "visit", "line-down", "other"]
PHONE, WRITTEN = "phone", "written"
QUICK = "quick-report"  # what the rows of `Owed` that this room writes are called


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of line; `key` is the letter that chooses it, per language."""

    code: str
    name: Label
    key: Label
    stays: bool
    becomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """The rules that come with haicap, in force where nobody has set others."""

    hour: str
    phone: str
    written: str
    quick: tuple[str, ...]


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads((files("haicap.duty") / "data" / "log.toml").read_text(encoding="utf-8"))


@cache
def sorts() -> dict[str, Kind]:
    """The sorts of line by code, in the order in which they are offered."""
    return {
        code: Kind(
            code, Label(vi=it["vi"], en=it["en"]), Label(**it["key"]), it.get("stays", False), tuple(it["becomes"])
        )
        for code, it in _file()["sort"].items()
    }  # fmt: skip


@cache
def cases() -> dict[str, Label]:
    """The serious cases of an incident by code."""
    return {code: Label(**it) for code, it in _file()["case"].items()}


@cache
def given() -> Given:
    """The rules that come with haicap."""
    its = _file()["rules"]
    return Given(its["hour"], its["phone"], its["written"], tuple(its["quick"]))
