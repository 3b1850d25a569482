"""The questions that pages, exchange and other rooms ask of membership."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Case, Q, QuerySet, Sum, TextField, Value, When

from haicap.journal.binary import found
from haicap.journal.entry import Entry as Told
from haicap.journal.history import history
from haicap.journal.intakes import intakes
from haicap.journal.models import Intake, Stream
from haicap.journal.node import own as own_node
from haicap.journal.reference import ours
from haicap.nodes.actions import SEE
from haicap.nodes.fold import Member as Membership
from haicap.nodes.fold import nodes
from haicap.nodes.models import Contact, FarHead, Incident, Member, Peer, Tried
from haicap.units.models import UnitRow
from haicap.units.rights import Person, reach, visible

LATEST = 50  # incidents of one node on its page


def member_of(row: Member) -> Membership:
    """The membership behind its row, without a query."""
    return nodes.form.validate_python(row.state, strict=False)


def children(using: str = "default") -> QuerySet[Member]:
    """The memberships below this node: not its own, nor those of others below its parent, which came down from there.

    One small query now.
    """
    rows, above = Member.objects.using(using), peer(using)
    if above is None:
        return rows.all()
    if above.unit != above.province:
        return rows.none()
    its = UnitRow.objects.using(using).filter(province=above.unit).exclude(code=above.unit)
    return rows.filter(unit__in=its.values("code"))


def seen(person: Person) -> QuerySet[Member]:
    """The memberships below this node of the units whose nodes `person` may see."""
    return visible(person, SEE, children())


def one(person: Person, member: UUID) -> Member | None:
    """A membership that `person` may see, or None."""
    return seen(person).filter(pk=member).first()


def of_unit(unit: str, using: str = "default") -> tuple[Membership, ...]:
    """All memberships of a unit, ended ones too, oldest first. One query."""
    return tuple(member_of(row) for row in Member.objects.using(using).filter(unit=unit).order_by("id"))


def by_code(digest: str, using: str = "worker") -> Member | None:
    """The membership that a code with this digest (`codes.digest`) invites to; the newest of several."""
    return Member.objects.using(using).filter(code=digest).order_by("-id").first()


def by_node(node: UUID, using: str = "worker") -> Member | None:
    """The newest membership of a node."""
    return Member.objects.using(using).filter(node=node).order_by("-id").first()


def ended(
    node: UUID, using: str = "worker", *, how: tuple[str, ...] = ("revoked", "closed")
) -> tuple[UUID, ...]:
    """The incarnations of a node that were revoked, or closed with the unit's work going back."""
    rows = Member.objects.using(using).filter(node=node, standing__in=how)
    return tuple(UUID(it) for row in rows for it in row.incarnations)


def last_of(node: UUID | None, using: str = "default") -> dict[str, int]:
    """How far the streams of a node have come here, locked until the transaction ends; nothing for None."""
    if node is None:
        return {}
    rows = Stream.objects.using(using).filter(node=node).order_by("id")
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT journal_lock('{}'::uuid[], %s)", [list(rows.values_list("id", flat=True))])
    return {str(stream): seq for stream, seq in rows.values_list("id", "seq")}


def peer(using: str = "default") -> Peer | None:
    """The parent of this node; None where it has none."""
    return next(iter(found(Peer, "", [], using)), None)


def units_of(unit: str, using: str = "default") -> frozenset[str]:
    """A unit's own files: its code, those of units merged into it and of units below it; a province's is all of it."""
    rows = UnitRow.objects.using(using)
    row = rows.filter(code=unit).first()
    if row is not None and row.level == "province":
        return frozenset({unit, *rows.filter(province=unit).values_list("code", flat=True)})
    found: set[str] = set()
    fresh = {unit}
    while fresh:
        found |= fresh
        nearer = rows.filter(Q(successor__in=fresh) | Q(parent__in=fresh)).values_list("code", flat=True)
        fresh = set(nearer) - found
    return frozenset(found)


def works_here(unit: str, using: str = "default") -> bool:
    """Whether automatic work about a unit (entries, drafts, mails) is done on this node, and on no other.

    It is done on the unit's own node, else on that of the unit that it was merged into, or that lies nearest above it;
    where none of these has one, on the node without a parent. Some small queries.
    """
    above = list(_above(unit, using))
    joined = Member.objects.using(using).filter(standing="joined", unit__in=above)
    nodes = dict(joined.values_list("unit", "node"))
    nearest = next((nodes[code] for code in above if code in nodes), None)
    if nearest is None:
        return peer(using) is None
    node = ours(using)
    return node is not None and nearest == node.id


def _above(unit: str, using: str) -> Iterator[str]:
    """The unit, then whatever it was merged into or lies below, up to the top."""
    code: str | None = unit
    while code:
        yield code
        row = UnitRow.objects.using(using).filter(code=code).values_list("successor", "parent").first()
        code = (row[0] or row[1]) if row else None


@dataclass(frozen=True, slots=True)
class Standing:
    """A membership with what is known of its node now. `down` is None before it was first in contact."""

    row: Member
    contact: Contact | None
    down: int | None
    held: int
    incidents: int

    @property
    def last(self) -> datetime | None:
        """The newest contact that went well."""
        return self.contact.last if self.contact else None

    @property
    def up(self) -> int:
        """Entries that wait there to come here; none of a membership that has ended."""
        return self.contact.up if self.contact and self.row.standing == "joined" else 0


def standings(rows: Iterable[Member]) -> list[Standing]:
    """Memberships with their contacts, what waits to go to each, and what is held of it. Four queries."""
    its = list(rows)
    ids = {row.node for row in its if row.node}
    contacts = Contact.objects.in_bulk(ids)
    troubles = _troubles(ids)
    readable = _readable({row.unit for row in its if row.standing == "joined"})
    kept = dict(Intake.objects.filter(held__gt=0).values_list("unit").annotate(n=Sum("held")).order_by())
    found = []
    for row in its:
        contact = contacts.get(row.node) if row.node else None
        trouble = troubles.get(row.node, 0) if row.node else 0
        found.append(Standing(row, contact, _down(row, contact, readable), kept.get(row.unit, 0), trouble))
    return found


def _down(row: Member, contact: Contact | None, readable: Mapping[str, int]) -> int | None:
    if row.standing != "joined" or contact is None or contact.told is None:
        return None
    return max(0, readable.get(row.unit, 0) - contact.told)


def _troubles(ids: Iterable[UUID]) -> dict[UUID, int]:
    rows = Incident.objects.filter(node__in=list(ids)).values_list("node").annotate(n=Sum("times"))
    return {node: n for node, n in rows if node}


def _readable(units: Iterable[str], using: str = "default") -> dict[str, int]:
    """How many entries the node of each unit may read: those of its files, and all of `reference`. One query.

    Its own streams count too: they come from it, and stand still while it is away.
    """
    wanted = sorted(units)
    if not wanted:
        return {}
    its = Q(channel="reference") | Q(unit__in=wanted, channel="work")
    file = Case(When(channel="reference", then=Value("")), default="unit", output_field=TextField())
    rows = Stream.objects.using(using).filter(its).order_by().annotate(file=file).values_list("file")
    found = dict(rows.annotate(n=Sum("seq")))
    return {unit: found.get("", 0) + found.get(unit, 0) for unit in wanted}


def without_a_node(person: Person) -> int:
    """How many open commune units within reach have no node of their own. One query."""
    rows = UnitRow.objects.filter(level="commune", closed=None)
    with_one = Member.objects.filter(standing="joined").values("unit")
    its = reach(person, SEE)
    if not its.everywhere:
        rows = rows.filter(code__in=sorted(its.units))
    return rows.exclude(code__in=with_one).count()


def to_invite(person: Person, action: str) -> list[tuple[str, str]]:
    """Code and name of the units that `person` may invite: open, below this node, and without a node. One query."""
    rows = UnitRow.objects.filter(level__in=("province", "commune"), closed=None)
    its = reach(person, action)
    if not its.everywhere:
        rows = rows.filter(code__in=sorted(its.units), level="commune")
    with_one = Member.objects.filter(standing="joined").values("unit")
    return list(rows.exclude(code__in=with_one).order_by("level", "order").values_list("code", "name"))


def told(member: UUID) -> list[Told[Any]]:
    """The entries of a membership, in fold order. The caller has been judged."""
    return history(member)


@dataclass(frozen=True, slots=True)
class Held:
    """An entry that taking-in holds back: where it lies, what it is, the code of the reason, and since when."""

    id: UUID
    stream: UUID
    seq: int
    unit: str
    kind: str
    subject: UUID
    reason: str
    since: datetime


def held(units: Iterable[str]) -> list[Held]:
    """What the authority's taking-in of these units' files holds and nobody has released, oldest first. Two queries.

    The caller has been judged: whoever keeps the nodes sees that an entry is held and why, and nothing in it.
    """
    rows = Intake.objects.filter(unit__in=sorted(units), held__gt=0)
    load = intakes.form.validate_python
    reasons = {entry: its for row in rows for entry, its in load(row.state, strict=False).held.items()}
    if not reasons:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (id) * FROM nodes_places(%s) ORDER BY id, stream, seq", [list(reasons)]
        )
        found = [
            Held(*(*place, reasons[place[0]].reason, reasons[place[0]].since)) for place in cursor.fetchall()
        ]
    return sorted(found, key=lambda it: (it.since, it.seq))


def incidents(*nodes: UUID, most: int = LATEST, using: str = "default") -> list[Incident]:
    """The newest incidents of these nodes, newest first. One query."""
    return list(Incident.objects.using(using).filter(node__in=nodes).order_by("-last")[:most])


def tried() -> list[Tried]:
    """What was tried to be brought over and has not gone, oldest first. One query."""
    return list(Tried.objects.order_by("first")[:LATEST])


@dataclass(frozen=True, slots=True)
class Line:
    """A stream of this node that the parent has not all of: how many entries wait, and since when the oldest does."""

    stream: UUID
    unit: str
    channel: str
    count: int
    since: datetime | None


def waiting_up(using: str = "default") -> list[Line]:
    """What waits here to go to the parent, by stream, as the parent last said how far it has come. Three queries.

    A province's work goes nowhere; nothing does where there is no parent.
    """
    above = peer(using)
    channels = ("returns",) if above and above.unit == above.province else ("work", "returns")
    rows = Stream.objects.using(using).filter(node=own_node(using).id, channel__in=channels if above else ())
    far = dict(FarHead.objects.using(using).values_list("stream", "seq"))
    behind = {row: far.get(row.id, 0) for row in rows if row.seq > far.get(row.id, 0)}
    first = _oldest({row.id: seq + 1 for row, seq in behind.items()}, using)
    return [
        Line(row.id, row.unit, row.channel, row.seq - seq, first.get(row.id)) for row, seq in behind.items()
    ]


def _oldest(places: Mapping[UUID, int], using: str) -> dict[UUID, datetime]:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT * FROM nodes_written(%s, %s)", [list(places), list(places.values())])
        return dict(cursor.fetchall())
