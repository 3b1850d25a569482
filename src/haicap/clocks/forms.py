"""The form that reckons a time limit for trial."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from haicap.clocks.calendars import Calendar, OutsideCalendar
from haicap.clocks.limits import UnreadableLimit, parse
from haicap.clocks.reckoning import Reckoned, reckon
from haicap.clocks.regimes import codes, named
from haicap.clocks.wall import VIETNAM

UNITS = (
    ("working days", gettext_lazy("ngày làm việc")),
    ("days", gettext_lazy("ngày")),
    ("hours", gettext_lazy("giờ")),
    ("working hours", gettext_lazy("giờ làm việc")),
    ("months", gettext_lazy("tháng")),
)


def regimes() -> list[tuple[str, str]]:
    """The regimes of reckoning with their names in the active language."""
    language = (get_language() or "vi")[:2]
    return [(code, getattr(named(code).name, language)) for code in codes()]


class Trial(forms.Form):
    """A limit, the regime that counts it, and the moment it runs from; `reckoned` is what they come to."""

    regime = forms.ChoiceField(label=gettext_lazy("Cách tính"), choices=regimes)
    amount = forms.DecimalField(
        label=gettext_lazy("Thời hạn"),
        min_value=Decimal("0.1"),
        max_value=9999,
        max_digits=6,
        decimal_places=2,
    )
    unit = forms.ChoiceField(label=gettext_lazy("Tính bằng"), choices=UNITS)
    start = forms.DateTimeField(
        label=gettext_lazy("Bắt đầu từ"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def __init__(self, *args: Any, calendar: Calendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar = calendar
        self.reckoned: Reckoned | None = None

    def clean(self) -> dict[str, Any]:
        """Reckon; what cannot be reckoned is an error of the field at fault."""
        given = super().clean() or {}
        if not self.errors:
            self._reckon(given)
        return given

    def _reckon(self, given: dict[str, Any]) -> None:
        start = given["start"].astimezone(VIETNAM)
        try:
            limit = parse(f"{given['amount'].normalize():f} {given['unit']}")
            self.reckoned = reckon(limit=limit, start=start, regime=given["regime"], calendar=self.calendar)
        except UnreadableLimit:
            self.add_error("amount", _("Chỉ tính được nửa ngày làm việc hoặc số nguyên ngày, tháng, phút."))
        except OutsideCalendar:
            years = {"first": self.calendar.first_year, "last": self.calendar.last_year}
            self.add_error("start", _("Lịch đã ban hành chỉ có từ năm %(first)s đến năm %(last)s.") % years)
