"""Papers that draw: a programme's works over time on A4 across."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from haicap.papers.contents import Paper, Part
from haicap.papers.wording import Line, Words


class Mark(Part):
    """A line of the ruling, in percent of the drawing's width; `strong` where a year begins."""

    x: float = Field(ge=0, le=100)
    label: Line = ""
    strong: bool = False


class Span(Part):
    """From where and how long, in percent of the drawing's width."""

    x: float = Field(ge=0, le=100)
    width: float = Field(ge=0, le=100.5)


class Bar(Part):
    """A row of the drawing: what it is, how it stands, what was planned, and what is expected and done."""

    label: Words
    unit: Line
    note: Line = ""
    kind: Literal["planned", "begun", "done", "stopped", "dropped"]
    late: bool = False
    before: Span
    prepares: Span | None = None
    works: Span
    done: Span | None = None


class Count(Part):
    """A figure with its words."""

    label: Words
    value: Words


class Programme(Paper):
    """Works over time: figures, money by source, and a bar for each project."""

    title: Words
    summary: Line = ""
    lines: tuple[Line, ...] = ()
    counts: tuple[Count, ...] = ()
    marks: tuple[Mark, ...] = ()
    today: float | None = Field(default=None, ge=0, le=100)
    bars: tuple[Bar, ...] = ()
    note: Line = ""


CHARTS: Mapping[str, type[Paper]] = {"programme": Programme}
"""These are laid out by a template of their own, not by texts that an office changes."""
