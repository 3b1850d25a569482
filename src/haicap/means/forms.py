"""What forms of means share: lines of text, sums of money, sizes."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _

from haicap.units.vietnamese import fold

LONGEST = 300  # characters of a line
WORDS = {"": 1, "trieu": 10**6, "tr": 10**6, "ty": 10**9, "ti": 10**9, "million": 10**6, "billion": 10**9}
_SUM = re.compile(r"(\d[\d.,\s]*?)\s*([^\W\d_ ]*(?: [^\W\d_ ]+)?)")
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?")


class Dong(forms.CharField):
    """A sum in VND: `5900000000`, `5.900.000.000`, `5,9 tỷ` or `850 triệu`, of `least` or more.

    Digits, or None where nothing is said.
    """

    def __init__(self, *, least: int = 1, **options: Any) -> None:
        super().__init__(max_length=40, **options)
        self.least = least
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        """The whole sum as digits. Raises `ValidationError` for what is no sum."""
        text = cast(str, super().clean(value))
        if not text:
            return None
        if (amount := read_sum(text)) is None or amount < self.least:
            raise forms.ValidationError(_("Ghi số tiền bằng số, ví dụ 5.900.000.000 hoặc 5,9 tỷ."))
        return str(amount)

    def prepare_value(self, value: Any) -> Any:
        """A sum as it is shown in the control."""
        return f"{int(value):,}".replace(",", ".") if str(value or "").isdigit() else value


class Size(forms.CharField):
    """A number above nought as people write it, `470,5` or `1.200`; as decimal text, or None where nothing is said."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, **options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        """The number. Raises `ValidationError` for what is none."""
        text = cast(str, super().clean(value))
        if not text:
            return None
        if (number := read_size(text)) is None:
            raise forms.ValidationError(_("Ghi bằng số lớn hơn 0, ví dụ 470,5."))
        return f"{number.normalize():f}"

    def prepare_value(self, value: Any) -> Any:
        """A number as it is shown in the control."""
        return str(value).replace(".", ",") if _plain(str(value or "")) else value


def _plain(text: str) -> bool:
    return re.fullmatch(r"\d+\.\d+", text) is not None and len(text.partition(".")[2]) < 3


def read_sum(text: str) -> int | None:
    """A sum in whole VND, of at most fifteen digits, as people write it; None for any other text."""
    its = _SUM.fullmatch(text.strip())
    word = fold(its[2]).removesuffix("vnd").removesuffix("dong").removesuffix("d").strip() if its else ""
    if its is None or word not in WORDS or (number := read_number(its[1])) is None:
        return None
    amount = number * WORDS[word]
    return int(amount) if amount == int(amount) and amount < 10**15 else None


def read_size(text: str) -> Decimal | None:
    """A number above nought and below a million, of at most two decimals; None for any other text."""
    number = read_number(text)
    if number is None or not 0 < number < 10**6 or number != round(number, 2):
        return None
    return number


def read_number(text: str) -> Decimal | None:
    """A number not below nought with a comma or a point before its decimals, dots or spaces between thousands.

    `1.200` is one thousand two hundred, as Vietnamese writes it; None for any other text.
    """
    digits = re.sub(r"\s", "", text)
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(".", "")
    if not re.fullmatch(r"\d+([.,]\d+)?", digits):
        return None
    try:
        return Decimal(digits.replace(",", "."))
    except InvalidOperation:  # more digits than a decimal takes
        return None


def text_field(
    label: Any, *, required: bool = False, most: int = LONGEST, rows: int = 0, help_text: Any = ""
) -> forms.CharField:
    """A line of text, or `rows` lines."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label, required=required, max_length=most, help_text=help_text, widget=widget
    )


def not_after(form: forms.Form, name: str, today: date) -> None:
    """Blame a day that lies ahead on its field."""
    day = form.cleaned_data.get(name)
    if day and day > today:
        form.add_error(name, _("Ngày này chưa đến."))
