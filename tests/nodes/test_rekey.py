"""A node changes its keys: its parent hears of it under the earlier one, its children follow, wherever it is cut."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from haicap.journal.rekeying import renewed
from haicap.nodes.exchange.records import Fault
from haicap.nodes.exchange.rekeyed import tell
from haicap.nodes.exchange.signing import sign
from haicap.nodes.exchange.speaking import Talk
from haicap.nodes.exchange.wire import Down, Request, Response
from nodes.network import START
from nodes.pair import RANDOM, Pair, Wire, call
from nodes.toy import things

pytestmark = pytest.mark.usefixtures("in_touch")


def new() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(RANDOM.randbytes(32))


def known(pair: Pair) -> bytes:
    """The ward's key as the province knows it."""
    member = pair.province.shelf.member(pair.ward.shelf.own.id)
    assert member is not None
    return member.public_key


def test_new_keys_are_told_under_the_earlier_one_and_count_from_then_on(pair: Pair) -> None:
    shelf, before = pair.ward.shelf, pair.ward.shelf.own
    earlier = shelf.signer
    pair.write(pair.ward)
    shelf.rekey(new())
    mine = pair.write(pair.ward)
    wire = Wire(pair.province)
    done = call(pair, wire=wire)
    assert (done.good, done.pushed, pair.incidents()) == (True, 2, [])
    assert wire.paths[:2] == ["POST incarnation", "GET heads"]
    member = pair.province.shelf.member(before.id)
    assert member is not None
    assert (member.public_key, member.recipient) == (shelf.identity.public_key, shelf.recipient)
    assert member.incarnation == shelf.own.incarnation != before.incarnation
    assert shelf.former() == ()
    assert pair.province.shelf.folded(things, mine) == shelf.folded(things, mine)
    late = sign(Request("GET", "/sync/heads"), earlier, START)
    assert pair.send(late)[0].status == 401, "the earlier key counts no more"


@pytest.mark.parametrize("times", [1, 2, 3])
def test_keys_changed_again_before_they_could_be_told(pair: Pair, times: int) -> None:
    for _ in range(times):
        pair.ward.shelf.rekey(new())
        pair.write(pair.ward)
    assert call(pair).pushed == times
    assert known(pair) == pair.ward.shelf.identity.public_key
    assert call(pair).good


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("heard", [False, True])
def test_the_line_is_cut_while_they_are_told(pair: Pair, heard: bool, again: bool) -> None:
    """The announcement never came there, or its answer never came back; the keys may be changed once more then."""
    shelf = pair.ward.shelf
    shelf.rekey(new())
    told = shelf.identity.public_key
    pair.write(pair.ward)

    def cut(count: int, request: Request) -> Response | None:
        if heard:
            pair.send(request)
        raise Down("timeout")

    assert call(pair, wire=Wire(pair.province, cut)).faults == (Fault("timeout", "timeout"),)
    assert (known(pair) == told) is heard
    assert len(shelf.former()) == 1, "which key is believed is not known"
    if again:
        shelf.rekey(new())
    done = call(pair)
    assert (done.good, done.pushed) == (True, 1)
    assert known(pair) == shelf.identity.public_key
    assert shelf.former() == ()
    assert "signature" not in pair.incidents(), "nobody has done anything wrong"


def test_a_thief_of_an_earlier_key_is_still_shown(pair: Pair) -> None:
    shelf = pair.ward.shelf
    earlier = shelf.identity
    shelf.rekey(new())
    assert call(pair).good
    thief = replace(earlier, signing=new(), former=(earlier.signing,), renewals=shelf.renewals())
    shelf.identity = thief
    stolen = renewed(earlier.node, earlier.signing, thief.public_key, thief.recipient)
    above = pair.ward.parent
    assert above is not None
    for renewals in ((), (stolen,), (*shelf.renewals(), stolen)):
        shelf.identity = replace(thief, renewals=renewals)
        pair.province.disk.tables["incident"].clear()
        tell(Talk(shelf, Wire(pair.province), above))
        assert pair.incidents() == ["signature"]
    assert known(pair) != thief.public_key


def test_killed_between_the_answer_and_forgetting_the_earlier_key(pair: Pair) -> None:
    shelf = pair.ward.shelf
    shelf.rekey(new())
    kept = shelf.identity
    assert call(pair).good
    shelf.identity = kept  # the file was not written any more
    assert call(pair).good
    assert shelf.former() == ()


def test_a_new_life_begun_before_they_could_be_told_tells_them_as_well(pair: Pair) -> None:
    shelf = pair.ward.shelf
    shelf.rekey(new())
    shelf.begin("restored", {})
    pair.write(pair.ward)
    assert call(pair).pushed == 1
    assert known(pair) == shelf.identity.public_key


def test_who_has_neither_key_tells_nothing(pair: Pair) -> None:
    """A copy of the machine from before an earlier change, or a thief."""
    before = known(pair)
    its = pair.ward.shelf.identity
    pair.ward.shelf.identity = replace(its, signing=new(), former=(new(),))
    done = call(pair)
    assert [fault.code for fault in done.faults] == ["signature"]
    assert known(pair) == before
    assert len(pair.ward.shelf.former()) == 1
    assert "signature" in pair.incidents()


@pytest.mark.parametrize("times", [1, 2])
def test_children_follow_a_province_that_changed_its_keys(pair: Pair, times: int) -> None:
    province = pair.province.shelf
    for _ in range(times):
        province.rekey(new())
    pair.write(pair.ward)
    done = call(pair)
    assert (done.good, done.pushed) == (True, 1)
    parent = pair.ward.shelf.parent
    assert parent is not None
    assert (parent.public_key, parent.recipient) == (province.identity.public_key, province.recipient)
    wire = Wire(pair.province)
    pair.ward.parent = parent
    assert call(pair, wire=wire).good
    assert "GET renewed" not in wire.paths


def test_both_sides_change_their_keys_at_once(pair: Pair) -> None:
    pair.province.shelf.rekey(new())
    pair.ward.shelf.rekey(new())
    pair.write(pair.ward)
    done = call(pair)
    assert (done.good, done.pushed) == (True, 1)
    assert known(pair) == pair.ward.shelf.identity.public_key


@pytest.mark.parametrize("what", ["nothing", "another's word", "another node's"])
def test_a_parent_is_not_followed_to_a_key_that_the_known_one_did_not_sign(pair: Pair, what: str) -> None:
    shelf, thief = pair.province.shelf, new()
    its = shelf.identity
    before, node = pair.ward.shelf.parent, its.node
    public = thief.public_key().public_bytes_raw()
    said = {
        "nothing": (),
        "another's word": (replace(renewed(node, thief, public, "age1"), before=its.public_key),),
        "another node's": (renewed(pair.other.shelf.own.id, its.signing, public, "age1"),),
    }[what]
    shelf.identity = replace(its, signing=thief, renewals=said)
    done = call(pair)
    assert (done.reached, [fault.code for fault in done.faults]) == (False, ["stranger"])
    assert pair.ward.shelf.parent == before


def test_what_a_parent_gave_out_under_an_earlier_key_is_still_its_word(pair: Pair) -> None:
    """It is restored, has changed its keys meanwhile, and a child brings back what it has lost."""
    before = list(pair.province.disk.log)
    (stream,) = pair.govern(1)
    assert call(pair).good
    word = pair.ward.shelf.vouched(stream.id())
    assert word is not None
    pair.province.disk.log = before
    pair.province.start()
    pair.province.shelf.rekey(new())
    assert pair.province.shelf.head(stream.id()) is None
    assert call(pair).good
    assert pair.province.shelf.head(stream.id()) is not None
