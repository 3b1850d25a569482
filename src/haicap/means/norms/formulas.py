"""Formulas of norms: CEL over facts of a unit, without lists, texts or loops, so that each ends at once.

Every fact is a double but `remote`, a bool; CEL mixes no ints with doubles, so whole numbers are written `16.0`
(`settled` does that for whoever types `16`). Beside the operators there are `math.least`, `math.greatest`, `math.ceil`
and `math.floor`, as in cel-go. Results are decimals: what the arithmetic of doubles leaves beyond nine places is cut
before a norm rounds, so that 50 × 1.1 is 55 and not 56.
"""

import math
import re
from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from functools import lru_cache

import cel

from haicap.means.norms.entries import Rounding

LONGEST = 500  # characters
GREATEST = 10**12  # of anything
NAMES = ("population", "area_km2", "remote", "officers", "present", "matters_year", "reports_year")
Inputs = Mapping[str, Decimal | bool]

_SIGNS = re.compile(r"[\w\s.,()+\-*/<>=!&|?:]*", re.ASCII)
_WHOLE = re.compile(r"(?<![\w.])(\d+)(?![\w.])")
_DOUBLE = re.compile(r"(?<![\w.])(\d+)\.0(?![\w.])")
_OPERATORS = frozenset(
    {"_+_", "_-_", "_*_", "_/_", "-_", "!_", "_&&_", "_||_", "_<_", "_<=_", "_>_", "_>=_", "_==_", "_!=_", "_?_:_"}
)  # fmt: skip
_FUNCTIONS = {
    "math.least": lambda *its: min(its),
    "math.greatest": lambda *its: max(its),
    "math.ceil": lambda it: float(math.ceil(it)),
    "math.floor": lambda it: float(math.floor(it)),
}
_KNOWN = _OPERATORS | {name.partition(".")[2] for name in _FUNCTIONS}
_EXACT = Decimal("1e-9")
_ROUNDED = {"up": ROUND_CEILING, "down": ROUND_FLOOR}


class NotAFormula(ValueError):
    """A text is no formula of a norm: `fault` is `long`, `signs`, `syntax` or `unknown`; `what` names it."""

    def __init__(self, fault: str, what: str = "") -> None:
        super().__init__(f"{fault}: {what}")
        self.fault, self.what = fault, what


class NoNumber(ValueError):
    """A formula gives no number of things, none below nothing: `why` says what it gives instead."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def settled(text: str) -> str:
    """The formula as it is kept: on one line, whole numbers as doubles."""
    return _WHOLE.sub(r"\1.0", " ".join(text.split()))


def typed(formula: str) -> str:
    """A kept formula as people type it: `16` for `16.0`."""
    return _DOUBLE.sub(r"\1", formula)


def read(text: str) -> tuple[str, ...]:
    """The facts that a formula asks for, in the order of `NAMES`. Raises `NotAFormula`."""
    return _compiled(text)[1]


@lru_cache(maxsize=1000)
def _compiled(text: str) -> tuple[cel.Program, tuple[str, ...]]:
    if len(text) > LONGEST:
        raise NotAFormula("long")
    if not _SIGNS.fullmatch(text):
        raise NotAFormula("signs", _SIGNS.sub("", text, count=1)[:1])
    try:
        program = cel.compile(text)
    except ValueError as fault:
        raise NotAFormula("syntax", str(fault).partition("ERROR: ")[2].splitlines()[0][:120]) from fault
    asked = set(program.variables()) - {"math"}
    for unknown in sorted(asked - set(NAMES)) + sorted(set(program.functions()) - _KNOWN):
        raise NotAFormula("unknown", unknown.strip("_@"))
    return program, tuple(name for name in NAMES if name in asked)


class Desk:
    """Where formulas are worked out, for one thread."""

    def __init__(self) -> None:
        self._context = cel.Context(functions=_FUNCTIONS)

    def value(self, formula: str, inputs: Inputs) -> Decimal:
        """What the formula comes to, to nine places; `inputs` hold all that it asks for.

        Raises `NotAFormula`, and `NoNumber` for anything but a number from nothing to below `GREATEST`.
        """
        program, asked = _compiled(formula)
        for name in asked:
            it = inputs[name]
            self._context.add_variable(name, it if isinstance(it, bool) else float(it))
        try:
            found = program.execute(self._context)
        except (TypeError, ValueError, ArithmeticError, RuntimeError) as fault:
            raise NoNumber(str(fault).partition(":")[0][:120]) from fault
        if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
            raise NoNumber(str(found))
        if not 0 <= found < GREATEST:
            raise NoNumber(str(found))
        return Decimal(repr(found)).quantize(_EXACT, ROUND_HALF_EVEN)


def rounded(value: Decimal, rounding: Rounding) -> Decimal:
    """The value by the norm's rule; without one it keeps two places."""
    if rounding == "none":
        return value.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    return value.to_integral_value(_ROUNDED[rounding])
