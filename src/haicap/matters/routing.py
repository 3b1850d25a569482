"""To whom a matter goes, and why: the tables of competence asked, nobody guessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from haicap.clocks.documents import NATION
from haicap.matters.competence import Row, competent, why
from haicap.matters.entries import Reason
from haicap.matters.law import Law
from haicap.matters.schema import Procedure
from haicap.matters.state import Matter


@dataclass(frozen=True, slots=True)
class Route:
    """The unit that is to act, None where no rule names one, and the sentence that says why."""

    to: str | None
    why: Reason | None


def by_competence(
    law: Law,
    procedure: Procedure,
    facts: Mapping[str, JsonValue],
    *,
    unit: str,
    level: str,
    province: str | None,
    at: datetime,
) -> Route:
    """Ask the procedure's table who is competent for these public facts of a matter of `unit`, at `at` (aware).

    A table that does not answer, or a department of a province that the matter has none of, gives nobody: a
    work item for the province, never a default.
    """
    if procedure.competence is None:
        return Route(unit, None)
    asked = {**facts, "procedure": procedure.code, "place": "commune" if level == "commune" else "province"}
    row = competent(law.table(procedure.competence, at), asked, at)
    if row is None:
        return Route(None, None)
    reason = Reason(vi=why(row, "vi"), en=why(row, "en"))
    return Route(_unit(row, unit, province), reason)


def _unit(row: Row, unit: str, province: str | None) -> str | None:
    match row.unit:
        case "commune":
            return unit
        case "ministry":
            return NATION
        case "province":
            return province
        case department:
            return f"{province}-{department}" if province else None


def side_of(matter: Matter, side: str) -> str:
    """The unit whose people act on this side of a matter: its holder (or the province), raiser or parent."""
    whose = {"holder": matter.holder, "raiser": matter.raised_by, "parent": matter.province}[side]
    return whose or matter.province or NATION


def sides_of(matter: Matter, units: frozenset[str]) -> tuple[str, ...]:
    """The sides on which somebody of these units stands."""
    return tuple(side for side in ("holder", "raiser", "parent") if side_of(matter, side) in units)
