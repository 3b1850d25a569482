"""The questions that pages ask of guidance: what is published, what answers a text, what was asked all the same."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, Value, When

from haicap.clocks.wall import start_of
from haicap.journal.projection import from_row
from haicap.journal.reference import newest
from haicap.matters.board.counting import address
from haicap.matters.guidance.fold import Guidance, guidances
from haicap.matters.guidance.models import GuidanceRow, GuidedRow
from haicap.matters.likeness import ranked
from haicap.matters.queries import filtered
from haicap.units.rights import Person, visible
from haicap.units.vietnamese import fold

PROCEDURE = "difficulty"
SORTS: dict[str, tuple[str, ...]] = {
    "title": ("order",),
    "published": ("published", "order"),
    "issuer": ("issuer", "order"),
    "version": ("version", "order"),
}
SENTENCE = re.compile(r"[.;?!]\s+|\n+")  # between two sentences of an answer
MOST = 60  # sentences looked at: several may be of one guidance
SEEN_BY = ("unit", "holder", "raised_by")


@dataclass(frozen=True, slots=True)
class Found:
    """A guidance in force that may answer a text; `likeness` from 0 to 1."""

    id: UUID
    title: str
    answer: str
    topics: tuple[str, ...]
    paper: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Figure:
    """How many, and the list of exactly these."""

    n: int
    url: str


@dataclass(frozen=True, slots=True)
class Topic:
    """How often a topic was asked: before guidance on it was in force, since then, and since then all the same.

    `first` is the first day of the earliest guidance on it.
    """

    code: str
    guidances: int
    first: date
    before: Figure
    since: Figure
    again: Figure

    @property
    def rate(self) -> float | None:
        """How many in a hundred of the questions since then had been answered already."""
        return 100 * self.again.n / self.since.n if self.since.n else None


def listed(params: Mapping[str, str], *, day: date) -> QuerySet[GuidanceRow]:
    """Guidance that fits a list's address; a parameter that is empty or unknown narrows nothing.

    `q`: every word, folded; `topic`, `procedure`: the code; `issuer`: a unit's code; `state`: `in-force` on `day`, or
    `ended`. Sorted by `sort`, a key of `SORTS` with or without `-`; else what was withdrawn last, the newest first.
    """
    rows = GuidanceRow.objects.all()
    for word in fold(params.get("q", "")).split():
        rows = rows.filter(words__contains=word)
    for name, column in (("topic", "topics__contains"), ("procedure", "procedures__contains")):
        if value := params.get(name, "").strip():
            rows = rows.filter(**{column: [value]})
    if issuer := params.get("issuer", "").strip():
        rows = rows.filter(issuer=issuer)
    state = params.get("state", "")
    if state == "in-force":
        rows = rows.filter(_in_force(day))
    elif state == "ended":
        rows = rows.exclude(_in_force(day))
    return _in_order(rows, params.get("sort", ""))


def _in_force(day: date) -> Q:
    return Q(published__lte=day) & (Q(until=None) | Q(until__gt=day))


def _in_order(rows: QuerySet[GuidanceRow], sort: str) -> QuerySet[GuidanceRow]:
    key = sort.removeprefix("-")
    if key not in SORTS:
        return rows.order_by("withdrawn", "-published", "order", "id")
    first, *others = SORTS[key]
    return rows.order_by(f"-{first}" if sort.startswith("-") else first, *others, "id")


def one(subject: UUID) -> Guidance | None:
    """The guidance with all its versions, or None."""
    row = GuidanceRow.objects.filter(pk=subject).first()
    return from_row(guidances, row).state if row else None


def titles(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The questions of guidance by id. One query, none for no id."""
    wanted = set(ids)
    return dict(GuidanceRow.objects.filter(pk__in=wanted).values_list("pk", "title")) if wanted else {}


def found(text: str, limit: int = 3, *, day: date, using: str = "default") -> list[Found]:
    """Guidance in force on `day` whose question or answer says what a text says, the likest first (`ranked`).

    All guidance lies in memory while nothing of `reference` changes, so this asks one small query.
    """
    if not text.strip():
        return []
    kept = [
        it for it in _kept(newest(using), using) if it.first <= day and (it.until is None or it.until > day)
    ]
    said = ((it, sentence) for it in kept for sentence in it.sentences)
    best: dict[UUID, Found] = {}
    for one in ranked(text, said, most=MOST):
        it = one.key
        best.setdefault(it.id, Found(it.id, it.title, it.answer, it.topics, it.paper, one.score))
    return list(best.values())[:limit]


@dataclass(frozen=True, slots=True)
class _Kept:
    id: UUID
    title: str
    answer: str
    topics: tuple[str, ...]
    paper: str
    first: date
    until: date | None
    sentences: tuple[str, ...]


@lru_cache(maxsize=2)
def _kept(reference: UUID | None, using: str) -> tuple[_Kept, ...]:
    rows = GuidanceRow.objects.using(using).order_by("id")
    return tuple(
        _Kept(
            row.id, row.title, row.answer, tuple(row.topics), row.paper, row.published, row.until,
            (row.title, *SENTENCE.split(row.answer)),
        )
        for row in rows.only("id", "title", "answer", "topics", "paper", "published", "until")
    )  # fmt: skip


def again_counts(person: Person, ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many matters that `person` may see came in though each guidance was in force. One query."""
    rows = visible(person, "matter.see", GuidedRow.objects.filter(again=True), by=SEEN_BY)
    counted = (
        rows.filter(guidance__in=list(ids)).values("guidance").annotate(n=Count("subject", distinct=True))
    )
    return {row["guidance"]: row["n"] for row in counted}


def again_url(subject: UUID) -> str:
    """The list of the matters that `again_counts` counts for a guidance."""
    return address({"guided": str(subject)})


def by_topic(person: Person, *, at: datetime) -> list[Topic]:
    """The difficulties that `person` may see, by topic, before and since there is guidance on it. Two queries.

    Withdrawn guidance counts: the question was answered once. Every figure is a list of `queries.filtered`.
    """
    firsts = _firsts()
    rows = filtered(person, {"procedure": PROCEDURE}, at=at).filter(topic__in=firsts)
    before = [
        When(topic=code, received__lt=start_of(day), then=Value(True)) for code, (day, _n) in firsts.items()
    ]
    came = Case(*before, default=Value(False))
    guided = Q(pk__in=GuidedRow.objects.filter(again=True).values("subject"))
    counted = (
        rows.annotate(came=came)
        .values("topic", "came")
        .annotate(n=Count("pk"), again=Count("pk", filter=guided))
        if firsts
        else []
    )
    its = {(str(row["topic"]), bool(row["came"])): (row["n"], row["again"]) for row in counted}
    return [_topic(code, first, n, its) for code, (first, n) in sorted(firsts.items())]


def _topic(code: str, first: date, n: int, its: Mapping[tuple[str, bool], tuple[int, int]]) -> Topic:
    params = {"procedure": PROCEDURE, "topic": code}
    before, _again = its.get((code, True), (0, 0))
    since, again = its.get((code, False), (0, 0))
    last = (first - timedelta(days=1)).isoformat()
    return Topic(
        code, n, first,
        Figure(before, address(params | {"until": last})),
        Figure(since, address(params | {"since": first.isoformat()})),
        Figure(again, address(params | {"since": first.isoformat(), "guided": "again"})),
    )  # fmt: skip


def _firsts() -> dict[str, tuple[date, int]]:
    """The first day of the earliest guidance on each topic, and how many there are."""
    found: dict[str, tuple[date, int]] = {}
    for topics, day in GuidanceRow.objects.values_list("topics", "published"):
        for topic in topics:
            first, n = found.get(topic, (day, 0))
            found[topic] = (min(first, day), n + 1)
    return found
