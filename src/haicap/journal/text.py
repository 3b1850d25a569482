"""Text and values as the journal takes them in: one form, so that equal things have equal bytes."""

import re
import unicodedata

import msgspec

# Control characters but tab and line feed, zero-width and bidirectional marks, the byte-order mark.
UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
LARGEST = 2**53 - 1
SCALARS = frozenset((str, bool, type(None)))

encoded = msgspec.json.Encoder(order="sorted").encode
"""The canonical JSON of what is known to lie within the narrow set.

Over it msgspec writes the bytes of RFC 8785, twenty times faster than a general encoder: keys that are ASCII sort by
UTF-16 units as by code points, and there are no floats. A test compares them.
"""


class NotCanonical(ValueError):
    """A value lies outside what an entry may hold; `where` is the path to it."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where or 'value'}: {what}")
        self.where = where


def clean(text: str) -> str:
    """Text in NFC, line ends as line feeds, without control, zero-width or direction marks.

    Done once, before text is sealed, hashed or indexed; verification never does it again.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", UNWANTED.sub("", text))


def canonical(value: object) -> bytes:
    """The canonical JSON (RFC 8785) of `value`, over the narrow set that `journal.md` allows.

    Objects with ASCII keys, lists, strings, booleans, null, integers within ±(2^53−1).
    Raises `NotCanonical` for anything else, floats first of all.
    """
    narrow(value)
    try:
        return encoded(value)
    except UnicodeEncodeError as error:
        raise NotCanonical("", "half of a surrogate pair is no text") from error


def narrow(value: object, where: str = "") -> None:
    """Raise `NotCanonical` unless `value` lies within the narrow set."""
    kind = type(value)
    if kind in SCALARS:
        return
    if kind is int:
        if abs(value) > LARGEST:  # type: ignore[arg-type]  # narrowed by the identity test above
            raise NotCanonical(where, "an integer beyond ±(2^53−1)")
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not (type(key) is str and key.isascii()):
                raise NotCanonical(where, f"the key {key!r} is not ASCII text")
            if type(inner) not in SCALARS:
                narrow(inner, f"{where}.{key}" if where else key)
    elif isinstance(value, list | tuple):
        for position, inner in enumerate(value):
            if type(inner) not in SCALARS:
                narrow(inner, f"{where}[{position}]")
    else:
        raise NotCanonical(where, f"{kind.__name__} is not allowed")
