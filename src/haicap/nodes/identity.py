"""Who this node is and who the others are, by the journal, the memberships and this room's tables."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version as installed
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connections
from django.db.models import Model

from haicap.journal import reference, rekeying
from haicap.journal.binary import beside
from haicap.journal.chain import Channel
from haicap.journal.incarnations import Reason, begin_incarnation, begun
from haicap.journal.models import Node
from haicap.journal.node import Own, own
from haicap.journal.node import keys as private
from haicap.journal.reference import once, standing
from haicap.journal.rekeying import Renewed
from haicap.nodes import admitting, queries
from haicap.nodes.exchange.records import Joined, Joining, Member, Parent, Renewal
from haicap.nodes.exchange.signing import Signer
from haicap.nodes.fold import Member as Membership
from haicap.nodes.models import Peer
from haicap.nodes.storing import USING, kept
from haicap.units.models import UnitRow

KNOW = "SELECT journal_know(%s, %s, %s, %s, %s)"


class Identity:
    """That part of `nodes.exchange.shelf.Shelf` that says who this node is, and who the others are."""

    # Who this is

    @property
    def own(self) -> Own:
        return own(USING)

    @property
    def _node(self) -> Node:
        node = reference.ours(USING)
        if node is None:
            raise Node.DoesNotExist
        return node

    @property
    def _peer(self) -> Peer | None:
        return once("peer", lambda: queries.peer(USING))

    def meet(self, more: type[Model] | None = None, also: str = "") -> list[Any]:
        """Ask at once what every request and contact asks. Returns what else is asked.

        That is the row of the parent in a table `more` (None where it has none), and `also` as `beside` has it.
        """
        models: list[type[Model]] = [Node, Peer]
        joined = "journal_node LEFT JOIN nodes_peer ON true"
        if more is not None:
            table = more._meta.db_table
            models.append(more)
            joined += f" LEFT JOIN {table} ON {table}.node = nodes_peer.id"
        ours, peer, *others = beside(models, f"{joined} WHERE journal_node.ours", USING, also=also)
        reference.hold_ours(ours, USING)
        reference.hold("peer", peer)
        return others

    @property
    def unit(self) -> str:
        """Whose node this is: as its parent has said; of one without a parent the unit above all others here."""
        if (peer := self._peer) is not None:
            return peer.unit
        return standing("unit above", self._above_all, USING)

    def _above_all(self) -> str:
        first = UnitRow.objects.using(USING).filter(parent=None, closed=None).order_by("code").first()
        return first.code if first else ""

    @property
    def units(self) -> frozenset[str]:
        unit = self.unit
        return frozenset() if level_of(unit) == "ministry" else _units_of(unit)

    @property
    def name(self) -> str:
        return self._node.name

    @property
    def version(self) -> str:
        return _installed()

    @property
    def recipient(self) -> str:
        return self._node.recipient

    @property
    def signer(self) -> Signer:
        its = self.own
        return Signer(its.id, its.incarnation, private().signing)

    @property
    def parent(self) -> Parent | None:
        return once("parent", self._parent)

    def _parent(self) -> Parent | None:
        if (peer := self._peer) is None:
            return None
        above = peer.province if peer.province != peer.unit else _above(peer.unit)
        parent = Parent(peer.id, above or "", peer.url, bytes.fromhex(peer.public_key), peer.recipient)
        if peer.province != peer.unit:
            return parent
        return replace(parent, channels=frozenset[Channel]({"returns", "reference"}))

    def now(self) -> datetime:
        return datetime.now(UTC)

    def free(self) -> int:
        return shutil.disk_usage(settings.HOME).free

    # Who the others are

    def member(self, node: UUID) -> Member | None:
        above = self._peer
        return standing(("member", node, above and above.unit), lambda: self._member(node), USING)

    def _member(self, node: UUID) -> Member | None:
        row = queries.children(USING).filter(node=node).order_by("-id").first()
        its = queries.member_of(row) if row else None
        if its is None or its.now is None or its.node is None:
            return None
        return Member(
            its.node, its.unit, _units_of(its.unit), bytes.fromhex(its.now.public_key), its.now.recipient,
            its.state, tuple(life.id for life in its.incarnations),
            {UUID(stream): seq for stream, seq in its.last.items()}, carries=level_of(its.unit) == "province",
        )  # fmt: skip

    def join(self, joining: Joining) -> Joined:
        with kept():
            joined = admitting.join(joining, self.now(), USING)
            self._know(joining.node)
            return joined

    def renew(self, node: UUID, renewal: Renewal) -> None:
        with kept():
            admitting.renew(node, renewal, self.now(), USING)
            self._know(node)

    def renewal(self) -> Renewal:
        its = begun(USING)
        node = self._node
        if its is not None and rekeying.unheard():
            its = replace(its, reason="key")  # whatever has begun since: the parent does not know the key
        if its is None:
            return Renewal(node.incarnation, "restored", {})
        changed = (bytes(node.public_key), node.recipient) if its.reason == "key" else (None, None)
        return Renewal(node.incarnation, its.reason, its.lines, *changed)

    def begin(self, reason: Reason, tails: Mapping[UUID, int], later_than: UUID | None = None) -> Own:
        with kept():
            return begin_incarnation(reason, tails, later_than=later_than, at=self.now())

    def _know(self, node: UUID) -> None:
        """Let the journal know whose checkpoints it keeps: a child's, or the parent's."""
        row, peer = queries.by_node(node, USING), self._peer
        its: Membership | None = queries.member_of(row) if row else None
        told: list[Any] | None = None
        if its is not None and its.now is not None:
            told = [node, its.name, its.now.id, bytes.fromhex(its.now.public_key), its.now.recipient]
        elif peer is not None and peer.id == node:
            told = [node, peer.name, node, bytes.fromhex(peer.public_key), peer.recipient]
        if told is not None:
            with connections[USING].cursor() as cursor:
                cursor.execute(KNOW, told)

    # Changed keys

    def former(self) -> Sequence[Ed25519PrivateKey]:
        if rekeying.unheard():
            if rekeying.cut_off(USING):
                self.begin("key", {})
            present, row = bytes(self._node.public_key), queries.by_node(self.own.id, USING)
            if row is not None and row.public_key == present.hex():  # so the parent has written
                self.heard(present)
        return rekeying.unheard()

    def heard(self, public: bytes) -> None:
        rekeying.heard(public, at=self.now())

    def renewals(self) -> Sequence[Renewed]:
        return rekeying.renewals()

    def follow(self, parent: Parent) -> None:
        its = {"public_key": parent.public_key.hex(), "recipient": parent.recipient}
        with kept():
            Peer.objects.using(USING).filter(pk=parent.node).update(**its)
            reference.moved()
            self._know(parent.node)


@cache
def _installed() -> str:
    return installed("haicap")


def level_of(unit: str) -> str | None:
    return standing(("level", unit), lambda: _said_of(unit, "level"), USING)


def _above(unit: str) -> str | None:
    return standing(("above", unit), lambda: _said_of(unit, "parent"), USING)


def _said_of(unit: str, what: str) -> str | None:
    return UnitRow.objects.using(USING).filter(code=unit).values_list(what, flat=True).first()


def _units_of(unit: str) -> frozenset[str]:
    return standing(("units", unit), lambda: queries.units_of(unit, USING), USING)
