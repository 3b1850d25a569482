"""Reading procedures: from TOML text to a frozen `Procedure`, and the ones that come with haicap."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from haicap.matters.schema import Procedure


class Malformed(ValueError):
    """A text is not a procedure; `faults` says for each place what is wrong there."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


def edition(text: str) -> str:
    r"""SHA-256 in hex of a procedure's text in UTF-8 with `\n` line ends: what a matter pins for life."""
    return hashlib.sha256(_lines(text).encode()).hexdigest()


def parse(text: str) -> Procedure:
    """Read a procedure. Raises `Malformed` with every fault; sense is for `proving.check`."""
    try:
        data = tomllib.loads(_lines(text))
    except tomllib.TOMLDecodeError as error:
        raise Malformed([str(error)]) from error
    if "edition" in data:
        raise Malformed(["edition: is computed, leave it out"])
    try:
        return Procedure.model_validate(data | {"edition": edition(text)})
    except ValidationError as error:
        raise Malformed(faults(error)) from error


def faults(error: ValidationError) -> list[str]:
    """Each fault of a validation as `step.pass-on.by: what is wrong`."""
    return [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]


@cache
def shipped() -> tuple[Procedure, ...]:
    """The procedures that come with haicap, by file name; read once."""
    folder = files("haicap.matters") / "shipped"
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    return tuple(parse((folder / name).read_text(encoding="utf-8")) for name in names)


def in_force(procedures: Iterable[Procedure], code: str, day: dt.date) -> Procedure | None:
    """The procedure with this code that is in force on `day` (in Asia/Ho_Chi_Minh), if there is one."""
    return next((each for each in procedures if each.code == code and each.valid.covers(day)), None)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a procedure's file, kept as `docs/procedure.schema.json`."""
    schema = Procedure.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")
