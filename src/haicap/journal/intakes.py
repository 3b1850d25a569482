"""What the authority has taken in of each stream, and what of it is held: the stream is the subject."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold, Folded
from haicap.journal.ids import is_uuid
from haicap.journal.models import Intake as IntakeRow
from haicap.journal.models import Row
from haicap.journal.order import Released, Taken
from haicap.journal.projection import projects


@dataclass(frozen=True, slots=True)
class Held:
    """An entry that is stored and does not count: why (a code), and since when (the authority's clock, UTC)."""

    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Intake:
    """A stream as the authority has taken it in.

    `held` is by entry, without those `released` since; `withdrawn` are entries that count though their grant had
    ended when they were written.
    """

    stream: UUID
    unit: str
    up_to: int = 0
    held: dict[UUID, Held] = field(default_factory=dict)
    released: tuple[UUID, ...] = ()
    withdrawn: tuple[UUID, ...] = ()


intakes = Fold(Intake)


@intakes.on(Taken, opens=True, continues=True)
def taken(before: Intake | None, entry: Entry[Taken]) -> Intake:
    it = before or Intake(entry.subject, entry.unit)
    held = {
        UUID(name): Held(reason, entry.at)
        for name, reason in entry.body.held.items()
        if is_uuid(name) and UUID(name) not in it.released
    }
    return replace(
        it, up_to=max(it.up_to, entry.body.up_to), held=held | it.held, withdrawn=it.withdrawn + entry.body.withdrawn
    )  # fmt: skip


@intakes.on(Released)
def released(intake: Intake, entry: Entry[Released]) -> Intake:
    gone = entry.body.entry
    if gone not in intake.held:
        return intake
    left = {name: held for name, held in intake.held.items() if name != gone}
    return replace(intake, held=left, released=(*intake.released, gone))


@projects(intakes, into=IntakeRow)
def intake_row(intake: Intake, folded: Folded[Intake]) -> Row:
    return {
        "unit": intake.unit,
        "up_to": intake.up_to,
        "held": len(intake.held),
        "oldest": min((held.since for held in intake.held.values()), default=None),
    }
