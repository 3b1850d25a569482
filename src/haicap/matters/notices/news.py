"""What is new for a person, read from the journal: nothing is written for it but when they last looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from haicap.journal.entry import Entry
from haicap.journal.lately import lately
from haicap.matters import queries
from haicap.matters.entries import Assigned, Commented, HandedOver, Raised, Refused, Reopened, Stepped
from haicap.matters.law import Law
from haicap.matters.models import MatterRow
from haicap.matters.notices.models import Watch
from haicap.matters.showing import Names, in_words, title_of
from haicap.units.rights import Person

FAR = timedelta(days=7)  # who has never looked, or long ago, is told of so much
MOST = 1000  # matters that are asked about; what came in last first
BODIES = (Raised, HandedOver, Assigned, Refused, Commented, Stepped, Reopened)
KINDS = tuple(body.kind for body in BODIES)


@dataclass(frozen=True, slots=True)
class News:
    """One thing that is new: its sort (`assigned`, `came`, …), in words, by whom and when."""

    sort: str
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A matter with what is new of it, the latest first."""

    subject: UUID
    number: str
    title: str
    url: str
    news: tuple[News, ...]


@dataclass(frozen=True, slots=True)
class Mine:
    """What decides whether an entry is news: who holds and who raised the matter, and whom it was given to."""

    holder: str | None
    raised_by: str


def since(person: Person, *, at: datetime) -> datetime:
    """From when on things are new for `person`: when they last looked, but no longer ago than `FAR`. One query."""
    looked = Watch.objects.filter(pk=person.id).values_list("looked_at", flat=True).first()
    return max(looked or at - FAR, at - FAR)


def looked(person: Person, *, at: datetime) -> None:
    """They have seen all that there is."""
    Watch.objects.update_or_create(pk=person.id, defaults={"looked_at": at})


def count(person: Person, *, at: datetime) -> int:
    """In how many matters something is new for `person` since they last looked."""
    return len({entry.subject for entry, _sort in _entries(person, since(person, at=at))})


def of(person: Person, known: Law, *, since: datetime) -> list[Told]:
    """Every matter with what is new of it since then (aware), the latest first."""
    found: dict[UUID, list[tuple[Entry[Any], str]]] = {}
    for entry, sort in _entries(person, since):
        found.setdefault(entry.subject, []).insert(0, (entry, sort))
    rows = queries.seen(person).in_bulk(found)
    people = queries.person_names(entry.actor for its in found.values() for entry, _sort in its)
    names = Names({}, people)
    told = [_told(rows[subject], its, known, names) for subject, its in found.items() if subject in rows]
    return sorted(told, key=lambda it: it.news[0].at, reverse=True)


def _entries(person: Person, since: datetime) -> list[tuple[Entry[Any], str]]:
    """What was written since then that is news for `person`, with its sort."""
    mine = _mine(person, since)
    if not mine:
        return []
    written = lately(list(mine), KINDS, since=since, but=person.id)
    sorted_out = ((entry, sort_of(person, mine[entry.subject], entry)) for entry in written)
    return [(entry, sort) for entry, sort in sorted_out if sort]


def _mine(person: Person, since: datetime) -> dict[UUID, Mine]:
    units = sorted(person.serves)
    own = Q(assignee=person.id) | Q(holder__in=units) | Q(raised_by__in=units)
    lately_open = Q(ended=None) | Q(ended__gte=since)
    rows = queries.seen(person).filter(own, lately_open).order_by("-received")
    found = rows.values_list("pk", "holder", "raised_by")[:MOST]
    return {pk: Mine(holder, raised_by) for pk, holder, raised_by in found}


def sort_of(person: Person, mine: Mine, entry: Entry[Any]) -> str:
    """Why an entry is news for `person`; empty where it is not."""
    match entry.body:
        case Assigned(person=who):
            return "assigned" if who == person.id else ""
        case HandedOver(to=to):
            return "came" if to in person.serves else ""
        case Raised(holder=holder):
            return "came" if holder in person.serves else ""
        case Refused(back_to=back):
            return "returned" if back in person.serves else ""
        case Stepped():
            return "answered" if mine.raised_by in person.serves and mine.holder not in person.serves else ""
        case Reopened():
            return "reopened"
        case Commented():
            return "commented"
        case _:
            return ""


def _told(row: MatterRow, its: Sequence[tuple[Entry[Any], str]], known: Law, names: Names) -> Told:
    matter = queries.matter_of(row)
    procedure = known.pinned(matter.edition)
    said = {
        "assigned": _("Giao cho bạn"), "came": _("Đến đơn vị bạn"), "returned": _("Bị trả lại"),
        "reopened": _("Mở lại"), "commented": _("Có ghi thêm"),
    }  # fmt: skip
    news = tuple(
        News(
            sort,
            said.get(sort) or in_words(procedure.step.get(entry.body.step)) or _("Có bước mới"),
            names.person(entry.actor),
            entry.at,
        )
        for entry, sort in its
    )
    url = reverse("matters:id", args=[row.pk])
    return Told(row.pk, row.number, title_of(matter, procedure), url, news)


def due(day: date) -> dict[str, dict[str, str]]:
    """The addresses of what falls due today and of what is overdue, for `queries.filtered`; `day` as people have it."""
    return {"today": {"mine": "1", "due_on": day.isoformat()}, "overdue": {"mine": "1", "overdue": "1"}}
