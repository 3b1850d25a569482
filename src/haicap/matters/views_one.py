"""A matter's own page: its journal in words, its clocks, what can be done next, its facts, papers and conflicts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haicap.journal.entry import Entry
from haicap.journal.erasing import KeyErased
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import writing
from haicap.journal.queries import withdrawn
from haicap.journal.reference import decides_here
from haicap.matters import acts, as_of, late, pages, queries
from haicap.matters.afterwards import unseal
from haicap.matters.attaching.views import card
from haicap.matters.coming import SPEAKER
from haicap.matters.conflicts.numbers import of_matter, shown_clashes
from haicap.matters.conflicts.sides import sides
from haicap.matters.drafts import is_uuid
from haicap.matters.entries import FoundByIdentity, Raised, Stepped, Unsealed
from haicap.matters.erasure.actions import may_erase
from haicap.matters.origins import origins
from haicap.matters.schema import Step
from haicap.matters.showing import (
    SEALED,
    Due,
    Names,
    due_of,
    first_due,
    in_words,
    limit_words,
    shown,
    today_of,
)
from haicap.matters.state import Clock, Matter
from haicap.matters.telling import BY, HOW, OTHER, Event, Facts, Teller, people_named, units_named, with_notes
from haicap.matters.transferring.due import on_its_way
from haicap.matters.transferring.opening import unsealed as unsealed
from haicap.matters.transferring.opening import vouched
from haicap.nodes.actions import SEE
from haicap.units.acting import Unsaid
from haicap.units.names import heirs
from haicap.units.rights import Refused, decide
from haicap.units.sign_in import Request, signed_in

SHOWN_STEPS = 2  # beside the first; further ones lie in the menu
Opened = Mapping[UUID, Facts]
Link = tuple[str, str]  # words and address


@dataclass(frozen=True, slots=True)
class ClockShown:
    """A clock of the matter as its card shows it."""

    title: str
    limit: str
    since: datetime
    its: Due
    how: str
    whose: str
    third: bool


SOURCES: dict[str, Callable[[], str]] = {
    "publication": lambda: _("Nguồn công bố"),
    "file": lambda: _("Nhập từ tệp"),
    "row": lambda: _("Dòng trong bảng"),
    "number": lambda: _("Số ở nguồn"),
    "date": lambda: _("Ngày, như nguồn ghi"),
    "place": lambda: _("Nơi, như nguồn ghi"),
    "unit": lambda: _("Đơn vị, như nguồn ghi"),
    "difficulty": lambda: _("Nguyên văn"),
    "answer": lambda: _("Trả lời, nguyên văn"),
}
"""What is told of where a matter was taken from; codes and ids of that place tell people nothing."""


@dataclass(frozen=True, slots=True)
class Version:
    """One of the states between which a conflict is to be settled."""

    title: str
    state: str
    holder: str
    outcome: str
    due: Due
    events: tuple[Event, ...]


@require_safe
@signed_in
def numbered(request: Request, number: str) -> HttpResponse:
    """The matter with this number; where two nodes gave out the same, both to choose from."""
    rows = queries.numbered(request.person, number)
    if not rows:
        raise Http404
    if len(rows) > 1:
        found = [pages.of_row(row) for row in rows]
        return render(request, "matters/choose_one.html", {"number": number, "found": found})
    return _page(request, pages.of_row(rows[0]), {})


@require_safe
@signed_in
def by_id(request: Request, subject: UUID) -> HttpResponse:
    """The matter by its id: the address that never means two."""
    return _page(request, pages.seen(request, subject), {})


@never_cache
@require_POST
@signed_in
def opened(request: Request, subject: UUID) -> HttpResponse:
    """Opens the sealed facts for the purpose given, records that, and shows them in this answer alone."""
    seen = pages.seen(request, subject)
    if not is_uuid(request.POST.get("entry_id")):
        raise Http404
    entry_id, purpose = UUID(request.POST["entry_id"]), request.POST.get("purpose", "")
    try:
        with writing(request.person, at=timezone.now(), subjects=[subject], units=[seen.matter.unit]) as pen:
            if pen.wrote(entry_id):  # a page sent again shows nothing again: each opening is its own entry
                return redirect("matters:id", subject)
            unseal(pen, entry_id=entry_id, subject=subject, purpose=purpose)
    except Unsaid:
        return _page(request, seen, {}, fault=_("Ghi lý do mở phần niêm phong."), status=422)
    except Refused as why:
        return pages.not_done(request, subject, why)
    return _page(request, pages.seen(request, subject), unsealed(queries.told(subject)))


def _page(
    request: Request, seen: pages.Seen, opened: Opened, *, fault: str = "", status: int = 200
) -> HttpResponse:
    matter = seen.matter
    entries = queries.told(matter.id)
    units = units_named(entries) | {unit for unit in (matter.unit, matter.holder, matter.raised_by) if unit}
    names = pages.names(units, {*people_named(entries), matter.assignee})
    teller = Teller(seen.procedure, names, opened, seen.folded.aside, _withdrawn(entries))
    steps = queries.steps_for(request.person, matter, seen.procedure) if seen.folded.frozen is None else ()
    first = queries.next_step(matter, seen.procedure, steps)
    others = [step for step in steps if step is not first]
    others.sort(key=lambda step: not queries.of_use(step, matter, seen.procedure))
    offered = acts.offered(request.person, seen.folded)
    clocks = [_clock(seen, place, clock) for place, clock in enumerate(matter.clocks)]
    erased = any(isinstance(entry.body, KeyErased) for entry in entries)
    near, other = _papers(seen, entries, steps)
    context = {
        "seen": seen, "matter": matter, "now": seen.at, "names": names,
        "holder": names.unit(matter.holder), "assignee": names.person(matter.assignee),
        "due": due_of(first_due(matter), seen.procedure, seen.law, seen.at),
        "first": _button(matter, first), "steps": [_button(matter, step) for step in others[:SHOWN_STEPS]],
        "more": [_button(matter, step) for step in others[SHOWN_STEPS:]],
        "acts": [(act.label, reverse("matters:act", args=[matter.id, act.code])) for act in offered],
        "events": with_notes(teller.events(entries), late.notes(entries, matter.unit) | vouched(entries)),
        "clocks": sorted(clocks, key=_urgency),
        "facts": _facts(seen, names), "sealed": _sealed(seen, entries, opened, names),
        "may_open": acts.may_open(request.person, matter) and bool(matter.sealed) and not erased,
        "erased": erased, "may_erase": not erased and may_erase(request.person, matter),
        "entry_id": uuid7(), "fault": fault, "opened": bool(opened),
        "openings": [
            teller.event(entry) for entry in entries if isinstance(entry.body, FoundByIdentity | Unsealed)
        ],
        "versions": _versions(seen, entries, teller) if seen.folded.aside else (),
        "ended_units": _ended_units(matter), "as_of": as_of.marks([matter.unit, matter.holder], names, seen.at),
        "way": on_its_way(seen.row, matter, seen.at), "sees_files": request.person.may(SEE),
        "clashes": shown_clashes(of_matter(request.person, seen.row)),
        "may_settle": decide(request.person, "matter.settle", acts.around(matter)).allowed and decides_here(),
        "papers": near, "other_papers": other, "issued": _issued(seen, entries),
        "links": [(it, HOW[it.how]()) for it in matter.links],
        "card": card(request.person, seen),
        "may_print": any(act.code == "comment" for act in offered),
    }  # fmt: skip
    return render(request, "matters/one.html", context, status=status)


def _ended_units(matter: Matter) -> list[str]:
    """A sentence for each unit of the matter that is no more: since when, and who goes on. No query."""
    ended = heirs(dict.fromkeys((matter.unit, matter.holder)))
    names = queries.unit_names([*ended, *(into for _since, into in ended.values())])
    found = []
    for code, (since, into) in ended.items():
        said = {
            "old": names.get(code, code),
            "day": f"{since:%d/%m/%Y}",
            "new": names.get(into or "", into or ""),
        }
        found.append(
            _("%(old)s đã nhập vào %(new)s từ ngày %(day)s; %(new)s làm tiếp việc này.") % said
            if into
            else _("%(old)s đã được chia tách từ ngày %(day)s; chuyển việc này đến đơn vị nhận địa bàn.")
            % said
        )
    return found


def _withdrawn(entries: Iterable[Entry[Any]]) -> frozenset[UUID]:
    """Entries of other nodes that were written after their grant had ended; no query where there are no others."""
    mine = own()
    streams = {entry.stream for entry in entries if entry.stream != mine.stream(entry.unit, "work").id()}
    return withdrawn(streams) if streams else frozenset()


def _button(matter: Matter, step: Step | None) -> Link | None:
    return (in_words(step), reverse("matters:step", args=[matter.id, step.code])) if step else None


def _clock(seen: pages.Seen, place: int, clock: Clock) -> ClockShown:
    rule = seen.procedure.clock[clock.code]
    whose = {"holder": "", "raiser": _("đơn vị nêu"), "third-party": _("cơ quan khác")}[clock.binds]
    return ClockShown(
        title=in_words(rule),
        limit=limit_words(clock.limit),
        since=clock.since,
        its=due_of(clock, seen.procedure, seen.law, seen.at),
        how=reverse("matters:clock", args=[seen.matter.id, place]),
        whose=whose,
        third=clock.binds == "third-party",
    )


def _urgency(it: ClockShown) -> tuple[bool, bool, bool, str]:
    """Ours that run first, by their ends; then third parties', then those that stand still, then those that are met."""
    return it.its.done is not None, it.its.due is None, it.third, str(it.its.due)


def _facts(seen: pages.Seen, names: Names) -> list[tuple[str, str, str]]:
    """Label, value and remark of everything public, in the procedure's order, then how it came here."""
    matter, fields = seen.matter, seen.procedure.field
    found = []
    for code, field in fields.items():
        if code in matter.facts:
            value = shown(field, matter.facts[code], names)
            today = today_of(value) if field.type == "place" else ""
            found.append((in_words(field), value, _("nay là %(place)s") % {"place": today} if today else ""))
    outcomes = (step.outcome.get(matter.outcome or "") for step in seen.procedure.step.values())
    outcome = next((in_words(it) for it in outcomes if it), "")
    found += [
        (_("Kết quả"), outcome, ""),
        (_("Kênh tiếp nhận"), BY[matter.by](), _("không ghi tên") if matter.facts.get("anonymous") else ""),
        (_("Khẩn cấp khi tiếp nhận"), in_words(seen.procedure.emergency.get(matter.emergency or "")), ""),
        (
            _("Đơn vị tiếp nhận"),
            names.unit(matter.raised_by),
            _("địa bàn vùng sâu, vùng xa") if matter.remote else "",
        ),
        (_("Hồ sơ của"), names.unit(matter.unit) if matter.unit != matter.raised_by else "", ""),
        (_("Vì sao đến đây"), in_words(matter.why), ""),
        *((label(), matter.source.get(key, ""), "") for key, label in SOURCES.items()),
        (_("Từ sổ trực"), _duty_line(matter.source["line"]) if "line" in matter.source else "", ""),
        *(
            (words, format_html('<a href="{}">{}</a>', url, matter.source.get("round") or words), "")
            for words, url in origins(matter.source)
        ),
    ]
    return [fact for fact in found if fact[1]]


def _duty_line(subject: str) -> str:
    """The line of the duty log that a matter came of, by the address that room gives its lines."""
    return format_html('<a href="{}duty/id/{}/">{}</a>', get_script_prefix(), subject, _("dòng sổ trực"))


def _sealed(
    seen: pages.Seen, entries: Iterable[Entry[Any]], opened: Opened, names: Names
) -> list[tuple[str, str]]:
    """Label and value of what is sealed: dots until it is opened; the newest value of each where it is."""
    fields = seen.procedure.field
    if opened:
        latest = {
            code: value
            for facts in opened.values()
            for code, value in facts.items()
            if code not in ("comment", "file")
        }
        labels = {
            code: in_words(fields[code]) if code in fields else OTHER.get(code, str)() for code in latest
        }
        order = [
            *(code for code in latest if code not in fields),
            *(code for code in fields if code in latest),
        ]
        return [(labels[code], shown(fields.get(code), latest[code], names)) for code in order]
    raised = any(isinstance(entry.body, Raised) and entry.sealed for entry in entries)
    asked = [field for field in seen.procedure.asked() if seen.procedure.is_personal(field.code)]
    if seen.matter.facts.get("on_behalf"):
        asked.append(SPEAKER)
    found = [(in_words(field), SEALED) for field in asked] if raised else []
    return [(_("Tiêu đề"), SEALED), *found] if raised and not seen.matter.title else found


def _papers(
    seen: pages.Seen, entries: Iterable[Entry[Any]], steps: Iterable[Step]
) -> tuple[list[Link], list[Link]]:
    """The papers of the steps taken and of those that can be taken now, and all others of the procedure."""
    taken = [seen.procedure.step.get(entry.body.step) for entry in entries if isinstance(entry.body, Stepped)]
    near = {step.paper for step in (*taken, *steps) if step}
    links = {
        code: (in_words(label), reverse("matters:paper", args=[seen.matter.id, code]))
        for code, label in seen.procedure.paper.items()
    }
    return [its for code, its in links.items() if code in near], [
        its for code, its in links.items() if code not in near
    ]


def _issued(seen: pages.Seen, entries: Iterable[Entry[Any]]) -> list[tuple[str, datetime, bool]]:
    """What was printed, when, and whether of a state that has lost since: its entry is not in the line that counts."""
    after = {entry.id: entry.after for entry in entries}
    counts: set[UUID | None] = {None}
    at = seen.folded.last
    while at is not None:
        counts.add(at)
        at = after.get(at)
    return [
        (in_words(seen.procedure.paper.get(it.paper)) or it.paper, it.at, it.on not in counts)
        for it in seen.matter.papers
    ]


def _versions(seen: pages.Seen, entries: list[Entry[Any]], teller: Teller) -> tuple[Version, ...]:
    """What stands, and every branch beside it, each with the entries that only it has."""
    first, *others = sides(entries, seen.folded.aside)
    versions = [_version(seen, teller, _("Bản ghi đang đứng"), seen.matter, first)]
    for branch, line in zip(seen.folded.branches, others, strict=False):
        versions.append(_version(seen, teller, _("Bản ghi khác"), branch, line))
    return tuple(versions)


def _version(seen: pages.Seen, teller: Teller, title: str, matter: Matter, line: list[Entry[Any]]) -> Version:
    outcomes = (step.outcome.get(matter.outcome or "") for step in seen.procedure.step.values())
    return Version(
        title=title,
        state=teller.state(matter.state),
        holder=teller.names.unit(matter.holder),
        outcome=next((in_words(it) for it in outcomes if it), ""),
        due=due_of(first_due(matter), seen.procedure, seen.law, seen.at),
        events=tuple(teller.event(entry) for entry in line),
    )
