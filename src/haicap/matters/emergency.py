"""Emergencies are stopped at the form: what cannot wait is called in first and written down afterwards."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from haicap.journal.pen import Pen
from haicap.matters.coming import Coming
from haicap.matters.entries import EmergencyShown
from haicap.matters.fold import matters
from haicap.matters.schema import Emergency, Procedure
from haicap.matters.state import Matter

MARK = "emergency"
"""The answer that holds the code of the emergency that was marked."""


class CallFirst(ValueError):
    """An emergency was marked, and nobody has said yet that it was called in or passed on."""

    def __init__(self, emergency: Emergency) -> None:
        super().__init__(emergency.code)
        self.emergency = emergency


def emergency(procedure: Procedure, answers: Mapping[str, str]) -> Emergency | None:
    """The emergency that somebody marked on the form of this procedure, or None. An unknown mark is none."""
    return procedure.emergency.get(answers.get(MARK, ""))


def shown(
    pen: Pen, entry_id: UUID, matter: Matter, procedure: Procedure, coming: Coming, grant: UUID | None
) -> Matter:
    """Write down beside the opening `entry_id` that the form was stopped, the numbers shown and what was done."""
    its = procedure.emergency.get(coming.emergency or "")
    if its is None or coming.done is None:
        return matter
    body = EmergencyShown(emergency=its.code, numbers=its.call, done=coming.done)
    return pen.write(matters, uuid5(entry_id, MARK), matter.id, body, unit=matter.unit, grant=grant)


def require_call(procedure: Procedure, coming: Coming) -> None:
    """Raises `CallFirst` where an emergency is marked and nothing was done about it."""
    its = procedure.emergency.get(coming.emergency or "")
    if its is not None and coming.done is None:
        raise CallFirst(its)
