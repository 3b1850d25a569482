"""What is offered while a title is typed: alike matters that the person may see, and published guidance."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from haicap.clocks.wall import day_of
from haicap.matters.guidance.models import GuidanceRow
from haicap.matters.law import Law
from haicap.matters.likeness import LEAST, ranked
from haicap.matters.models import MatterRow
from haicap.matters.queries import matter_of, seen
from haicap.matters.schema import Procedure
from haicap.matters.showing import state_words
from haicap.matters.state import RETRACTED, Matter
from haicap.units.rights import Person, reach

How = Literal["same", "again", "guidance"]
NEWEST = 2000  # matters of the procedure that are compared, the newest first
MOST = 5
SHORTEST = 4  # characters of a title from which on something is offered
LINE = 160
ANSWERS = ("guidance", "measure", "rule_paper", "authority_said", "authority", "reason")
"""The public facts in which a difficulty's answer lies, the most telling first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is said of something alike: the `same` as a matter, or raised `again` though matter or guidance answers."""

    how: How | None = None
    of: UUID | None = None

    @property
    def written(self) -> str:
        """As the form sends it."""
        return f"{self.how}:{self.of}" if self.how else ""


def chosen(text: str | None) -> Choice:
    """A choice as the form sends it; what cannot be read is none."""
    how, _colon, of = (text or "").partition(":")
    try:
        return Choice(how, UUID(of)) if how in ("same", "again", "guidance") else Choice()  # type: ignore[arg-type]
    except ValueError:
        return Choice()


@dataclass(frozen=True, slots=True)
class Offer:
    """Something alike: what it is, how it stands, the first line of its answer, and what may be said of it."""

    title: str
    number: str
    state: str
    answer: str
    url: str
    choices: tuple[tuple[str, str], ...]  # what the form sends, and its words
    score: float


def offers(
    person: Person, known: Law, procedure: Procedure, title: str, *, at: datetime, besides: UUID | None = None
) -> list[Offer]:
    """The likest of what `person` may see, the likest first; nothing where titles are sealed. At most five queries."""
    if len(title.strip()) < SHORTEST or procedure.is_personal("title"):
        return []
    candidates = [*_guidance(procedure, at), *_matters(person, procedure, besides)]
    best = ranked(title, candidates, most=MOST, least=LEAST)
    rows = MatterRow.objects.in_bulk([each.key[1] for each in best if each.key[0] == "matter"])
    guides = GuidanceRow.objects.in_bulk([each.key[1] for each in best if each.key[0] == "guidance"])
    found: list[Offer] = []
    for each in best:
        what, pk = each.key
        if what == "guidance" and pk in guides:
            found.append(_of_guidance(guides[pk], each.score))
        elif pk in rows:
            found.append(_of_matter(known, matter_of(rows[pk]), each.score))
    return found


Key = tuple[str, UUID]


def _guidance(procedure: Procedure, at: datetime) -> Iterator[tuple[Key, str]]:
    today = day_of(at)
    rows = GuidanceRow.objects.filter(
        Q(until=None) | Q(until__gt=today), published__lte=today, withdrawn=False
    )
    for pk, title, its in rows.values_list("pk", "title", "procedures"):
        if not its or procedure.code in its:
            yield ("guidance", pk), title


def _matters(person: Person, procedure: Procedure, besides: UUID | None) -> Iterator[tuple[Key, str]]:
    """The newest titles of this procedure within reach, read along the index of each column that gives reach."""
    found: dict[UUID, str] = {}
    rows = seen(person).filter(procedure=procedure.code).exclude(status__in=("joined", RETRACTED))
    for within in reached(person):
        newest = rows.filter(within).order_by("-received").values_list("pk", "title")[:NEWEST]
        found |= dict(newest)
    return ((("matter", pk), title) for pk, title in found.items() if title and pk != besides)


def reached(person: Person) -> Iterable[Q]:
    """How far `person` sees, a condition for each column with an index; what they raised and gave away is left out."""
    its = reach(person, "matter.see")
    if its.everywhere:
        return (Q(),)
    if its.provinces:
        return (Q(province__in=sorted(its.provinces)),)
    units = sorted(its.units)
    return Q(unit__in=units), Q(holder__in=units)


def _of_guidance(row: GuidanceRow, score: float) -> Offer:
    return Offer(
        title=row.title, number=_("Hướng dẫn"), state=_("đã trả lời chung"), answer=first_line(row.answer),
        url=reverse("guidance:one", args=[row.pk]), score=score,
        choices=((Choice("guidance", row.pk).written, _("Đã đọc, vẫn vướng: nêu lại")),),
    )  # fmt: skip


def _of_matter(known: Law, matter: Matter, score: float) -> Offer:
    its = known.pinned(matter.edition)
    answer = next((str(matter.facts[code]) for code in ANSWERS if matter.facts.get(code)), "")
    choices = (
        [] if matter.ended else [(Choice("same", matter.id).written, _("Cùng một việc: nhập vào việc này"))]
    )
    if matter.outcome or matter.ended:
        choices.append((Choice("again", matter.id).written, _("Đã trả lời rồi, vẫn phải nêu lại")))
    return Offer(
        title=matter.title, number=matter.number, state=state_words(matter, its), answer=first_line(answer),
        url=reverse("matters:id", args=[matter.id]), choices=tuple(choices), score=score,
    )  # fmt: skip


def first_line(text: str) -> str:
    """The first line of a text, cut at a word where it is long."""
    line = next(iter(text.strip().splitlines()), "")
    return line if len(line) <= LINE else line[:LINE].rsplit(" ", 1)[0] + " …"
