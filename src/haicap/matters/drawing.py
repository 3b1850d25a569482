"""A procedure as a picture: states as boxes in layers, steps as arrows with the numbers that the list beside gives.

Pure geometry; the template makes SVG of it. Steps that lead nowhere else stand as numbers in their state's box.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from django.utils.translation import gettext as _

from haicap.matters.schema import Procedure, Step
from haicap.matters.showing import in_words

WIDTH, HEIGHT = 148, 58  # of a box
ACROSS, DOWN = 84, 30  # between boxes
GUTTER = 10  # from a box to the first way back
ROOM = 28  # left of the first state, for ways back to it
MANY = 3  # states from which one step ends a matter
MARGIN = 16
DIP = 26  # how far a way back runs below the boxes, and how far apart two of them are
LETTERS = 19  # of a line in a box
COMMUNE = frozenset({"clerk", "officer", "leader"})

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A state: its corner, its label in lines, and in small which steps stay in it."""

    x: float
    y: float
    lines: tuple[str, ...]
    here: str
    kind: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """Steps from one state to another: the path, and where their numbers stand."""

    path: str
    x: float
    y: float
    text: str
    kind: str

    @property
    def width(self) -> int:
        """Of the plate behind the numbers."""
        return 10 + 7 * len(self.text)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole picture, and its size."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def drawn(procedure: Procedure) -> Drawing:
    """The picture of a procedure, labels in the active language."""
    ways = moves(procedure)
    places = placed(procedure, ways)
    over = sum(_far(places[start], places[end]) for start, end in ways)
    places = {code: (x, y + DIP * over) for code, (x, y) in places.items()}
    numbers = {code: number for number, code in enumerate(procedure.step, start=1)}
    here = _staying(procedure, numbers)
    boxes = tuple(
        Box(*places[code], _wrapped(in_words(label)), here.get(code, ""), _kind(procedure, code))
        for code, label in procedure.states.items()
    )
    bottom = max(y for _x, y in places.values()) + HEIGHT
    below, above = count(1), count(0)
    arrows: list[Arrow] = []
    for (start, end), steps in ways.items():
        its = (places[start], places[end])
        text = ", ".join(str(numbers[step.code]) for step in steps)
        if places[end][0] <= places[start][0]:
            arrows.append(_lane(*its, text, _whose(steps), bottom + DIP * next(below), 0.8, len(arrows)))
        elif _far(*its):
            arrows.append(_lane(*its, text, _whose(steps), MARGIN + DIP * next(above), 0.2, len(arrows)))
        else:
            arrows.append(_curve(*its, text, _whose(steps)))
    right = max(x for x, _y in places.values()) + WIDTH + ROOM + GUTTER
    return Drawing(right, bottom + DIP * (next(below) + 1), boxes, tuple(arrows))


def _far(start: Point, end: Point) -> bool:
    """Whether another layer lies between."""
    return end[0] - start[0] > WIDTH + ACROSS + 1


def moves(procedure: Procedure) -> dict[tuple[str, str], list[Step]]:
    """The steps that lead from one state to another, by both."""
    found: dict[tuple[str, str], list[Step]] = defaultdict(list)
    for step in procedure.step.values():
        for start in step.from_:
            for end in sorted(step.targets()):
                if start != end and not _exit(procedure, step, end):
                    found[start, end].append(step)
    return dict(found)


def _exit(procedure: Procedure, step: Step, end: str) -> bool:
    """Whether a step ends the matter from many states: said in the box, arrows would hide the rest."""
    return end in procedure.ends and len(step.from_) >= MANY


def placed(procedure: Procedure, ways: Iterable[tuple[str, str]]) -> dict[str, Point]:
    """The corner of every state's box: every step onward in the file's order leads to a later layer."""
    order = list(procedure.states)
    layer = dict.fromkeys(order, 0)
    for end in order:
        before = [start for start, to in ways if to == end and order.index(start) < order.index(end)]
        layer[end] = max((layer[start] + 1 for start in before), default=0)
    last = max(layer.values())
    alone = [code for code in order[1:] if not any(to == code for _start, to in ways)]
    layer |= dict.fromkeys(alone, last)
    layers = [[code for code in order if layer[code] == depth] for depth in range(max(layer.values()) + 1)]
    tallest = max(map(len, layers))
    found: dict[str, Point] = {}
    for column, codes in enumerate(layers):
        offset = (tallest - len(codes)) * (HEIGHT + DOWN) / 2
        for row, code in enumerate(codes):
            found[code] = (MARGIN + ROOM + column * (WIDTH + ACROSS), MARGIN + offset + row * (HEIGHT + DOWN))
    return found


def _staying(procedure: Procedure, numbers: dict[str, int]) -> dict[str, str]:
    found: dict[str, list[int]] = defaultdict(list)
    for step in procedure.step.values():
        for state in step.from_:
            if not step.targets() or step.targets() == {state}:
                found[state].append(numbers[step.code])
    said = {state: _("tại chỗ: %(steps)s") % {"steps": _runs(its)} for state, its in found.items()}
    for step in procedure.step.values():
        for end in step.targets():
            if _exit(procedure, step, end):
                said[end] = _("từ nhiều trạng thái: %(steps)s") % {"steps": numbers[step.code]}
    return said


def _runs(numbers: list[int]) -> str:
    """Ascending numbers in short: `2, 10–14, 17`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def _kind(procedure: Procedure, code: str) -> str:
    first = "first" if code == procedure.first_state else ""
    return "end" if code in procedure.ends else first


def _whose(steps: Iterable[Step]) -> str:
    """Whether people of the commune take these steps, or only those above."""
    return "" if any(COMMUNE & set(step.by) for step in steps) else "province"


def _lane(start: Point, end: Point, text: str, kind: str, level: float, part: float, turn: int) -> Arrow:
    """By the gutters and a lane of its own: back below all boxes, far onward above them."""
    aside = GUTTER + 5 * (turn % 5)
    x1, y1 = start[0] + WIDTH, start[1] + HEIGHT * part
    x2, y2 = end[0] - 2, end[1] + HEIGHT * part
    path = f"M{_xy((x1, y1))} H{x1 + aside:.0f} V{level:.0f} H{x2 - aside:.0f} V{y2:.0f} H{x2:.0f}"
    return Arrow(path, (x1 + x2) / 2, level, text, kind)


def _curve(start: Point, end: Point, text: str, kind: str) -> Arrow:
    """From side to side, into the next layer."""
    a, d = (start[0] + WIDTH, start[1] + HEIGHT / 2), (end[0] - 2, end[1] + HEIGHT / 2)
    half = (d[0] - a[0]) / 2
    b, c = (a[0] + half, a[1]), (d[0] - half, d[1])
    return Arrow(f"M{_xy(a)} C{_xy(b)} {_xy(c)} {_xy(d)}", (a[0] + d[0]) / 2, (a[1] + d[1]) / 2, text, kind)


def _xy(point: Point) -> str:
    return f"{point[0]:.0f} {point[1]:.0f}"


def _wrapped(label: str) -> tuple[str, ...]:
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + len(word) >= LETTERS:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return tuple(lines[:2]) if len(lines) <= 2 else (lines[0], f"{lines[1]}…")
