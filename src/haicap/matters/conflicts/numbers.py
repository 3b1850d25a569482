"""The same number twice: what two nodes, or two units, gave one number or code while they did not see each other.

Both stay as they are; nothing in the database forbids it. A query over the tables finds them, for people to check.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from haicap.matters.authorities.models import AskedRow
from haicap.matters.directing.models import DirectiveRow
from haicap.matters.models import MatterRow
from haicap.matters.queries import SEEN_BY, unit_names
from haicap.matters.queries import seen as matters_seen
from haicap.matters.state import RETRACTED
from haicap.units.rights import Person, visible

MOST = 50  # numbers of one sort that a page lists


@dataclass(frozen=True, slots=True)
class Bearer:
    """One of those that bear the number: where it is shown, and whose it is."""

    subject: UUID
    address: str
    title: str
    unit: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A number that several bear; `sort` is a code of `SORTS`."""

    sort: str
    number: str
    bearers: tuple[Bearer, ...]


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of number: `keys` are the columns that make it one, of which the last is shown.

    `rows` are those that a person may see and that bear such a number. With `across` (a column) only what differs
    there clashes: one paper may well name several matters of one unit. `said` makes title and unit of a row.
    """

    words: Callable[[], str]
    hint: Callable[[], str]
    address: str
    rows: Callable[[Person], QuerySet[Any]]
    keys: tuple[str, ...]
    said: Callable[[Any], tuple[str, str]]
    subject: str = "pk"
    across: str | None = None


def clashes(person: Person) -> list[Clash]:
    """All numbers that several bear, as far as `person` may see, sort by sort. Two queries for each sort."""
    return [clash for code in SORTS for clash in _of_sort(code, SORTS[code].rows(person))]


def clashes_of(person: Person, code: str, row: Any) -> list[Clash]:
    """Those of one sort that this row is among; one query where there are none."""
    sort = SORTS[code]
    return _of_sort(code, sort.rows(person).filter(**{key: getattr(row, key) for key in sort.keys}))


def of_matter(person: Person, row: MatterRow) -> list[Clash]:
    """The numbers of a matter that others bear too: its own, and those of papers to authorities. Few queries."""
    found = clashes_of(person, "matter", row)
    if row.state and row.state["requests"]:
        for asked in AskedRow.objects.filter(subject=row.pk).exclude(paper=""):
            found += clashes_of(person, "paper", asked)
    return found


def shown_clashes(found: list[Clash]) -> list[dict[str, Any]]:
    """Numbers borne by several, with words for their sorts and names of units."""
    names = unit_names(bearer.unit for clash in found for bearer in clash.bearers)
    return [
        {
            "number": it.number, "words": SORTS[it.sort].words(), "hint": SORTS[it.sort].hint(),
            "bearers": [(bearer, names.get(bearer.unit, bearer.unit)) for bearer in it.bearers],
        }
        for it in found
    ]  # fmt: skip


def _of_sort(code: str, rows: QuerySet[Any]) -> list[Clash]:
    sort = SORTS[code]
    counted = Count(sort.across, distinct=True) if sort.across else Count(sort.subject, distinct=True)
    twice = list(
        rows.order_by().values(*sort.keys).annotate(n=counted).filter(n__gt=1).order_by(*sort.keys)[:MOST]
    )
    found = (_clash(code, rows.filter(**{key: one[key] for key in sort.keys})) for one in twice)
    return [clash for clash in found if clash is not None]


def _clash(code: str, rows: QuerySet[Any]) -> Clash | None:
    sort, its = SORTS[code], list(rows)
    subjects = {getattr(row, sort.subject): row for row in its}
    if _told_apart(list(subjects), its):
        return None
    bearers = tuple(Bearer(subject, sort.address, *sort.said(row)) for subject, row in subjects.items())
    return Clash(code, str(getattr(its[0], sort.keys[-1])), bearers)


def _told_apart(subjects: Sequence[UUID], rows: Sequence[Any]) -> bool:
    """Whether somebody has said of all of them that they are not the same: they have been looked at."""
    distinct: Mapping[str, Any] = {
        str(row.pk): set((row.state or {})["distinct"]) for row in rows if isinstance(row, MatterRow)
    }
    if not distinct:
        return False
    first, *others = map(str, subjects)
    return all(other in distinct[first] or first in distinct[other] for other in others)


def _matters(person: Person) -> QuerySet[MatterRow]:
    return matters_seen(person).exclude(status=RETRACTED)


def _asked(person: Person) -> QuerySet[AskedRow]:
    return visible(person, "matter.see", AskedRow.objects.exclude(paper=""), by=SEEN_BY)


def _directives(person: Person) -> QuerySet[DirectiveRow]:
    return visible(person, "matter.see", DirectiveRow.objects.all(), by=("issuer",))


SORTS: dict[str, Sort] = {
    "matter": Sort(
        lambda: _("Số của việc"),
        lambda: _("Hai việc có cùng số. Biên nhận vẫn tra ra đúng việc nhờ mã riêng của từng việc."),
        "matters:id", _matters, ("number",), lambda row: (row.title, row.unit),
    ),
    "paper": Sort(
        lambda: _("Số văn bản gửi chính quyền"),
        lambda: _("Hai đơn vị ghi cùng một số văn bản gửi cùng một cơ quan. Đối chiếu bản giấy rồi đính chính số sai."),
        "matters:id", _asked, ("province", "key", "paper"), lambda row: (f"{row.number} · {row.title}", row.unit),
        "subject", "raised_by",
    ),
    "directive": Sort(
        lambda: _("Số văn bản chỉ đạo"),
        lambda: _("Một nơi ban hành hai văn bản cùng số. Đối chiếu bản giấy."),
        "directing:one", _directives, ("issuer", "number"), lambda row: (row.title, row.issuer),
    ),
}  # fmt: skip
"""The numbers of this room; rooms above add theirs."""
