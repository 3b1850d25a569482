"""What the entries of plans mean."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.means.plans.entries import PlanAdopted, PlanWithdrawn


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it was adopted, and whether it still holds."""

    id: UUID
    unit: str
    said: PlanAdopted
    at: datetime
    by: UUID
    withdrawn: datetime | None = None
    withdrawn_by: UUID | None = None
    reason: str = ""

    def task(self, key: str) -> UUID:
        """The matter by which the item with this key is asked for."""
        return uuid5(self.id, key)


plans = Fold(Plan)


@plans.on(PlanAdopted, opens=True)
def adopted(_: None, entry: Entry[PlanAdopted]) -> Plan:
    return Plan(entry.subject, entry.unit, entry.body, entry.at, entry.actor)


@plans.on(PlanWithdrawn)
def withdrawn(plan: Plan, entry: Entry[PlanWithdrawn]) -> Plan:
    return replace(plan, withdrawn=entry.at, withdrawn_by=entry.actor, reason=entry.body.reason)
