"""Keys, checkpoints and files beside the entries."""

import json
from hashlib import sha256
from uuid import UUID

import pytest

from haicap.nodes.exchange.wire import Request
from nodes.pair import Pair
from nodes.toy import Noted, Opened, things


def test_keys_are_given_to_whom_the_file_is(pair: Pair) -> None:
    pair.write(pair.ward, body=Opened(text="o"), sealed={"name": "Lê Văn A"})
    assert pair.push(pair.ward.shelf.own.stream("31001", "work"))[0] == 200
    _, said = pair.ask(Request("GET", "/sync/heads"))
    (key_id,) = said["wants"]["keys"]
    shelf, above = pair.ward.shelf, pair.province
    given = shelf.give_keys([key_id], above.identity.node, above.identity.recipient)
    from base64 import b64encode

    brought = json.dumps({"keys": b64encode(given.keys).decode(), "want": []}).encode()
    assert pair.ask(Request("POST", "/sync/keys", body=brought))[0].status == 200
    assert key_id in above.shelf.table("key")
    asked = Request("POST", "/sync/keys", body=json.dumps({"want": [key_id]}).encode())
    assert pair.ask(asked)[1]["keys"] != ""
    assert pair.ask(asked, pair.other)[1]["keys"] == ""
    assert pair.incidents() == ["foreign"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"want":1}', b'{"want":["x"]}', b'{"keys":"?"}', b'{"keys":"AAAA"}']
)
def test_keys_that_are_none(pair: Pair, body: bytes) -> None:
    response, said = pair.ask(Request("POST", "/sync/keys", body=body))
    assert (response.status, said["error"]) == (400, "format")


def test_a_checkpoint_is_kept_if_its_node_signed_it(pair: Pair) -> None:
    pair.ward.shelf.witness()
    newest = pair.ward.shelf.newest()
    assert newest is not None
    said = {"statement": newest.data.decode(), "signature": newest.signature.hex()}
    body = json.dumps(said).encode()
    assert pair.ask(Request("POST", "/sync/witness", body=body), pair.other)[0].status == 401
    assert pair.province.shelf.kept(pair.ward.identity.node) is None
    assert pair.ask(Request("POST", "/sync/witness", body=body))[0].status == 200
    assert pair.province.shelf.kept(pair.ward.identity.node) == newest


PHOTO = bytes(range(256)) * 800
NAME = sha256(PHOTO).hexdigest()


def put(data: bytes, first: int, total: int, name: str = NAME) -> Request:
    headers = {"content-range": f"bytes {first}-{first + len(data) - 1}/{total}"}
    return Request("PUT", f"/sync/blobs/{name}", "", headers, data)


@pytest.fixture
def named(pair: Pair) -> Pair:
    """The ward has brought an entry that names a file."""
    subject = pair.write(pair.ward)
    with pair.ward.shelf.writing(UUID(int=1)) as pen:
        pen.write(
            things,
            UUID(int=70),
            subject,
            Noted(text="b", blob=NAME),
            unit="31001",
            grant=pair.grants["31001"],
        )
    assert pair.push(pair.ward.shelf.own.stream("31001", "work"))[0] == 200
    return pair


def test_a_file_comes_in_slices_and_can_be_had_in_ranges(named: Pair) -> None:
    half = len(PHOTO) // 2
    assert named.ask(put(PHOTO[:half], 0, len(PHOTO)))[1] == {"size": half}
    assert named.ask(put(PHOTO[:half], 0, len(PHOTO)))[1] == {"error": "gap", "size": half}
    assert named.ask(put(PHOTO[half:], half, len(PHOTO)))[0].status == 201
    assert named.ask(put(PHOTO[half:], half, len(PHOTO)))[0].status == 201
    whole, said = named.ask(Request("GET", f"/sync/blobs/{NAME}"))
    assert (whole.status, said["bytes"]) == (200, PHOTO)
    part, said = named.ask(Request("GET", f"/sync/blobs/{NAME}", "", {"range": "bytes=5-9"}))
    assert (part.status, said["bytes"]) == (206, PHOTO[5:10])
    assert part.headers["content-range"] == f"bytes 5-9/{len(PHOTO)}"
    head, said = named.ask(Request("HEAD", f"/sync/blobs/{NAME}"))
    assert (head.status, said["bytes"]) == (200, b"")
    beyond, said = named.ask(Request("GET", f"/sync/blobs/{NAME}", "", {"range": f"bytes={len(PHOTO)}-"}))
    assert (beyond.status, said["size"]) == (416, len(PHOTO))
    assert named.ask(Request("GET", f"/sync/blobs/{NAME}"), named.other)[0].status == 404


def test_a_file_that_is_not_what_its_name_says(named: Pair) -> None:
    response, said = named.ask(put(bytes(len(PHOTO)), 0, len(PHOTO)))
    assert (response.status, said["error"]) == (400, "format")
    assert named.province.shelf.blob_size(NAME) is None
    assert named.province.shelf.blob_begun(NAME) == 0
    assert named.incidents() == ["format"]


def test_a_file_that_no_entry_names(named: Pair) -> None:
    assert named.ask(put(b"x", 0, 1, sha256(b"x").hexdigest()))[1]["error"] == "foreign"
    assert named.ask(put(PHOTO, 0, len(PHOTO)), named.other)[1]["error"] == "foreign"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "format"), ("bytes 0-0/2", "format"), ("bytes 5-2/9", "format"), ("bytes 0-2/3", "format"),
        ("bytes 0-1/1", "format"), ("bytes 0-1/99999999999", "size"), ("bytes 0-1/*", "format"),
    ],
)  # fmt: skip
def test_slices_that_are_none(named: Pair, header: str, code: str) -> None:
    request = Request("PUT", f"/sync/blobs/{NAME}", "", {"content-range": header}, b"xy")
    assert named.ask(request)[1]["error"] == code
    assert named.province.shelf.blob_begun(NAME) == 0
