"""Vietnamese text: folded for search, keyed for sorting. Both are stored in plain text columns.

The database has neither ``unaccent`` nor a Vietnamese collation, so both are made here, in Python, and
behave alike on every server.
"""

import re
import unicodedata

_NOT_WORD = re.compile(r"[\W_]+")
_LETTERS = "0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_LETTERS, start=1)}
_OTHER = "99"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng
_NUMBER_WIDTH = 9
MOST_WORDS = 1 << 14  # that are kept folded
_RARE = re.compile("[^\x00-\x7f\u0300-\u034e\u0350-\u036f]")  # U+034F joins and is no mark
_WORDS = bytes(byte if chr(byte).isalnum() else 32 for byte in range(128)).ljust(256)


def fold(text: str) -> str:
    """Lower-case `text` without diacritics, punctuation or double spaces: "Đường truyền" → "duong truyen".

    What is stored for search and what is searched for must both pass through here.
    """
    return " ".join(filter(None, map(_FOLDED.__getitem__, text.split())))


class _Words(dict[str, str]):
    """Words as they are folded: syllables are few, and come again."""

    def __missing__(self, word: str) -> str:
        if len(self) >= MOST_WORDS:
            self.clear()
        its = self[word] = _folded(word)
        return its


_FOLDED = _Words()


def _folded(word: str) -> str:
    bare = unicodedata.normalize("NFD", word.casefold().replace("đ", "d"))
    if not _RARE.search(bare):  # nothing but ASCII and marks, as Vietnamese is: the same, three times as fast
        return b" ".join(bare.encode("ascii", "ignore").translate(_WORDS).split()).decode()
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", letters).strip()


def sort_key(text: str) -> str:
    """ASCII key whose order under the C collation is the order of a Vietnamese dictionary.

    Syllable by syllable, as dictionaries go: first the letters (digits, then a ă â b c d đ e ê …), then the
    tone (ngang, huyền, hỏi, ngã, sắc, nặng) wherever in the syllable it is written, so that "Hoà" and "Hòa"
    are one. Numbers go by value ("Phường 2" before "Phường 10"). Case and punctuation count for nothing.

    Not the order of ICU, which looks at the tones only after all letters of the whole text; nor that of the
    package ``vn_collate``, where a space follows the letters and "Anh Sơn" comes before "An Biên".
    """
    return "".join(_syllable_key(syllable) for syllable in _NOT_WORD.sub(" ", _nfc(text.casefold())).split())


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _syllable_key(syllable: str) -> str:
    if syllable.isdecimal():
        syllable = syllable.zfill(_NUMBER_WIDTH)
    marks = unicodedata.normalize("NFD", syllable)
    tone = max((_TONES.get(c, 0) for c in marks), default=0)
    letters = _nfc("".join(c for c in marks if c not in _TONES))
    return "".join(_RANK.get(letter, _OTHER) for letter in letters) + f"00{tone}"
