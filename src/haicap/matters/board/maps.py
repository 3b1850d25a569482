"""The schematic map of a province, coloured with one figure of its units."""

from pathlib import Path

from haicap.matters.board import words
from haicap.matters.board.shading import Drawing, drawing
from haicap.matters.board.work import Line, Work
from haicap.units.map import kept


def colour(province: str, its: Work, metric: str, folder: Path) -> Drawing:
    """The map kept in `folder`, each unit a link to the list that its figure counts."""
    lines = {line.code: line for line in its.lines}
    return drawing(
        kept(province, folder),
        {code: line.value(metric) for code, line in lines.items()},
        zero_apart=metric != "days",
        titles={code: f"{line.name}: {_said(line, metric)}" for code, line in lines.items()},
        urls={code: _url(line, metric) for code, line in lines.items()},
        marks={code: _said(line, metric).split()[0] for code, line in lines.items()},
        names={code: _bare(line.name) for code, line in lines.items()},
    )


def _said(line: Line, metric: str) -> str:
    value = line.value(metric)
    return words.days(value) if metric == "days" else words.number(value or 0)


def _url(line: Line, metric: str) -> str:
    url: str = getattr(line, "ended" if metric == "days" else metric).url
    return url


def _bare(name: str) -> str:
    """A name as short as the frame of an inset is wide."""
    return name.removeprefix("Đặc khu ").removesuffix(" special zone")
