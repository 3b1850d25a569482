"""Who is competent for what: tables of enumerated values with dates and articles, and a sentence that says why.

A table never guesses: what no row answers is a work item for a person, not a default.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, StringConstraints, ValidationError, model_validator
from pydantic import Field as Of

from haicap.clocks.wall import day_of
from haicap.matters.parts import Code, FieldCode, Law, Part, Text, Valid, listed
from haicap.matters.procedures import Malformed, faults

UnitCode = Annotated[str, StringConstraints(pattern=r"^(commune|province|ministry|[A-Z]{2}[0-9]{2})$")]
"""A kind of unit, or the code of a provincial department."""

Values = Annotated[tuple[Code, ...], BeforeValidator(listed, json_schema_input_type=Code | list[Code])]

WHY = Text(vi="Vì {because}: {unit}, {source}.", en="Because {because}: {unit}, {source}.")
IS = Text(vi="{dimension} là “{value}”", en="{dimension} is “{value}”")
SOURCE: dict[str, Text] = {
    "verified": Text(vi="theo {rule}", en="by {rule}"),
    "memory": Text(
        vi="theo {rule} (chưa đối chiếu văn bản)", en="by {rule} (not yet checked against the text)"
    ),
    "setting": Text(vi="do nơi vận hành quy ước: {rule}", en="as set by the operator: {rule}"),
}


class Dimension(Text):
    """One thing that decides, with every value that it can have."""

    of: Annotated[dict[Code, Text], Of(min_length=1)]


class Line(Part):
    """One row of the file: for these values (a dimension left out: any) this unit, while this is valid."""

    when: Annotated[dict[FieldCode, Values], Of(default_factory=dict)]
    unit: UnitCode
    valid: Valid
    law: Law

    def fits(self, facts: Mapping[str, object], day: dt.date) -> bool:
        """Whether this row answers these facts on this day."""
        return self.valid.covers(day) and all(facts.get(name) in values for name, values in self.when.items())


class Table(Part):
    """A table of competence; the order of its rows means nothing."""

    code: Code
    name: Text
    valid: Valid
    dimension: Annotated[dict[FieldCode, Dimension], Of(min_length=1)]
    unit: dict[UnitCode, Text]
    row: Annotated[tuple[Line, ...], Of(min_length=1)]

    @model_validator(mode="after")
    def _known(self) -> Self:
        for number, line in enumerate(self.row, start=1):
            if line.unit not in self.unit:
                raise ValueError(f"row {number}: {line.unit} has no label in [unit]")
            for name, values in line.when.items():
                known = self.dimension[name].of if name in self.dimension else {}
                if strange := set(values) - set(known):
                    raise ValueError(f"row {number}: {name} is never {', '.join(sorted(strange))}")
        return self


@dataclass(frozen=True, slots=True)
class Row:
    """The answer: the unit (a kind of unit or a department's code), and what decided."""

    unit: str
    label: Text
    law: Law
    valid: Valid
    because: tuple[tuple[Text, Text], ...]


@dataclass(frozen=True, slots=True)
class Flaw:
    """A gap (no row) or an overlap (several) for these values, in the half-open period of days."""

    kind: Literal["gap", "overlap"]
    facts: tuple[tuple[str, str], ...]
    since: dt.date
    until: dt.date | None
    units: tuple[str, ...] = ()


def competent(table: Table, facts: Mapping[str, object], at: dt.datetime) -> Row | None:
    """Who is competent at `at` (aware) for these facts; None, a work item, where not exactly one row answers.

    `facts` are the public facts of the matter, with `procedure` and `place` (`commune` or `province`) where the
    table asks for them. A fact that is missing or strange to the table gives None.
    """
    day = day_of(at)
    if any(facts.get(name) not in dimension.of for name, dimension in table.dimension.items()):
        return None
    lines = [line for line in table.row if line.fits(facts, day)]
    return _row(table, lines[0], facts) if len(lines) == 1 else None


def why(row: Row, lang: str) -> str:
    """One sentence for people: what decided, who it is, by what rule and how sure that is."""
    because = ", ".join(
        IS.in_(lang).format(dimension=_small(name.in_(lang)), value=value.in_(lang))
        for name, value in row.because
    )
    source = SOURCE[row.law.mark].in_(lang).format(rule=row.law.rule.in_(lang))
    return WHY.in_(lang).format(because=because, unit=row.label.in_(lang), source=source)


def gaps_and_overlaps(table: Table) -> list[Flaw]:
    """Every combination of values and every period between changes in which not exactly one row answers."""
    return [flaw for since, until in _periods(table) for flaw in _flaws(table, since, until)]


def parse(text: str) -> Table:
    """Read a table. Raises `Malformed` with every fault found."""
    try:
        return Table.model_validate(tomllib.loads(text.replace("\r\n", "\n")))
    except tomllib.TOMLDecodeError as error:
        raise Malformed([str(error)]) from error
    except ValidationError as error:
        raise Malformed(faults(error)) from error


@cache
def shipped() -> dict[str, Table]:
    """The tables that come with haicap, by code; read once."""
    folder = files("haicap.matters") / "shipped" / "competence"
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    tables = [parse((folder / name).read_text(encoding="utf-8")) for name in names]
    return {table.code: table for table in tables}


def _row(table: Table, line: Line, facts: Mapping[str, object]) -> Row:
    because = tuple(
        (Text(vi=dimension.vi, en=dimension.en), dimension.of[str(facts[name])])
        for name, dimension in table.dimension.items()
        if name in line.when
    )
    return Row(line.unit, table.unit[line.unit], line.law, line.valid, because)


def _small(label: str) -> str:
    return label[:1].lower() + label[1:]


def _periods(table: Table) -> list[tuple[dt.date, dt.date | None]]:
    edges = {table.valid.from_}
    for line in table.row:
        edges |= {each for each in (line.valid.from_, line.valid.until) if each and table.valid.covers(each)}
    since = sorted(edges)
    return list(zip(since, [*since[1:], table.valid.until], strict=True))


def _flaws(table: Table, since: dt.date, until: dt.date | None) -> Iterator[Flaw]:
    for values in product(*(dimension.of for dimension in table.dimension.values())):
        facts = dict(zip(table.dimension, values, strict=True))
        lines = [line for line in table.row if line.fits(facts, since)]
        if len(lines) != 1:
            kind: Literal["gap", "overlap"] = "overlap" if lines else "gap"
            yield Flaw(kind, tuple(facts.items()), since, until, tuple(line.unit for line in lines))
