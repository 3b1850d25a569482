"""What conflicts of matters are shown and settled by."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from haicap.journal.entry import Entry
from haicap.matters.conflicts.rooms import ROOMS, Part, Room, Telling, field
from haicap.matters.fold import matters
from haicap.matters.law import law
from haicap.matters.models import MatterRow
from haicap.matters.queries import SEEN_BY
from haicap.matters.schema import Procedure
from haicap.matters.showing import Names, due_of, in_words, moment, shown, state_words, title_of
from haicap.matters.showing import first_due as first
from haicap.matters.state import Matter
from haicap.matters.telling import Teller
from haicap.units.rights import Person, visible

PROGRESS = ("state", "branch", "outcome", "ended", "clocks", "requests")
NOTED = ("links", "papers", "guided", "comments", "openings", "emergency", "distinct", "files", "hidden")


def parts(matter: Matter, names: Names) -> Sequence[Part]:
    """State and what hangs on it together, then who acts, then each public fact by itself."""
    procedure = law().pinned(matter.edition)
    joined = Part(
        "joined", _("Nhập vào việc khác"), lambda it: it.joined, lambda it: _("Có") if it.joined else _("Không"),
        lambda result, source: replace(result, joined=source.joined, ended=source.ended, clocks=source.clocks),
    )  # fmt: skip
    return (
        Part("progress", _("Trạng thái và thời hạn"), _progress, lambda it: _said(it, procedure), _take_progress),
        joined,
        Part("holder", _("Đơn vị đang giữ"), lambda it: it.holder, lambda it: names.unit(it.holder), _take_holder),
        field("assignee", _("Người thụ lý"), lambda it: names.person(it) or _("chưa phân công")),
        field("title", _("Tiêu đề"), str),
        *(_fact(code, procedure, names) for code in procedure.field),
    )  # fmt: skip


def _progress(matter: Matter) -> object:
    return (
        matter.state,
        matter.outcome,
        matter.ended is None,
        [(it.code, it.due) for it in matter.clocks if it.runs],
    )


def _take_progress(result: Matter, source: Matter) -> Matter:
    return replace(result, **{name: getattr(source, name) for name in PROGRESS})


def _take_holder(result: Matter, source: Matter) -> Matter:
    return replace(result, holder=source.holder, why=source.why, given_by=source.given_by, seen=source.seen)


def _said(matter: Matter, procedure: Procedure) -> str:
    outcomes = (step.outcome.get(matter.outcome or "") for step in procedure.step.values())
    outcome = next((in_words(it) for it in outcomes if it), "")
    running = first(matter)
    due = due_of(running, procedure, law(), matter.raised).due if running else None
    until = _("thời hạn đến %(due)s") % {"due": moment(due)} if due else ""
    return " · ".join(filter(None, (state_words(matter, procedure), outcome, until)))


def _fact(code: str, procedure: Procedure, names: Names) -> Part:
    asked = procedure.field[code]

    def take(result: Matter, source: Matter) -> Matter:
        rest = {name: value for name, value in result.facts.items() if name != code}
        return replace(result, facts=rest | ({code: source.facts[code]} if code in source.facts else {}))

    return Part(
        f"facts.{code}", in_words(asked), lambda it: it.facts.get(code),
        lambda it: shown(asked, it.facts[code], names) if code in it.facts else "–", take,
    )  # fmt: skip


def told(matter: Matter, entries: Sequence[Entry[Any]], names: Names) -> list[Telling]:
    """Entries as the timeline tells them; what is sealed stays so."""
    teller = Teller(law().pinned(matter.edition), names, {})
    return [Telling(*teller.said(entry)) for entry in entries]


def seen(person: Person, action: str) -> QuerySet[MatterRow]:
    """The matters in conflict on which `person` may do it."""
    return visible(person, action, MatterRow.objects.filter(conflicts__gt=0), by=SEEN_BY)


def around(matter: Matter) -> set[str]:
    """The units that have to do with it."""
    return {unit for unit in (matter.unit, matter.holder, matter.raised_by) if unit}


def noted(stands: Matter, chosen: Matter) -> dict[str, object]:
    """Remarks, links, papers and files stay whichever version is chosen; sealed facts are those of both."""
    kept = {name: getattr(stands, name) for name in NOTED}
    return kept | {"sealed": tuple(sorted({*stands.sealed, *chosen.sealed}))}


ROOM = Room(
    "matter", matters, lambda: _("Việc"), "matter.settle", "matters:id",
    lambda it: f"{it.number} · {title_of(it, law().pinned(it.edition))}", lambda it: str(it.unit), around, seen, parts,
    told, lambda it: str(it.procedure), noted,
)  # fmt: skip


def tell() -> None:
    """Tell the list of rooms."""
    ROOMS[ROOM.code] = ROOM
