"""Numbers as cells have them: with a nought that a spreadsheet took away, with the word for millions beside it."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from haicap.papers.sheets_in.targets import Type
from haicap.units.vietnamese import fold

_UNITS_OF_MONEY = (
    ("ty", Decimal(10) ** 9),
    ("trieu", Decimal(10) ** 6),
    ("nghin", Decimal(10) ** 3),
    ("ngan", Decimal(10) ** 3),
)


def written(type: Type, text: str) -> str:
    """The text of a cell as a form would have it; what is not understood stays as it is."""
    return _WRITTEN[type](text) if type in _WRITTEN else text


def _phone(text: str) -> str:
    """With the nought that a spreadsheet took away, and the first of two numbers."""
    digits = re.sub(r"[\s().-]", "", re.split(r"[/;,]|hoặc", text)[0])
    return f"0{digits}" if re.fullmatch(r"[1-9]\d{8}", digits) else digits


def _id_number(text: str) -> str:
    """With the nought that a spreadsheet took away: numbers have 12 digits or, old ones, 9."""
    digits = re.sub(r"[\s.]", "", text)
    return f"0{digits}" if re.fullmatch(r"\d{11}|\d{8}", digits) else digits


def _number(text: str) -> str:
    its = re.fullmatch(r"([\d.,\s]+?)(?:[.,]0+)?\s*[^\W\d]*", text)
    return its[1].replace(" ", "") if its else text


def _money(text: str) -> str:
    """`500 triệu`, `1,5 tỷ`, `500.000.000 đồng`, `500,000,000` as an amount in đồng."""
    folded = fold(text)
    bare = re.sub(r"[^\d.,]", "", text).strip(".,")
    for word, times in _UNITS_OF_MONEY:
        if re.search(rf"\b{word}\b", folded) and re.fullmatch(r"\d{1,6}([.,]\d{1,3})?", bare):
            return f"{(Decimal(bare.replace(',', '.')) * times).normalize():f}"
    if re.fullmatch(r"\d{1,3}(,\d{3})+", bare):
        return bare.replace(",", "")
    return (
        bare if re.fullmatch(r"[\d.,]+\s*(đồng|dong|đ|d|vnđ|vnd)?\.?", text.strip(), re.IGNORECASE) else text
    )


_WRITTEN: Mapping[Type, Callable[[str], str]] = {
    "phone": _phone, "id_number": _id_number, "number": _number, "money": _money,
}  # fmt: skip
