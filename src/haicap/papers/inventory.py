"""Papers of means: a record with tables and two signatures (hand-over, stock-take), and sheets of labels."""

from collections.abc import Mapping

from pydantic import Field

from haicap.papers.contents import ListColumn, Paper, Part, Signature
from haicap.papers.wording import Line, Words


class Fact(Part):
    """A line before the tables: what it says, and what of it."""

    label: Words
    value: Line = ""


class Section(Part):
    """A table with a title; `none` stands where it has no rows."""

    title: Line = ""
    columns: tuple[ListColumn, ...] = Field(min_length=1)
    rows: tuple[tuple[Line, ...], ...] = ()
    none: Line = ""


class Record(Paper):
    """A record upright on A4: facts, tables, and who signs on the left and on the right."""

    title: Words
    summary: Line = ""
    facts: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()
    note: Line = ""
    left: Signature
    right: Signature


class Label(Part):
    """A label: the QR code as SVG, the code, what it is and whose."""

    qr: str
    code: Words
    kind: Words
    name: Line = ""
    unit: Words


class Labels(Paper):
    """Sheets of labels of 70 × 37 mm, 24 on an A4 page, as label paper is sold."""

    labels: tuple[Label, ...] = Field(min_length=1)


INVENTORY: Mapping[str, type[Paper]] = {"record": Record, "labels": Labels}
"""These are laid out by a template of their own, not by texts that an office changes."""
