"""Requests and answers as they must be signed, and what must not pass for one."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier
from http_message_signatures.algorithms import ED25519
from http_message_signatures.resolvers import MappingKeyResolver
from hypothesis import given
from hypothesis import strategies as st

from haicap.nodes.exchange.signing import (
    ANSWERED,
    ASKED,
    BadSignature,
    Signed,
    Signer,
    nonce_of,
    sign,
    sign_answer,
    verify,
    verify_answer,
)
from haicap.nodes.exchange.wire import Down, Request, Response

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
CHILD = Signer(UUID(int=11), UUID(int=12), KEY)
PARENT = Signer(UUID(int=31), UUID(int=32), OTHER)
STATE = '{"disk":1000,"v":"0.2"}'
REQUEST = Request("POST", "/sync/streams/1", "after=7", {"haicap-state": STATE}, b"a batch")


@dataclass
class Once:
    """Nonces in memory."""

    used: dict[tuple[UUID, str], datetime] = field(default_factory=dict)

    def fresh(self, request: Signed, until: datetime) -> bool:
        it = (request.node, request.nonce)
        if it in self.used:
            return False
        self.used[it] = until
        return True


def key_of(node: UUID) -> bytes:
    keys = {CHILD.node: KEY, PARENT.node: OTHER}
    if node not in keys:
        raise BadSignature("unknown")
    return keys[node].public_key().public_bytes_raw()


def verified(request: Request, at: datetime = NOW, nonces: Once | None = None) -> Signed:
    return verify(request, key_of, nonces or Once(), at)


def refusal(request: Request, at: datetime = NOW, nonces: Once | None = None) -> str:
    with pytest.raises(BadSignature) as refused:
        verified(request, at, nonces)
    return refused.value.code


def with_headers(request: Request, headers: Mapping[str, str]) -> Request:
    return replace(request, headers={**request.headers, **headers})


def test_a_signed_request_says_whose_it_is_and_what_it_told() -> None:
    signed = verified(sign(REQUEST, CHILD, NOW))
    assert signed == Signed(
        CHILD.node, CHILD.incarnation, NOW, {"disk": 1000, "v": "0.2"}, REQUEST.path, signed.nonce
    )


def test_all_that_matters_is_covered() -> None:
    request = sign(REQUEST, CHILD, NOW)
    made = request.headers["signature-input"]
    covered = '"@method" "@path" "@query" "haicap-incarnation" "haicap-state" "content-digest"'
    assert made.startswith(f"sig=({covered});created={int(NOW.timestamp())};")
    assert f';keyid="{CHILD.node}"' in made
    assert ';alg="ed25519"' in made
    assert len(nonce_of(request)) == 22


CHANGES: dict[str, Callable[[Request], Request]] = {
    "body": lambda it: replace(it, body=b"another batch"),
    "no body and no digest": lambda it: replace(
        it, body=b"", headers={name: value for name, value in it.headers.items() if name != "content-digest"}
    ),
    "no body": lambda it: replace(it, body=b""),
    "body with its digest": lambda it: with_headers(
        replace(it, body=b"x"),
        {"content-digest": sign(replace(it, body=b"x"), CHILD, NOW).headers["content-digest"]},
    ),
    "path": lambda it: replace(it, path="/sync/streams/2"),
    "query": lambda it: replace(it, query="after=8"),
    "method": lambda it: replace(it, method="PUT"),
    "path that is none": lambda it: replace(it, path="/sync/\x00 ü"),
    "incarnation": lambda it: with_headers(it, {"haicap-incarnation": str(UUID(int=13))}),
    "incarnation twice": lambda it: with_headers(it, {"Haicap-Incarnation": str(UUID(int=13))}),
    "state": lambda it: with_headers(it, {"haicap-state": '{"disk":9000}'}),
    "time": lambda it: with_headers(
        it, {"signature-input": it.headers["signature-input"].replace("created=1", "created=2")}
    ),
    "no time": lambda it: with_headers(
        it, {"signature-input": it.headers["signature-input"].replace(f"created={int(NOW.timestamp())};", "")}
    ),
    "nonce": lambda it: with_headers(
        it, {"signature-input": it.headers["signature-input"].replace('nonce="', 'nonce="0')}
    ),
    "less covered": lambda it: with_headers(
        it, {"signature-input": it.headers["signature-input"].replace(' "@query"', "")}
    ),
    "another's name": lambda it: with_headers(
        it, {"signature-input": it.headers["signature-input"].replace(str(CHILD.node), str(PARENT.node))}
    ),
    "no name": lambda it: with_headers(
        it, {"signature-input": it.headers["signature-input"].replace(str(CHILD.node), "../../node")}
    ),
    "algorithm": lambda it: with_headers(
        it, {"signature-input": it.headers["signature-input"].replace("ed25519", "hmac-sha256")}
    ),
    "no signature": lambda it: replace(it, headers={"haicap-state": "{}"}),
    "two signatures": lambda it: with_headers(
        it,
        {
            "signature": it.headers["signature"] + ", " + it.headers["signature"].replace("sig=", "more="),
            "signature-input": it.headers["signature-input"]
            + ", "
            + it.headers["signature-input"].replace("sig=", "more="),
        },
    ),
    "garbage": lambda it: with_headers(it, {"signature": "sig=:!!:", "signature-input": "((((("}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_on_the_way_is_refused(change: str) -> None:
    nonces = Once()
    assert refusal(CHANGES[change](sign(REQUEST, CHILD, NOW)), nonces=nonces) == "signature"
    assert not nonces.used


EMPTY = Request("GET", "/sync/heads", "", {"haicap-state": STATE})


def test_a_request_without_a_body_has_no_digest() -> None:
    request = sign(EMPTY, CHILD, NOW)
    assert "content-digest" not in request.headers
    assert verified(request).node == CHILD.node


def test_nothing_can_be_put_into_a_request_without_a_body() -> None:
    request = replace(sign(EMPTY, CHILD, NOW), body=b"x")
    digest = sign(replace(EMPTY, body=b"x"), CHILD, NOW).headers["content-digest"]
    assert refusal(request) == "signature"
    assert refusal(with_headers(request, {"content-digest": digest})) == "signature"


def test_nothing_can_be_put_into_an_answer_without_a_body() -> None:
    request = sign(EMPTY, CHILD, NOW)
    answer = sign_answer(Response(304), request, PARENT, NOW)
    with pytest.raises(BadSignature, match="signature"):
        verify_answer(replace(answer, body=(b"{}",)), request, key_of)


def test_a_contact_with_nothing_new_takes_less_than_a_kilobyte() -> None:
    request = sign(with_headers(EMPTY, {"if-none-match": f'"{"e" * 24}"'}), CHILD, NOW)
    answer = sign_answer(Response(304, {"etag": f'"{"e" * 24}"'}), request, PARENT, NOW)
    of_http = "host: province.example\r\ndate: Sun, 22 Nov 2026 02:00:00 GMT\r\nserver: waitress\r\n"
    lines = [*request.headers.items(), *answer.headers.items()]
    first = "GET /sync/heads HTTP/1.1\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n"
    assert sum(len(name) + len(value) + 4 for name, value in lines) + len(of_http) + len(first) < 900


def test_a_forged_signature_is_refused() -> None:
    assert refusal(sign(REQUEST, replace(CHILD, key=OTHER), NOW)) == "signature"


def test_who_is_not_known_is_told_so() -> None:
    assert refusal(sign(REQUEST, replace(CHILD, node=UUID(int=99)), NOW)) == "unknown"


def test_the_one_who_holds_the_keys_may_say_revoked() -> None:
    def revoked(node: UUID) -> bytes:
        raise BadSignature("revoked")

    with pytest.raises(BadSignature, match="revoked"):
        verify(sign(REQUEST, CHILD, NOW), revoked, Once(), NOW)


@pytest.mark.parametrize("error", [ValueError, OSError, KeyError])
def test_keys_that_cannot_be_read_here_are_no_forgery(error: type[Exception]) -> None:
    def unreadable(_node: UUID) -> bytes:
        raise error("the database")

    with pytest.raises(error, match="the database"):
        verify(sign(REQUEST, CHILD, NOW), unreadable, Once(), NOW)


def test_a_request_counts_once() -> None:
    request, nonces = sign(REQUEST, CHILD, NOW), Once()
    verified(request, nonces=nonces)
    assert refusal(request, nonces=nonces) == "replay"
    assert set(nonces.used.values()) == {NOW + timedelta(seconds=600)}


@pytest.mark.parametrize("apart", [timedelta(days=365 * 9), timedelta(seconds=301), -timedelta(seconds=301)])
def test_a_wrong_clock_is_told_and_uses_no_nonce_up(apart: timedelta) -> None:
    nonces = Once()
    assert refusal(sign(REQUEST, CHILD, NOW + apart), nonces=nonces) == "clock"
    assert not nonces.used


@pytest.mark.parametrize("apart", [timedelta(seconds=300), -timedelta(seconds=300)])
def test_a_nonce_is_kept_as_long_as_its_request_could_come_again(apart: timedelta) -> None:
    nonces = Once()
    signed = verified(sign(REQUEST, CHILD, NOW + apart), nonces=nonces)
    assert signed.at + timedelta(seconds=300) <= max(nonces.used.values())


def test_only_the_holder_of_the_key_learns_that_its_clock_is_wrong() -> None:
    forged = sign(REQUEST, replace(CHILD, key=OTHER), NOW + timedelta(days=400))
    assert refusal(forged) == "signature"


@pytest.mark.parametrize("created", [10**14, -(10**14), 999_999_999_999_999])
def test_a_time_that_no_calendar_has_is_refused(created: int) -> None:
    class Never:
        def timestamp(self) -> int:
            return created

    assert refusal(sign(REQUEST, CHILD, Never())) == "signature"  # type: ignore[arg-type]  # a hostile signer


def test_signing_again_with_the_parent_s_time_replaces_the_signature() -> None:
    again = sign(sign(REQUEST, CHILD, NOW + timedelta(days=400)), CHILD, NOW)
    assert verified(again).at == NOW


@pytest.mark.parametrize("state", ["[]", "{", "[" * 1500, '{"v":"' + "x" * 3000 + '"}'])
def test_a_state_that_is_none_is_refused(state: str) -> None:
    assert refusal(sign(with_headers(REQUEST, {"haicap-state": state}), CHILD, NOW)) == "format"


def test_an_incarnation_that_is_none_is_refused() -> None:
    signer = replace(CHILD, incarnation="../etc")  # type: ignore[arg-type]  # a hostile signer
    assert refusal(sign(REQUEST, signer, NOW)) == "format"


def test_a_nonce_that_is_too_short_is_refused() -> None:
    assert refusal(sign(REQUEST, replace(CHILD, entropy=lambda size: b"x"), NOW)) == "format"


def test_gigantic_headers_are_refused_before_they_are_read() -> None:
    huge = with_headers(sign(REQUEST, CHILD, NOW), {"x-more": "a" * (1 << 20)})
    assert refusal(huge) == "format"


@given(
    st.dictionaries(
        st.sampled_from(["signature", "signature-input", "content-digest", "haicap-state"]), st.text()
    )
)
def test_whatever_stands_in_the_headers_it_is_refused(headers: dict[str, str]) -> None:
    assert refusal(with_headers(Request("GET", "/sync/heads"), headers)) == "signature"


@given(place=st.integers(0, 511))
def test_no_bit_of_a_signature_can_be_exchanged(place: int) -> None:
    request = sign(REQUEST, CHILD, NOW)
    value = bytearray(b64decode(request.headers["signature"][5:-1]))
    value[place // 8] ^= 1 << place % 8
    assert refusal(with_headers(request, {"signature": f"sig=:{b64encode(value).decode()}:"})) == "signature"


@given(st.data())
def test_no_sign_of_what_is_signed_can_be_exchanged(data: st.DataObject) -> None:
    request = sign(REQUEST, CHILD, NOW)
    name = data.draw(
        st.sampled_from(["signature-input", "content-digest", "haicap-state", "haicap-incarnation"])
    )
    value = request.headers[name]
    place = data.draw(st.integers(0, len(value) - 1))
    other = data.draw(
        st.characters(min_codepoint=33, max_codepoint=126).filter(lambda it: it != value[place])
    )
    changed = with_headers(request, {name: value[:place] + other + value[place + 1 :]})
    assert refusal(changed) in {"signature", "unknown"}


def test_an_answer_is_bound_to_what_was_asked() -> None:
    request = sign(REQUEST, CHILD, NOW)
    answer = sign_answer(Response(200, {"etag": '"1"'}, iter((b'{"a"', b":1}"))), request, PARENT, NOW)
    assert answer.headers["haicap-nonce"] == nonce_of(request)
    assert answer.headers["etag"] == '"1"'
    told = verify_answer(answer, request, key_of)
    assert (told.at, told.body) == (NOW, b'{"a":1}')
    with pytest.raises(BadSignature, match="replay"):
        verify_answer(answer, sign(REQUEST, CHILD, NOW), key_of)


def test_an_answer_s_time_is_believed_for_it_is_fresh() -> None:
    request = sign(REQUEST, CHILD, NOW)
    answer = sign_answer(Response(304), request, PARENT, NOW + timedelta(days=900))
    assert verify_answer(answer, request, key_of).at == NOW + timedelta(days=900)


ANSWER_CHANGES: dict[str, Callable[[Response], Response]] = {
    "status": lambda it: replace(it, status=304),
    "body": lambda it: replace(it, body=(b"{}",)),
    "cut": lambda it: replace(it, body=(it.whole()[:-1],)),
    "unsigned": lambda it: replace(it, headers={}),
    "nonce": lambda it: replace(it, headers={**it.headers, "haicap-nonce": "0" * 32}),
}


@pytest.mark.parametrize("change", ANSWER_CHANGES)
def test_an_answer_that_was_changed_is_not_believed(change: str) -> None:
    request = sign(REQUEST, CHILD, NOW)
    answer = sign_answer(Response(200, {}, (b'{"a":1}',)), request, PARENT, NOW)
    with pytest.raises(BadSignature, match="signature"):
        verify_answer(ANSWER_CHANGES[change](answer), request, key_of)


def test_an_endless_answer_is_given_up() -> None:
    def endless() -> object:
        while True:
            yield b" " * 65536

    answer = Response(200, {}, endless())  # type: ignore[arg-type]  # a generator is iterable
    with pytest.raises(Down, match="format"):
        verify_answer(answer, sign(REQUEST, CHILD, NOW), key_of)


def test_a_request_without_a_nonce_gets_no_signed_answer() -> None:
    with pytest.raises(BadSignature, match="signature"):
        sign_answer(Response(200), REQUEST, PARENT, NOW)


def test_a_signer_shows_no_key() -> None:
    assert "Private" not in repr(CHILD)


def test_the_digest_is_that_of_rfc_9530() -> None:
    digest = b64encode(sha256(REQUEST.body).digest()).decode()
    assert sign(REQUEST, CHILD, NOW).headers["content-digest"] == f"sha-256=:{digest}:"


# Beside another implementation of RFC 9421


@dataclass
class Message:
    """A request as the library reads it."""

    headers: dict[str, str]
    method: str
    url: str


@dataclass
class Answered:
    """An answer as the library reads it."""

    headers: dict[str, str]
    status_code: int


class Timeless(HTTPMessageVerifier):
    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        """The library would ask the machine's clock."""


def asked(request: Request) -> Message:
    return Message(dict(request.headers), request.method, f"http://node{request.target}")


KEYS = MappingKeyResolver(
    public_keys={str(CHILD.node): KEY.public_key(), str(PARENT.node): OTHER.public_key()},
    private_keys={str(CHILD.node): KEY, str(PARENT.node): OTHER},
)  # fmt: skip
BODIES = pytest.mark.parametrize("asking", [REQUEST, EMPTY], ids=["body", "none"])


@BODIES
def test_what_is_signed_here_another_implementation_believes(asking: Request) -> None:
    library = Timeless(signature_algorithm=ED25519, key_resolver=KEYS)
    request = sign(asking, CHILD, NOW)
    (its,) = library.verify(asked(request), max_age=None, require_components=ASKED, body=request.body)
    assert (its.parameters["keyid"], its.nonce) == (str(CHILD.node), nonce_of(request))
    for body in (b"", b'{"a":1}'):
        answer = sign_answer(Response(200, {"etag": '"1"'}, (body,)), request, PARENT, NOW)
        message = Answered(dict(answer.headers), 200)
        assert library.verify(message, max_age=None, require_components=ANSWERED, body=body)


@BODIES
def test_what_another_implementation_signs_is_believed_here(asking: Request) -> None:
    message = asked(with_headers(asking, {"haicap-incarnation": str(CHILD.incarnation)}))
    HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=KEYS).sign(
        message, key_id=str(CHILD.node), created=NOW, nonce="n" * 22, label="sig", covered_component_ids=ASKED,
        body=asking.body or None,
    )  # fmt: skip
    headers = {name.lower(): value for name, value in message.headers.items()}
    its = verified(replace(asking, headers=headers))
    assert (its.node, its.at, its.nonce) == (CHILD.node, NOW, "n" * 22)


def by_hand(
    said: str, covered: str = '"@query" "@method" "@path" "haicap-state" "haicap-incarnation"'
) -> Request:
    """A request under a good signature, which covers and says of itself whatever its node likes."""
    said = f'({covered});keyid="{CHILD.node}";{said}'
    request = with_headers(
        EMPTY, {"haicap-incarnation": str(CHILD.incarnation), "signature-input": f"sig={said}"}
    )
    values = {**request.headers, "@method": "GET", "@path": "/sync/heads", "@query": "?"}
    names = [name.partition(";")[0].strip('"') for name in covered.split(" ")]
    lines = [f'"{name}": {values.get(name, "")}' for name in names]
    base = "\n".join([*lines, f'"@signature-params": {said}']).encode()
    return with_headers(request, {"signature": f"sig=:{b64encode(KEY.sign(base)).decode()}:"})


CREATED = f'created={int(NOW.timestamp())};nonce="{"n" * 22}"'


def test_the_order_of_what_is_covered_is_the_signer_s() -> None:
    assert verified(by_hand(CREATED)).node == CHILD.node


@pytest.mark.parametrize(
    "said",
    ["created=1.5", "created=?1", "created=@1795312800", 'created="1795312800"', "created=1795312800;nonce=token",
     "created=1795312800;nonce=5", "created=1795312800;nonce=:AAAA:", 'created=1795312800;tag="x"',
     "created=1795312800;expires=1795312900", "created=1795312800;keyid=token"],
)  # fmt: skip
def test_what_a_signature_says_of_itself_has_its_form(said: str) -> None:
    assert refusal(by_hand(said)) == "signature"


@pytest.mark.parametrize(
    "covered",
    ['"@method" "@path" "@query" "haicap-incarnation"',
     '"@method" "@path" "@query" "haicap-incarnation" "haicap-state";sf',
     '"@method" "@path" "@path" "@query" "haicap-incarnation" "haicap-state"',
     '"@method" "@path" "@query" "haicap-incarnation" haicap-state',
     '"@method" "@path" "@query" "haicap-incarnation" "haicap-state" "@authority"'],
)  # fmt: skip
def test_a_signature_covers_what_it_must_once_and_nothing_unknown(covered: str) -> None:
    assert refusal(by_hand(CREATED, covered)) == "signature"


def test_no_value_that_is_signed_can_be_read_as_two() -> None:
    split = '{}\n"@signature-params": x'
    with pytest.raises(BadSignature, match="signature"):
        sign(with_headers(EMPTY, {"haicap-state": split}), CHILD, NOW)
    assert refusal(with_headers(sign(EMPTY, CHILD, NOW), {"haicap-state": split})) == "signature"
