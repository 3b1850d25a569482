"""Whole numbers and sums of money as people write them: points that group thousands, a comma before a part."""

import re
from decimal import Decimal

GREATEST = 2**53 - 1


def whole(text: str) -> int | None:
    """The number that a text is (`1.500`), None for anything else, and for more than `GREATEST`."""
    digits = _ungrouped(text)
    if not digits.isascii() or not digits.isdigit() or int(digits) > GREATEST:
        return None
    return int(digits)


def amount(text: str) -> str | None:
    """The sum that a text is (`1.500.000`, `12,5`), as plain digits with a point before a part; None if it is none."""
    plain = _ungrouped(text).replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,2})?", plain):
        return None
    return f"{Decimal(plain).normalize():f}"


def _ungrouped(text: str) -> str:
    """Without the points that group thousands: "1.500.000" is what Vietnamese forms write."""
    whole, comma, part = text.replace(" ", "").partition(",")
    if re.fullmatch(r"[1-9][0-9]{0,2}(\.[0-9]{3})+", whole):
        whole = whole.replace(".", "")
    return whole + comma + part
