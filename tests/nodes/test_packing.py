"""Names set apart come back as they were, and nothing is made of what was never packed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.journal.batch import Malformed
from haicap.nodes.exchange.packing import packed, unpacked

UUID = b'"018f4e7a-0000-7000-8000-000000000001"'
SALT = b'"000102030405060708090a0b0c0d0e0f"'
DIGEST = b'"' + b"ab" * 32 + b'"'


def test_what_is_random_is_set_apart() -> None:
    short, names = packed([b'{"id":' + UUID + b',"salt":' + SALT + b',"sha256":' + DIGEST + b"}"])
    assert short == [b'{"id":\x01,"salt":\x02,"sha256":\x03}']
    assert names.hex() == "018f4e7a000070008000000000000001000102030405060708090a0b0c0d0e0f" + "ab" * 32


def test_what_occurs_twice_stays() -> None:
    both = [b'{"id":' + UUID + b"}", b'{"after":' + UUID + b"}"]
    assert packed(both) == (both, b"")


LOOKS_ALIKE = [
    UUID.upper(), UUID.replace(b"-", b"_"), SALT[:-2] + b'"', SALT[:-1] + b'0"', UUID.replace(b'"', b'\\"'), b"", b"{}",
]  # fmt: skip


@pytest.mark.parametrize("other", LOOKS_ALIKE)
def test_what_only_looks_like_a_name_stays(other: bytes) -> None:
    assert packed([other]) == ([other], b"")


NAMES = st.sampled_from([UUID, SALT, DIGEST, *LOOKS_ALIKE])
PIECES = (
    NAMES
    | st.uuids().map(lambda it: f'"{it}"'.encode())
    | st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"])).map(str.encode)
)


@given(st.lists(st.lists(PIECES).map(b",".join)))
def test_whatever_stands_around_names_it_comes_back(payloads: list[bytes]) -> None:
    short, names = packed(payloads)
    assert unpacked(short, names) == payloads


@given(st.lists(st.binary()), st.binary())
def test_what_was_never_packed_is_refused_or_bounded(payloads: list[bytes], names: bytes) -> None:
    try:
        whole = unpacked(payloads, names)
    except Malformed:
        return
    assert sum(map(len, whole)) <= sum(map(len, payloads)) + 3 * len(names)


@pytest.mark.parametrize(
    ("payload", "names"), [(b"\x01", bytes(15)), (b"\x01", bytes(17)), (b"\x03", bytes(16)), (b"", b"x")]
)
def test_a_name_too_many_or_too_few_is_refused(payload: bytes, names: bytes) -> None:
    with pytest.raises(Malformed, match="name"):
        unpacked([payload], names)
