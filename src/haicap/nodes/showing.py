"""Nodes as pages show them: each with its state in words, what waits, and how it is with its clock and disk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from haicap.journal.node import own
from haicap.nodes import queries, words
from haicap.nodes.models import Contact, Member, Peer, Tried
from haicap.nodes.queries import Standing
from haicap.units.names import unit_names
from haicap.units.vietnamese import fold, sort_key

AWAY, LONG_AWAY = timedelta(hours=1), timedelta(days=1)
WRONG_CLOCK = 300.0  # seconds
LITTLE_DISK = 2_000_000_000  # bytes
KINDS = {
    "well": "well", "away": "late", "never": "soon", "invited": "hold", "expired": "plain", "revoked": "clash",
    "closed": "done",
}  # fmt: skip
URGENT = ("away", "never", "expired", "invited", "well", "revoked", "closed")
STATES_NOW = ("well", "away", "never", "invited")  # what the list shows unless it is asked for others


@dataclass(frozen=True, slots=True)
class Line:
    """A membership as the list shows it; `state` is a code of `words.standings`."""

    its: Standing
    unit: str
    state: str
    kind: str
    age: float | None  # seconds since the newest contact
    up_age: float | None  # seconds since the oldest entry there waits

    @property
    def row(self) -> Member:
        """The membership's row."""
        return self.its.row

    @property
    def state_said(self) -> str:
        """The state in words."""
        return words.standings()[self.state]

    @property
    def up_said(self) -> str:
        """How long the oldest entry waits to come here."""
        return words.span(self.up_age) if self.up_age is not None else ""

    @property
    def skew(self) -> float | None:
        """Seconds by which its clock is ahead."""
        return self.its.contact.skew if self.its.contact else None

    @property
    def skew_said(self) -> str:
        """By how much its clock is off."""
        return words.skew_said(self.skew)

    @property
    def clock_wrong(self) -> bool:
        """Whether its clock is off by more than a signature may be."""
        return self.skew is not None and abs(self.skew) > WRONG_CLOCK

    @property
    def disk(self) -> int | None:
        """Free bytes."""
        return self.its.contact.disk if self.its.contact else None

    @property
    def disk_said(self) -> str:
        """Free bytes in words."""
        return words.bytes_said(self.disk)

    @property
    def disk_low(self) -> bool:
        """Whether the disk is nearly full."""
        return self.disk is not None and self.disk < LITTLE_DISK

    @property
    def version(self) -> str:
        """The version of haicap that it runs, as it last said."""
        return (self.its.contact.version if self.its.contact else "") or self.row.version


def lines(rows: Iterable[Member], at: datetime) -> list[Line]:
    """Memberships as the list shows them. Five queries at most."""
    its = list(rows)
    names = unit_names(row.unit for row in its)
    return [line(it, names.get(it.row.unit, it.row.unit), at) for it in queries.standings(its)]


def line(its: Standing, unit: str, at: datetime) -> Line:
    """One membership with what is known of its node, at `at` (aware)."""
    state = _state(its, at)
    kind = "soon" if state == "away" and its.last and at - its.last < LONG_AWAY else KINDS[state]
    age = (at - its.last).total_seconds() if its.last else None
    since = its.contact.up_since if its.contact and its.up else None
    return Line(its, unit, state, kind, age, (at - since).total_seconds() if since else None)


def _state(its: Standing, at: datetime) -> str:
    if its.row.standing == "invited":
        return "invited" if its.row.until > at else "expired"
    if its.row.standing != "joined":
        return its.row.standing
    if its.last is None:
        return "never"
    return "away" if at - its.last >= AWAY else "well"


def may_wait(its: Standing, at: datetime) -> bool:
    """Whether something may lie at a node that has not come here: it said so, or has not been heard lately.

    Not of one that never was in contact: it holds no unit whose work it could have written.
    """
    return bool(its.up) or (its.last is not None and at - its.last >= AWAY)


def narrowed(its: Iterable[Line], params: Mapping[str, str]) -> list[Line]:
    """The lines that fit the parameters of the list's address; what is empty or unknown narrows nothing.

    - `q`: every word, folded, is in the unit's name or code; `state`: a code of `words.standings`, or `all`
    - `waits=1`: something waits, either way; `trouble=1`: incidents, a wrong clock, little disk or a wrong contact
    """
    found = list(its)
    state = params.get("state", "")
    if state in words.standings():
        found = [it for it in found if it.state == state]
    elif state != "all":
        found = [it for it in found if it.state in STATES_NOW]
    for word in fold(params.get("q", "")).split():
        found = [it for it in found if word in fold(f"{it.unit} {it.row.unit}")]
    if params.get("waits") == "1":
        found = [it for it in found if it.its.up or it.its.down]
    if params.get("trouble") == "1":
        found = [it for it in found if troubled(it)]
    return found


def troubled(it: Line) -> bool:
    """Whether somebody has to look at this node."""
    return bool(it.its.incidents or it.clock_wrong or it.disk_low)


SORTS: dict[str, Any] = {
    "unit": lambda it: sort_key(it.unit),
    "state": lambda it: (list(KINDS).index(it.state), sort_key(it.unit)),
    "last": lambda it: it.age if it.age is not None else float("inf"),
    "up": lambda it: it.its.up,
    "old": lambda it: it.up_age or 0.0,
    "down": lambda it: it.its.down or 0,
    "version": lambda it: it.version,
    "skew": lambda it: abs(it.skew or 0.0),
    "disk": lambda it: it.disk if it.disk is not None else float("inf"),
}


def in_order(its: Iterable[Line], sort: str) -> list[Line]:
    """Lines in the order of `sort`, a key of `SORTS` or one with `-` before it; else what is to be looked at first."""
    key = sort.removeprefix("-")
    if key not in SORTS:
        return sorted(its, key=lambda it: (URGENT.index(it.state), -(it.age or 0.0), sort_key(it.unit)))
    by_unit = sorted(its, key=SORTS["unit"])
    return sorted(by_unit, key=SORTS[key], reverse=sort.startswith("-"))


def filters() -> list[dict[str, Any]]:
    """The filter bar of the list."""
    return [
        {"name": "q", "label": _("Đơn vị"), "type": "search"},
        {"name": "state", "label": _("Tình trạng"),
         "options": [*words.standings().items(), ("all", _("mọi tình trạng"))]},
        {"name": "waits", "label": _("Chờ chuyển"), "options": [("1", _("còn mục chờ"))]},
        {"name": "trouble", "label": _("Cần xem"), "options": [("1", _("có sự cố, sai giờ hoặc sắp đầy đĩa"))]},
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits here to go to the parent: a stream of this node, or a thing that was tried and has not gone."""

    what: str
    where: str
    count: int | None
    since: datetime | None
    attempts: int
    reason: str


def waits(contact: Contact | None) -> list[Waits]:
    """All that waits on this node for its parent, with attempts and reason. Four queries at most.

    While the line is down nothing of it is tried one by one: the reason, and how often, are those of `contact`.
    """
    noted = {it.what: it for it in queries.tried()}
    its = queries.waiting_up()
    names, said = unit_names(it.unit for it in its), words.channels()
    found = []
    for it in its:
        tried = noted.pop(str(it.stream), None)
        found.append(
            Waits(
                said.get(it.channel, it.channel), names.get(it.unit, it.unit), it.count, it.since,
                tried.attempts if tried else contact.attempts if contact else 0, _why(tried) or _fault(contact),
            )
        )  # fmt: skip
    found.sort(key=lambda it: it.since.timestamp() if it.since else float("inf"))
    return [*found, *(_waits(it) for it in noted.values())]


def _waits(it: Tried) -> Waits:
    return Waits(words.things().get(it.sort, it.sort), it.what[:12], None, it.first, it.attempts, _why(it))


def _why(it: Tried | None) -> str:
    return words.faults().get(it.reason, it.reason) if it else ""


def _fault(it: Contact | None) -> str:
    return words.faults().get(it.fault, it.fault) if it else ""


@dataclass(frozen=True, slots=True)
class Own:
    """This node as a child: its parent, the newest contact, what waits, and what went wrong."""

    peer: Peer
    contact: Contact | None
    waits: list[Waits]
    fault: str
    incidents: list[tuple[Any, str]]

    @property
    def count(self) -> int:
        """Entries that wait to go up."""
        return sum(it.count or 0 for it in self.waits)

    @property
    def remedy(self) -> str:
        """What somebody has to do before the parent takes anything again; empty where the line alone is in the way."""
        return words.remedies().get(self.contact.fault, "") if self.contact else ""

    @property
    def skew_said(self) -> str:
        """By how much this clock is off."""
        return words.skew_said(self.contact.skew if self.contact else None)


def own_line() -> Own | None:
    """This node's line to its parent; None where there is no parent. Six queries at most."""
    peer = queries.peer()
    if peer is None:
        return None
    contact = Contact.objects.filter(node=peer.id).first()
    incidents = [(it, words.incident(it)) for it in queries.incidents(peer.id, own().id)]
    return Own(peer, contact, waits(contact), _fault(contact), incidents)
