"""The letters of a file: from bytes, or from the codes of the typefaces of before Unicode, to Vietnamese text.

Offices still send lists typed in `.VnTime` (TCVN 5712:1993, called TCVN3 or ABC) and `VNI-Times`: what such a file
holds are Latin letters that only look Vietnamese in that typeface. Which coding it is, is told by counting words
that every list has.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

_VOWELS_TCVN3 = {
    "µ¶·¸¹": "àảãáạ", "¨»¼½¾Æ": "ăằẳẵắặ", "©ÇÈÉÊË": "âầẩẫấậ", "®": "đ", "ÌÎÏÐÑ": "èẻẽéẹ", "ªÒÓÔÕÖ": "êềểễếệ",
    "×ØÜÝÞ": "ìỉĩíị", "ßáâãä": "òỏõóọ", "«åæçèé": "ôồổỗốộ", "¬êëìíî": "ơờởỡớợ", "ïñòóô": "ùủũúụ", "\xadõö÷øù": "ưừửữứự",
    "úûüýþ": "ỳỷỹýỵ", "¡¢£¤¥¦§": "ĂÂÊÔƠƯĐ",
}  # fmt: skip
_TCVN3 = str.maketrans(
    {code: letter for codes, its in _VOWELS_TCVN3.items() for code, letter in zip(codes, its, strict=True)}
)
_TONES_VNI = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_HAT_VNI = {
    "â": "\u0302",
    "à": "\u0302\u0300",
    "á": "\u0302\u0301",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
}
_BREVE_VNI = {
    "ê": "\u0306",
    "è": "\u0306\u0300",
    "é": "\u0306\u0301",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_ALONE_VNI = {"ô": "ơ", "ö": "ư", "ñ": "đ", "î": "ỵ", "æ": "ỉ", "ó": "ĩ", "ò": "ị"}
_MARKS_VNI = {
    "a": _TONES_VNI | _HAT_VNI | _BREVE_VNI, "e": _TONES_VNI | _HAT_VNI, "o": _TONES_VNI | _HAT_VNI,
    "u": _TONES_VNI, "y": _TONES_VNI, "ô": _TONES_VNI, "ö": _TONES_VNI,
}  # fmt: skip
_WORDS = re.compile(r"[^\W\d_]+")
_COMMON = frozenset(
    _WORDS.findall(
        "công phường xã số ngày đơn vị nội họ tên địa chỉ thời việc hồ sơ người tiếp nhận trụ sở phòng tổng "
        "cộng ghi chú quận huyện thị trấn thành phố hải tháng năm báo sự lập tố giác đường truyền thiếu lại "
        "của và không được đã có tỉnh về giải quyết trạng thái dung điện thoại trưởng khó khăn vướng mắc nhóm "
        "bảng danh sách thống kê"
    )
)


class Undecodable(ValueError):
    """The bytes are no text in any coding that is used here; `start` is where the first one is."""

    def __init__(self, start: int) -> None:
        super().__init__(start)
        self.start = start


def decoded(data: bytes) -> str:
    """Text from bytes: UTF-8 and UTF-16 with or without their marks, else whichever of windows-1258, TCVN3 and VNI has
    the most Vietnamese words in it. What is mostly no letters is no text.

    Raises `Undecodable`.
    """
    text = _text(data)
    odd = sum(
        unicodedata.category(each) in ("Cc", "Cn", "Co", "Cs") and each not in "\r\n\t"
        for each in text[:2000]
    )
    if 5 * odd > len(text[:2000]):
        raise Undecodable(0)
    return text


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(data, "utf-16")
    if b"\x00" in data[:200]:
        return _strictly(data, "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be")
    try:
        return modern(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        at = error.start
    if any(byte < 9 for byte in data):
        raise Undecodable(at)
    old = data.decode("cp1252", "replace") if b"\xad" not in data else data.decode("latin-1")
    new = unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
    return max((new, modern(old)), key=_vietnamese)


def modern(text: str) -> str:
    """The text in Unicode letters, if it was typed in the codes of an old typeface; otherwise as it is."""
    return old_typeface(text)(text)


def old_typeface(sample: str) -> Callable[[str], str]:
    """What makes Unicode letters of texts like the sample: nothing, `from_tcvn3` or `from_vni`."""
    readings: tuple[Callable[[str], str], ...] = (_as_it_is, from_tcvn3, from_vni)
    return max(readings, key=lambda read: _vietnamese(read(sample[:20_000])))


def _as_it_is(text: str) -> str:
    return text


def from_tcvn3(text: str) -> str:
    """Text that was typed in TCVN3. Its capitals with tones had a typeface of their own and come out small."""
    return text.translate(_TCVN3)


def from_vni(text: str) -> str:
    """Text that was typed in VNI: a vowel and a letter that looks like its mark."""
    return _vni().sub(_of_vni, text)


@cache
def _vni() -> re.Pattern[str]:
    pairs = "|".join(f"{vowel}[{''.join(marks)}]" for vowel, marks in _MARKS_VNI.items())
    return re.compile(f"{pairs}|[{''.join(_ALONE_VNI)}]", re.IGNORECASE)


def _of_vni(found: re.Match[str]) -> str:
    written = found[0]
    first = written[0].lower()
    letter = _ALONE_VNI.get(first, first) + (
        _MARKS_VNI[first][written[1].lower()] if len(written) > 1 else ""
    )
    made = unicodedata.normalize("NFC", letter)
    return made.upper() if written[0].isupper() else made


def _vietnamese(text: str) -> int:
    """How many of the words are ones that every list has, with their marks."""
    words = (unicodedata.normalize("NFC", word.casefold()) for word in _WORDS.findall(text[:20_000]))
    return sum(word in _COMMON for word in words)


def _strictly(data: bytes, coding: str) -> str:
    try:
        return data.decode(coding)
    except UnicodeDecodeError as error:
        raise Undecodable(error.start) from error
