"""Inventory codes: `11311-7K00012-X`, on the label of a thing and said over the telephone.

The unit that recorded it, the code of the node's incarnation with a serial that runs on over the years, a check
character (`papers.numbers`). No two nodes share an incarnation, so no two things share a code; it stays with the thing
wherever that goes.
"""

import re

from haicap.papers.numbers import SERIAL_WIDTH, check_character

RUNNING = 0  # the "year" of a counter that never begins anew
_OF_THINGS = "TS"  # goes into the check character, so that no number of a matter passes for a code
_CODE = re.compile(
    r"(?P<unit>[0-9A-Z]+(?:-[0-9A-Z]+)*)-(?P<node>[0-9A-Z]{2})(?P<serial>\d{5,9})-(?P<check>[0-9A-Z])"
)
_IN_ADDRESS = re.compile(r"/c/([0-9A-Za-z-]+)/?\s*$")


def code(unit: str, incarnation: str, serial: int) -> str:
    """The code of the thing with this serial, from 1, among those recorded by `unit` on this incarnation."""
    digits = f"{serial:0{SERIAL_WIDTH}d}"
    return f"{unit}-{incarnation}{digits}-{check_character(unit, _OF_THINGS, incarnation, digits)}"


def read(text: str) -> str | None:
    """The code that was typed, or that the address in a label ends with; None for anything else.

    Any case and spaces for dashes will do; a wrong character or a swap is found by the last sign.
    """
    found = _IN_ADDRESS.search(text)
    tidy = re.sub(r"[\s‐-―−._]+", "-", (found[1] if found else text).strip()).upper()
    its = _CODE.fullmatch(tidy)
    if its is None or its["check"] != check_character(its["unit"], _OF_THINGS, its["node"], its["serial"]):
        return None
    return tidy


def unit_in(its: str) -> str:
    """The unit that recorded the thing with this code."""
    return its.rsplit("-", 2)[0]
