"""Courier files as the page shows them: what waits for files that come first, what was sent and came back or not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from haicap.nodes import queries, words
from haicap.nodes.actions import SEE
from haicap.nodes.courier.book import Book, Outcome, Waits, folder
from haicap.nodes.courier.queries import Row, sent
from haicap.nodes.models import Member
from haicap.units.names import unit_names
from haicap.units.rights import Person, Scope, decide

ALL_OF_IT = 200  # files that were sent are shown, the newest


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits: who packed it, since when and for what it waits in words, and what failed besides."""

    its: Waits
    name: str
    age: str
    wants: list[str]
    fault: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that was packed: for whom, how long ago, what of it was not taken and why, in words."""

    its: Row
    name: str
    age: str
    open: list[str]

    @property
    def lost(self) -> bool:
        """Whether nobody has said yet that it arrived."""
        return self.its.confirmed is None


@dataclass(frozen=True, slots=True)
class Courier:
    """All that the page shows to one person; `overtaken` are the numbers of files that need not arrive any more."""

    waiting: list[Waiting]
    sent: list[Sent]

    @property
    def unconfirmed(self) -> int:
        """How many files are on their way, as far as anybody knows, and no later one to the same node has arrived."""
        return sum(it.lost and not self.overtaken(it) for it in self.sent)

    def overtaken(self, one: Sent) -> bool:
        """Whether a later file to the same node has arrived, with all that this one held; a matter's holds its own."""
        return any(
            it.its.to == one.its.to
            and it.its.number > one.its.number
            and it.its.confirmed
            and not one.its.matter
            for it in self.sent
        )

    @property
    def held(self) -> int:
        """How many entries in files that arrived are held there."""
        return sum(it.its.held for it in self.sent)


def courier(person: Person, at: datetime, *, book: Book | None = None) -> Courier:
    """The courier files between this node and those that `person` may see, at `at` (aware). Six queries at most."""
    book = book or Book(folder())
    names = _names(person)
    if not book.place.exists():
        return Courier([], [])
    waits = [it for _file, it in book.waiting() if it.sender in names]
    rows = [row for row in sent(book=book) if row.to in names][:ALL_OF_IT]
    outcomes = (outcome.unit for row in rows for outcome in row.open)
    units = unit_names([*outcomes, *(want.unit for it in waits for want in it.wanted)])
    return Courier(
        [Waiting(it, names[it.sender], _age(it.since, at), _wants(it, units), _fault(it)) for it in waits],
        [Sent(row, names[row.to], _age(row.at, at), [_open(it, units) for it in row.open]) for row in rows],
    )


def _age(since: datetime, at: datetime) -> str:
    return words.span(max(0.0, (at - since).total_seconds()))


def _names(person: Person) -> dict[UUID, str]:
    """The nodes at other ends of the way, by what people call them: children, the parent, other provinces."""
    children = {row.node: row.unit for row in queries.seen(person) if row.node}
    found = dict(zip(children, _units(children.values()), strict=True))
    above = queries.peer()
    if above is not None and decide(person, SEE, Scope.of(above.unit)).allowed:
        found[above.id] = above.name
        if above.unit == above.province:
            others = Member.objects.filter(node__isnull=False).exclude(node__in=children)
            found |= {row.node: row.name for row in others if row.node}
    return found


def _units(codes: Iterable[str]) -> list[str]:
    its = list(codes)
    names = unit_names(its)
    return [names.get(code, code) for code in its]


def _wants(it: Waits, units: Mapping[str, str]) -> list[str]:
    channels = words.channels()
    return [
        _("%(what)s của %(unit)s: cần đến mục %(seq)s, mới có %(have)s")
        % {"what": channels.get(want.channel, want.channel), "unit": units.get(want.unit, want.unit),
           "seq": want.seq, "have": want.have}
        for want in it.wanted
    ]  # fmt: skip


def _fault(it: Waits) -> str:
    known = words.faults() | {"disk": _("không đọc hoặc ghi được đĩa"), "busy": _("cơ sở dữ liệu đang bận")}
    return known.get(it.fault, it.fault)


def _open(it: Outcome, units: Mapping[str, str]) -> str:
    why = {
        "gap": _("chờ các mục đến trước"),
        "fork": _("nơi nhận giữ bản khác, cần để hai nút liên lạc trực tiếp"),
        "foreign": _("không thuộc quyền gửi của nút này"),
    }[it.why or "gap"]
    channel = words.channels().get(it.channel, it.channel)
    return _("%(what)s của %(unit)s: %(why)s") % {
        "what": channel, "unit": units.get(it.unit, it.unit), "why": why,
    }  # fmt: skip
