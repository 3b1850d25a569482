"""Numbers of matters: `11311-26-7K00482-P`, short enough to be said over the telephone.

Four parts: the unit's code, two digits of the year, the code of the node's incarnation (two characters
of Crockford's base 32) with the serial (five digits, more where the year needs them), a check character.
Two nodes that give out numbers for one unit have different incarnations, so their numbers cannot clash.

The check character is Damm's (H. M. Damm, Total anti-symmetrische Quasigruppen, Marburg 2004): characters
are taken as elements of GF(4) x GF(9), 36 in all, and each step multiplies what went before by a constant
that is neither 0 nor 1 in either field. Hence every wrong character and every swap of two neighbours is
found, which ISO 7064 MOD 37,36 does not promise; and it needs no `*`, as MOD 37-2 does, which file names
must not hold.
"""

import re
import string
from dataclasses import dataclass

from django.utils.translation import gettext as _

CHARACTERS = string.digits + string.ascii_uppercase
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SERIAL_WIDTH = 5
EXAMPLE = "11311-26-7K00482-P"

_UNIT = re.compile(r"[0-9A-Z]+(-[0-9A-Z]+)*")
_SEPARATORS = re.compile(r"[\s\-‐-―−._/]+")
_DASHED = re.compile(r"(?P<unit>.+)-(?P<year>\d\d)-(?P<node>\w\w)-?(?P<serial>\w{5,})-(?P<check>\w)", re.A)
_RUN_ON = re.compile(r"(?P<unit>.+)(?P<year>\d\d)(?P<node>\w\w)(?P<serial>\w{5})(?P<check>\w)", re.A)
_SERIAL = re.compile(r"(?!00000)[0-9]{5}|[1-9][0-9]{5,}")
_DEPARTMENT = re.compile(r"(?<=[A-Z])(?=P[A-Z]\d\d$)")
_LIKE_A_DIGIT = str.maketrans("OIL", "011")


class UnreadableNumber(ValueError):
    """What was typed is no number of a matter; `text` is what was typed, `reason` is `form` or `check`."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(text, reason)
        self.text, self.reason = text, reason

    def __str__(self) -> str:
        if self.reason == "check":
            sentence = _("Số hồ sơ “%(text)s” có ký tự gõ sai hoặc đảo chỗ. Hãy so lại với giấy biên nhận.")
        else:
            sentence = _("“%(text)s” không phải là số hồ sơ. Số hồ sơ có dạng %(form)s.")
        return sentence % {"text": self.text, "form": EXAMPLE}


@dataclass(frozen=True, slots=True)
class Number:
    """A matter's number taken apart: `year` is the full year, `serial` counts from 1 within it."""

    unit: str
    year: int
    incarnation: str
    serial: int

    def __str__(self) -> str:
        year, serial = f"{self.year % 100:02d}", f"{self.serial:0{SERIAL_WIDTH}d}"
        check = check_character(self.unit, year, self.incarnation, serial)
        return f"{self.unit}-{year}-{self.incarnation}{serial}-{check}"


def number(unit: str, year: int, incarnation: str, serial: int) -> str:
    """The text of a number: `unit` in capitals, digits and inner dashes, `year` from 2000 to 2099,
    `incarnation` two characters of Crockford's base 32 in capitals, `serial` from 1.

    Raises `ValueError` for anything else: these come from the program, not from people.
    """
    if not _UNIT.fullmatch(unit):
        raise ValueError(f"not a unit code: {unit!r}")
    if not 2000 <= year <= 2099:
        raise ValueError(f"not a year of this century: {year}")
    if len(incarnation) != 2 or not set(incarnation) <= set(CROCKFORD):
        raise ValueError(f"not a code of an incarnation: {incarnation!r}")
    if serial < 1:
        raise ValueError(f"serials begin with 1: {serial}")
    return str(Number(unit, year, incarnation, serial))


def parse(text: str) -> Number:
    """The number in `text`, as people type it: any case, spaces, dots or slashes for dashes, or no dashes
    at all where the serial has its five digits; O for 0 and I or L for 1 after the year.

    Raises `UnreadableNumber`.
    """
    tidy = _SEPARATORS.sub("-", text.strip()).strip("-").upper()
    found = _DASHED.fullmatch(tidy) or _RUN_ON.fullmatch(tidy.replace("-", ""))
    if found is None:
        raise UnreadableNumber(text, "form")
    incarnation, serial = (found[part].translate(_LIKE_A_DIGIT) for part in ("node", "serial"))
    unit, year = _DEPARTMENT.sub("-", found["unit"]), found["year"]
    if not (_UNIT.fullmatch(unit) and set(incarnation) <= set(CROCKFORD) and _SERIAL.fullmatch(serial)):
        raise UnreadableNumber(text, "form")
    if found["check"] != check_character(unit, year, incarnation, serial):
        raise UnreadableNumber(text, "check")
    return Number(unit, 2000 + int(year), incarnation, int(serial))


def check_character(unit: str, year: str, incarnation: str, serial: str) -> str:
    """The character that closes a number. The serial's width goes in first, so that a longer serial read
    without dashes cannot pass for another unit's number."""
    state = (0, 0, 0)
    for character in f"{len(serial)}{unit}{year}{incarnation}{serial}".replace("-", ""):
        state = _added(_multiplied(state), _element(character))
    four, real, imaginary = _multiplied(state)
    return CHARACTERS[four * 9 + (-real % 3) * 3 + (-imaginary % 3)]


# An element is (of GF(4) as two bits, and of GF(9) as a + bi over GF(3)).
Element = tuple[int, int, int]


def _element(character: str) -> Element:
    four, nine = divmod(CHARACTERS.index(character), 9)
    return four, nine // 3, nine % 3


def _multiplied(element: Element) -> Element:
    """Times w in GF(4) (0, 1, w, w+1 become 0, w, w+1, 1) and times 1 + i in GF(9)."""
    four, real, imaginary = element
    return (0, 2, 3, 1)[four], (real - imaginary) % 3, (real + imaginary) % 3


def _added(one: Element, other: Element) -> Element:
    return one[0] ^ other[0], (one[1] + other[1]) % 3, (one[2] + other[2]) % 3
