"""How this installation becomes a node below another: it asks with a one-time code, and keeps who answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from haicap.journal.models import Node, Stream
from haicap.journal.node import public_key
from haicap.journal.rekeying import heard
from haicap.journal.text import canonical
from haicap.nodes import codes
from haicap.nodes.exchange.calls import key
from haicap.nodes.exchange.signing import BadSignature, Signer, sign, verify_answer
from haicap.nodes.exchange.wire import Down, Request, Response, Wire, told
from haicap.nodes.models import Peer

JOIN = "/sync/join"
SLIGHT = 5.0  # seconds that clocks may differ without a word about it


class NotJoined(Exception):
    """The parent did not let this node join; `code` says why.

    `stranger`: whoever answered is not the node that gave the code; `unknown`, `expired`, `used`: the code; `closed`:
    this incarnation gave its work back, and a new one may join; `incarnation`: it was revoked; otherwise a code of the
    protocol.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks to join, and with which code."""

    code: str
    name: str
    recipient: str
    version: str
    signer: Signer


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the parent answered: who it is, and what this node is to it; `offset` is its clock less ours, in seconds."""

    member: UUID
    unit: str
    province: str | None
    node: UUID
    name: str
    public_key: bytes
    recipient: str
    offset: float


def ask(wire: Wire, asking: Asking, at: datetime) -> Welcome:
    """Ask the node at the other end to let this one join; `at` is this node's clock, aware.

    The answer is believed where the code bears witness to the key that signed it. A wrong clock is made good by the
    parent's time. Asked again after its answer was lost, it answers the same. Raises `NotJoined`, `Down`, `NotACode`.
    """
    request, answer, said = _asked(wire, asking, at)
    if answer.status == 401 and said.get("error") == "clock":
        request, answer, said = _asked(wire, asking, _time(said))
    if answer.status != 200:
        raise NotJoined(str(said.get("reason") or said.get("error") or answer.status))
    return _welcome(said, _believed(answer, request, said, asking.code) - at)


def _asked(wire: Wire, asking: Asking, at: datetime) -> tuple[Request, Response, dict[str, Any]]:
    signer = asking.signer
    body = canonical({
        "code": codes.read(asking.code), "node": str(signer.node), "incarnation": str(signer.incarnation),
        "name": asking.name, "public_key": signer.key.public_key().public_bytes_raw().hex(),
        "recipient": asking.recipient, "version": asking.version,
    })  # fmt: skip
    request = sign(Request("POST", JOIN, headers={"content-type": "application/json"}, body=body), signer, at)
    answer = wire.ask(request)
    body = answer.whole()
    return request, Response(answer.status, answer.headers, (body,)), told(body)


def _time(said: dict[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(said["time"])
    except (KeyError, ValueError, TypeError) as error:
        raise Down("format", "no time") from error


def _believed(answer: Response, request: Request, said: dict[str, Any], code: str) -> datetime:
    """When the answer was made, by the parent's clock."""

    def key_of(node: UUID) -> bytes:
        try:
            its = key(said["public_key"])
        except (KeyError, ValueError, TypeError) as error:
            raise BadSignature("format") from error
        if str(node) != said.get("node") or not codes.is_of(code, its):
            raise BadSignature("unknown")
        return its

    try:
        return verify_answer(answer, request, key_of).at
    except BadSignature as bad:
        raise NotJoined("stranger") from bad


def _welcome(said: dict[str, Any], offset: timedelta) -> Welcome:
    apart = offset.total_seconds()
    try:
        return Welcome(
            UUID(said["member"]), str(said["unit"]), said["province"], UUID(said["node"]), str(said["name"]),
            key(said["public_key"]), str(said["recipient"]), apart if abs(apart) > SLIGHT else 0.0,
        )  # fmt: skip
    except (KeyError, ValueError, TypeError) as error:
        raise Down("format", "join") from error


def keep(welcome: Welcome, url: str, at: datetime) -> Peer:
    """Live below the parent from here on. Of a commune's node the parent is the authority, its taking-in the order."""
    with transaction.atomic(using="owner"):
        Peer.objects.using("owner").all().delete()
        authority = welcome.node if welcome.unit != welcome.province else None
        Node.objects.using("owner").filter(ours=True).update(authority=authority)
        peer = Peer.objects.using("owner").create(
            id=welcome.node, url=url, name=welcome.name, public_key=welcome.public_key.hex(),
            recipient=welcome.recipient, member=welcome.member, unit=welcome.unit, province=welcome.province,
            offset=welcome.offset, since=at,
        )  # fmt: skip
    if (public := public_key()) is not None:
        heard(public, at=at)
    return peer


def is_empty() -> bool:
    """Whether nothing was written here for everybody; what came from an earlier parent does no harm."""
    own = Node.objects.using("owner").filter(ours=True).values("id")
    return not Stream.objects.using("owner").filter(channel="reference", node__in=own, seq__gt=0).exists()
