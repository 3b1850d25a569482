"""The door for other nodes: what is let in, how much of it at once, and how a machine becomes a node through it."""

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import Client, RequestFactory
from pyrage import x25519

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.journal.models import Node
from haicap.journal.node import Own, keys, own
from haicap.nodes import accounts, actions, admitting, becoming, codes, noting, queries, views_sync
from haicap.nodes.becoming import Asking, NotJoined
from haicap.nodes.exchange.answering import answer
from haicap.nodes.exchange.records import Incident, Joined, Joining, Member, Parent
from haicap.nodes.exchange.signing import Signed, Signer
from haicap.nodes.exchange.speaking import Talk
from haicap.nodes.exchange.wire import Request, Response
from haicap.nodes.models import Member as Row
from haicap.nodes.models import Password, Peer
from nodes.world import invites, key, writes

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
AT = datetime.now(UTC)


def asked(method: str, path: str, body: bytes = b"", **more: Any) -> HttpRequest:
    return RequestFactory().generic(method, path, body, "application/octet-stream", **more)


def said(request: Request) -> Response:
    value = json.dumps([request.method, request.path, request.query, len(request.body)]).encode()
    return Response(200, {"content-type": "application/json", "etag": '"x"'}, (value,))


def streamed(request: Request) -> Response:
    return Response(200, {"content-type": "application/zstd"}, iter([b"a", b"b"]))


def test_a_request_becomes_one_of_the_exchange() -> None:
    sent = views_sync.sync(asked("POST", "/sync/witness?after=3", b"12345"), said)
    assert json.loads(sent.content) == ["POST", "/sync/witness", "after=3", 5]  # type: ignore[attr-defined]
    assert (sent["ETag"] if "ETag" in sent else sent["Etag"], sent["Content-Length"]) == ('"x"', "39")


def test_headers_stand_as_the_exchange_reads_them() -> None:
    met: dict[str, str] = {}

    def look(request: Request) -> Response:
        met.update(request.headers)
        return Response(304, {"etag": '"x"'})

    sent = views_sync.sync(asked("GET", "/sync/heads", HTTP_HAICAP_STATE='{"v":"1"}'), look)
    assert met["haicap-state"] == '{"v":"1"}'
    assert (sent.status_code, "Content-Type" in sent) == (304, False)


@pytest.mark.parametrize(
    ("path", "size", "taken"),
    [("/sync/witness", views_sync.SMALL, True), ("/sync/witness", views_sync.SMALL + 1, False),
     ("/sync/streams/x", views_sync.MOST, True), ("/sync/streams/x", views_sync.MOST + 1, False),
     ("/sync/join", views_sync.MOST, False)],
)  # fmt: skip
def test_a_body_that_is_too_big_is_refused_unread(path: str, size: int, taken: bool) -> None:
    request = asked("POST", path)
    request.META["CONTENT_LENGTH"] = str(size)
    request.META["wsgi.input"] = None  # whoever reads it fails
    request._body = b""
    sent = views_sync.sync(request, said)
    assert (sent.status_code == 200) is taken
    if not taken:
        assert sent.status_code == 413
        assert json.loads(sent.content)["error"] == "size"  # type: ignore[attr-defined]


def test_a_length_that_is_none_is_refused() -> None:
    request = asked("POST", "/sync/streams/x")
    request.META["CONTENT_LENGTH"] = "-1"
    assert views_sync.sync(request, said).status_code == 413


def test_two_bodies_at_a_time_and_no_more() -> None:
    def get() -> Any:
        return views_sync.sync(asked("GET", "/sync/streams/x"), streamed)

    first, second, third = get(), get(), get()
    assert [it.status_code for it in (first, second, third)] == [200, 200, 503]
    assert json.loads(third.content)["error"] == "busy"
    assert 5 <= int(third["Retry-After"]) <= 20
    assert views_sync.sync(asked("GET", "/sync/heads"), said).status_code == 200
    assert b"".join(first.streaming_content) == b"ab"
    first.close()
    again = get()
    assert again.status_code == 200
    for open_one in (second, again):
        open_one.close()  # cut off before anything was sent


def test_a_fault_gives_the_place_back() -> None:
    def fails(request: Request) -> Response:
        raise ValueError(request.path)

    for _ in range(3):
        with pytest.raises(ValueError, match="/sync/keys"):
            views_sync.sync(asked("POST", "/sync/keys"), fails)
    whole = views_sync.sync(asked("POST", "/sync/keys"), said)
    assert whole.status_code == 200


def test_pages_pass_by_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_sync, "answered", said)
    sent = Client().get("/sync/heads", HTTP_HOST="10.0.0.1")  # a node is called by whatever name
    assert sent.status_code == 200
    assert set(sent.headers) <= {"Content-Type", "Content-Length", "Etag"}  # it must fit into a kilobyte
    assert not sent.cookies
    assert Client().get("/synced").status_code == 404


@dataclass
class Gate:
    """As much of a node as joining and the sign-ins need."""

    own: Own
    signer: Signer
    unit: str = "31"
    name: str = "Công an thành phố Hải Phòng"
    recipient: str = ""
    version: str = "1"
    clock: timedelta = timedelta()
    met: list[Incident] = field(default_factory=list)
    asking: tuple[str, ...] = (WARD,)
    parent: None = None

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock

    def join(self, joining: Joining) -> Joined:
        return admitting.join(joining, self.now(), "default")

    def fresh(self, request: Signed, until: datetime) -> bool:
        return noting.seen(request, until, self.now(), using="default") is not None

    def note_incident(self, incident: Incident) -> None:
        self.met.append(incident)

    def member(self, node: UUID) -> Member | None:
        row = queries.by_node(node, "default")
        if row is None:
            return None
        return Member(node, row.unit, frozenset(self.asking), bytes.fromhex(row.public_key), row.recipient, "joined",
                      tuple(map(UUID, row.incarnations)))  # fmt: skip


@dataclass
class Line:
    """A wire to the gate; `lies` changes what it answers."""

    gate: Gate
    lies: Any = None

    def ask(self, request: Request) -> Response:
        beside = tuple(
            (method, form, lambda call: accounts_here(call)) for method, form, _ in views_sync.BESIDE
        )
        response = answer(self.gate, request, beside=beside)  # type: ignore[arg-type]
        return self.lies(response) if self.lies else response


def accounts_here(call: Any) -> Response:
    """As `accounts.serve`, on the connection of the test."""
    return accounts.serve(call, "default")


@pytest.fixture
def gate() -> Gate:
    mine = own()
    return Gate(
        mine, Signer(mine.id, mine.incarnation, keys().signing), recipient=str(keys().receiving.to_public())
    )


@dataclass
class Machine:
    """A machine that wants to be a node."""

    code: str
    signing: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    receiving: x25519.Identity = field(default_factory=x25519.Identity.generate)
    node: UUID = field(default_factory=uuid7)
    incarnation: UUID = field(default_factory=uuid7)

    @property
    def signer(self) -> Signer:
        return Signer(self.node, self.incarnation, self.signing)

    def asking(self) -> Asking:
        return Asking(self.code, "Máy thử", str(self.receiving.to_public()), "1", self.signer)


@pytest.fixture
def machine() -> Machine:
    code = codes.new(key(), random.Random(7).randbytes)
    invites(code=code)
    return Machine(code)


def test_a_machine_joins_and_knows_its_parent(gate: Gate, machine: Machine) -> None:
    welcome = becoming.ask(Line(gate), machine.asking(), datetime.now(UTC))
    assert (welcome.unit, welcome.province, welcome.node) == (WARD, "31", gate.own.id)
    assert (welcome.public_key, welcome.name, welcome.offset) == (key(), gate.name, 0.0)
    assert becoming.ask(Line(gate), machine.asking(), datetime.now(UTC)) == welcome  # its answer was lost
    row = Row.objects.get()
    assert (row.node, row.standing, row.recipient) == (machine.node, "joined", machine.asking().recipient)


def test_a_wrong_clock_joins_by_the_parents_time(gate: Gate, machine: Machine) -> None:
    welcome = becoming.ask(Line(gate), machine.asking(), datetime.now(UTC) - timedelta(days=365))
    assert abs(welcome.offset - 365 * 86400) < 60
    assert Row.objects.get().standing == "joined"


def test_another_machine_with_the_same_code_is_refused(gate: Gate, machine: Machine) -> None:
    becoming.ask(Line(gate), machine.asking(), datetime.now(UTC))
    with pytest.raises(NotJoined) as error:
        becoming.ask(Line(gate), Machine(machine.code).asking(), datetime.now(UTC))
    assert error.value.code == "used"


def test_an_unknown_code_joins_nobody(gate: Gate, machine: Machine) -> None:
    stranger = Machine(codes.new(key(), random.Random(8).randbytes))
    with pytest.raises(NotJoined) as error:
        becoming.ask(Line(gate), stranger.asking(), datetime.now(UTC))
    assert error.value.code == "unknown"
    with pytest.raises(codes.NotACode):
        becoming.ask(Line(gate), Machine("short").asking(), datetime.now(UTC))


def test_whoever_answers_in_the_parents_place_is_no_parent(gate: Gate, machine: Machine) -> None:
    other = Ed25519PrivateKey.generate()
    posing = Gate(gate.own, Signer(gate.own.id, gate.own.incarnation, other), recipient=gate.recipient)
    with pytest.raises(NotJoined) as error:
        becoming.ask(Line(posing), machine.asking(), datetime.now(UTC))
    assert error.value.code == "stranger"


def test_an_answer_that_was_changed_is_not_believed(gate: Gate, machine: Machine) -> None:
    def lie(response: Response) -> Response:
        return Response(
            response.status, response.headers, (response.whole().replace(WARD.encode(), b"11329"),)
        )

    with pytest.raises(NotJoined) as error:
        becoming.ask(Line(gate, lie), machine.asking(), datetime.now(UTC))
    assert error.value.code == "stranger"


@pytest.mark.parametrize(("unit", "province"), [(WARD, "31"), ("31", "31")])
def test_the_parent_of_a_commune_orders_its_work(unit: str, province: str) -> None:
    welcome = becoming.Welcome(uuid7(), unit, province, uuid7(), "Trên", b"k" * 32, "age1x", 3.0)
    becoming.keep(welcome, "https://tren.example", AT)
    node = Node.objects.using("owner").get(ours=True)
    assert node.authority == (welcome.node if unit == WARD else None)
    peer = Peer.objects.using("owner").get()
    assert (peer.id, peer.unit, peer.public_key, peer.offset) == (welcome.node, unit, (b"k" * 32).hex(), 3.0)


def test_an_installation_with_units_of_its_own_is_not_empty() -> None:
    assert not becoming.is_empty()


@pytest.fixture
def line(gate: Gate, machine: Machine) -> Talk:
    """A joined machine and its parent, which are one database here: what is taken is the same as what is given."""
    welcome = becoming.ask(Line(gate), machine.asking(), datetime.now(UTC))
    Peer.objects.create(id=welcome.node, url="x", name="x", public_key="", recipient="", member=welcome.member,
                        unit=WARD, province="31", since=AT)  # fmt: skip
    parent = Parent(welcome.node, WARD, "x", welcome.public_key, welcome.recipient)
    child = Gate(Own(machine.node, machine.incarnation), machine.signer)
    return Talk(child, Line(gate), parent, 0.0, {})  # type: ignore[arg-type]


def clear(machine: Machine, told: dict[str, Any]) -> list[str]:
    from base64 import b64decode

    from pyrage import decrypt

    return [row[0] for row in json.loads(decrypt(b64decode(told["accounts"]), [machine.receiving]))]


def test_only_the_units_own_people_are_sent(line: Talk, machine: Machine) -> None:
    for account in ("clerk", "chief", "neighbour", "operator"):
        User.objects.create(username=account, password=f"hash of {account}")
    told = line.say(accounts.PATH, {"have": ""})
    assert clear(machine, told) == ["chief", "clerk"]
    assert line.say(accounts.PATH, {"have": told["digest"]}) == {"digest": told["digest"]}


def test_sign_ins_are_taken_and_the_later_password_stays(line: Talk, machine: Machine) -> None:
    User.objects.create(username="clerk", password="old")
    told = line.say(accounts.PATH, {"have": ""})
    User.objects.update(username="moved")
    Password.objects.all().delete()
    assert accounts.take(told, machine.receiving, "default") == 1
    user = User.objects.get(username="clerk")
    assert user.password == "old"
    assert accounts.take(told, machine.receiving, "default") == 0
    user.password = "changed here"
    user.save()
    assert accounts.take(told, machine.receiving, "default") == 0
    assert User.objects.get(username="clerk").password == "changed here"
    Password.objects.update(changed=AT - timedelta(days=9))
    assert accounts.take(told, machine.receiving, "default") == 1
    assert User.objects.get(username="clerk").password == "old"
    assert Password.objects.get().changed < datetime.now(UTC)
    assert Peer.objects.get().accounts == told["digest"]


def test_a_barred_account_is_barred_on_the_node_too(line: Talk, machine: Machine) -> None:
    User.objects.create(username="clerk", password="old", is_active=False)
    told = line.say(accounts.PATH, {"have": ""})
    User.objects.update(is_active=True)
    assert accounts.take(told, machine.receiving, "default") == 1
    assert not User.objects.get().is_active


def test_sign_ins_for_another_are_unreadable(line: Talk) -> None:
    User.objects.create(username="clerk", password="old")
    told = line.say(accounts.PATH, {"have": ""})
    for wrong in (told, told | {"accounts": "no base64!"}, told | {"accounts": ""}):
        with pytest.raises(accounts.Unreadable):
            accounts.take(wrong, x25519.Identity.generate(), "default")
    assert User.objects.get().password == "old"


def test_changing_a_password_is_noted_by_the_database() -> None:
    user = User.objects.create(username="clerk", password="a")
    first = Password.objects.get(username="clerk").changed
    user.first_name = "A"
    user.save()
    assert Password.objects.get(username="clerk").changed == first
    user.password = "b"
    user.save()
    assert Password.objects.get(username="clerk").changed > first


def test_a_renewal_is_written_down(gate: Gate, machine: Machine) -> None:
    from haicap.nodes.exchange.records import Renewal

    becoming.ask(Line(gate), machine.asking(), datetime.now(UTC))
    fresh = uuid7()
    for _ in range(2):
        admitting.renew(machine.node, Renewal(fresh, "restored", {uuid7(): 3}), AT, "default")
    row = Row.objects.get()
    assert row.incarnations == [str(machine.incarnation), str(fresh)]


def ends(how: str) -> None:
    (member,) = queries.of_unit(WARD)
    more = {"reason": "Mất máy"} if how == "revoke" else {}
    act = getattr(actions, how)
    writes(lambda pen: act(pen, entry_id=uuid7(), subject=member.id, last={}, **more), WARD, member.id)


@pytest.mark.parametrize(("how", "code"), [("close", "closed"), ("revoke", "incarnation")])
def test_a_machine_that_comes_back_is_told_what_became_of_it(
    gate: Gate, machine: Machine, how: str, code: str
) -> None:
    becoming.ask(Line(gate), machine.asking(), datetime.now(UTC))
    ends(how)
    machine.code = codes.new(key(), random.Random(8).randbytes)
    invites(code=machine.code)
    with pytest.raises(NotJoined) as error:
        becoming.ask(Line(gate), machine.asking(), datetime.now(UTC))
    assert error.value.code == code


@pytest.mark.parametrize(("how", "again"), [("close", True), ("revoke", False)])
def test_what_was_revoked_stays_so_in_the_next_membership(
    gate: Gate, machine: Machine, how: str, again: bool
) -> None:
    from haicap.nodes.exchange.records import Renewal

    becoming.ask(Line(gate), machine.asking(), datetime.now(UTC))
    ends(how)
    old, machine.incarnation = machine.incarnation, uuid7()
    machine.code = codes.new(key(), random.Random(8).randbytes)
    invites(code=machine.code)
    becoming.ask(Line(gate), machine.asking(), datetime.now(UTC))
    admitting.renew(machine.node, Renewal(old, "restored", {}), AT, "default")
    row = queries.by_node(machine.node, "default")
    assert row is not None
    assert (str(old) in row.incarnations) is again
