"""Text from the bytes that offices send, in whatever coding they were typed."""

import unicodedata

import pytest

from haicap.papers.encodings import Undecodable, decoded, from_tcvn3, from_vni, modern

SAID = "Công an phường Hồng Bàng; số; ngày tiếp nhận; nội dung"


@pytest.mark.parametrize(
    "coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"], ids=lambda coding: str(coding)
)
def test_unicode_with_and_without_its_mark(coding: str) -> None:
    assert decoded(SAID.encode(coding)) == SAID


def test_windows_1258_comes_out_composed() -> None:
    out = b""
    for letter in SAID:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
        rest = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
        out += rest.encode("cp1258") + tones.encode("cp1258")
    assert decoded(out) == SAID


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("C«ng an ph­êng Hång Bµng", "Công an phường Hồng Bàng"),
        ("DANH SÁCH", "DANH SÁCH"),
        ("Tiếp nhận hồ sơ", "Tiếp nhận hồ sơ"),
        ("Coâng an phöôøng Hoàng Baøng", "Công an phường Hồng Bàng"),
        ("Ñöôøng truyeàn, tieáp nhaän", "Đường truyền, tiếp nhận"),
        ("Café, Müller, naïve", "Café, Müller, naïve"),
    ],
)
def test_letters_of_old_typefaces_are_known_by_their_words(typed: str, meant: str) -> None:
    assert modern(typed) == meant


def test_bytes_of_an_old_typeface() -> None:
    assert decoded("C«ng an ph­êng; sè; ngµy".encode("latin-1")) == "Công an phường; số; ngày"


def test_every_vowel_with_every_tone() -> None:
    assert from_tcvn3("µ¶·¸¹ ¨»¼½¾Æ ®ÌÎÏÐÑ ­õö÷øù") == "àảãáạ ăằẳẵắặ đèẻẽéẹ ưừửữứự"
    assert from_vni("aøaùaûaõaï aâaàaáaåaãaä aêaèaéaúaüaë ñ öøöùöûöõöï") == "àáảãạ âầấẩẫậ ăằắẳẵặ đ ừứửữự"


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 20, b"\xff\xfe\x00", bytes(range(256)) * 3])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(Undecodable):
        decoded(data)
