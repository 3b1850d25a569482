"""Forms of the duty log, of shifts and of their settings. Each carries the new entry's id: sent twice is sent once."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.clocks.limits import parse
from haicap.clocks.wall import VIETNAM, day_of
from haicap.duty.fold import Line, Ruling
from haicap.duty.sorts import Sort, cases, sorts
from haicap.journal.ids import uuid7
from haicap.matters.showing import lang
from haicap.units.once import Once

LONGEST = 1000  # characters of a line
SHIFT = timedelta(hours=24)
STEP = 15  # minutes: a limit in hours is exact in quarters
MOMENT = "%Y-%m-%dT%H:%M"


def sort_choices() -> list[Any]:
    """The sorts of line with the letter that chooses each, then the serious cases of an incident by digits."""
    plain = [
        (code, f"{getattr(it.key, lang())} · {getattr(it.name, lang())}") for code, it in sorts().items()
    ]
    grave = [
        (f"incident:{code}", f"{place} · {getattr(name, lang())}")
        for place, (code, name) in enumerate(cases().items(), 1)
    ]
    return [*plain, (_("Sự việc phải báo cáo nhanh"), grave)]


def _moment(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(
        label=label, help_text=help_text, required=required, widget=widget, input_formats=[MOMENT]
    )


class LineForm(Once):
    """One line of the log: a letter for the sort, the text, Enter."""

    sort = forms.ChoiceField(label=gettext_lazy("Loại"), choices=sort_choices)
    text = forms.CharField(label=gettext_lazy("Nội dung"), max_length=LONGEST)
    place = forms.CharField(label=gettext_lazy("Nơi"), required=False, max_length=200)
    clock = forms.TimeField(
        label=gettext_lazy("Lúc"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )  # fmt: skip
    people = forms.CharField(
        label=gettext_lazy("Người liên quan (niêm phong)"), required=False, max_length=LONGEST
    )
    follow = forms.BooleanField(label=gettext_lazy("Cần theo dõi"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["sort"].widget.attrs["autofocus"] = True
        self.fields["place"].widget.attrs |= {"list": "territories", "autocomplete": "off"}
        for name in ("text", "people"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def chosen(self) -> tuple[Sort, str | None]:
        """The sort, and the serious case where one was chosen."""
        sort, _colon, case = self.cleaned_data["sort"].partition(":")
        return sort, case or None

    def happened(self, at: datetime) -> datetime:
        """When it happened: now, or at the time given; one that is still to come today was yesterday's."""
        return last(self.cleaned_data["clock"], at)


def last(clock: time | None, at: datetime) -> datetime:
    """The last moment before `at` (aware) at which the clocks of Vietnam showed this; `at` itself for None."""
    if clock is None:
        return at
    then = datetime.combine(day_of(at), clock, VIETNAM)
    return then if then <= at else then - timedelta(days=1)


class CorrectForm(Once):
    """How a line should have read, and why."""

    text = forms.CharField(
        label=gettext_lazy("Nội dung đúng"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
    case = forms.ChoiceField(label=gettext_lazy("Loại sự việc"), required=False)
    place = forms.CharField(label=gettext_lazy("Nơi"), required=False, max_length=200)
    happened = _moment(gettext_lazy("Xảy ra lúc"))
    people = forms.CharField(
        label=gettext_lazy("Người liên quan (niêm phong)"), required=False, max_length=LONGEST,
        help_text=gettext_lazy("Chỉ ghi nếu cần bổ sung; nội dung cũ vẫn được giữ, niêm phong."),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Lý do đính chính"), max_length=300)

    def __init__(self, data: Any = None, *, line: Line) -> None:
        its = line.now
        super().__init__(
            data,
            initial={"text": its.text, "case": its.case or "", "place": its.place, "happened": its.happened},
        )
        if line.sort == "incident":
            plain = [("", _("Sự việc thường"))]
            grave = [(code, getattr(name, lang())) for code, name in cases().items()]
            self.choose("case", plain + grave)
        else:
            del self.fields["case"]


class ReportForm(Once):
    """A quick report that was given: to whom, when, under which number."""

    to = forms.CharField(label=gettext_lazy("Báo cho ai"), max_length=200)
    when = _moment(gettext_lazy("Lúc"))
    paper = forms.CharField(label=gettext_lazy("Số báo cáo"), required=False, max_length=100)

    def __init__(self, data: Any = None, *, how: str, at: datetime) -> None:
        super().__init__(data, initial={"when": at}, prefix=how)
        self.how = how
        if how == "phone":
            del self.fields["paper"]


class CloseForm(Once):
    """It is done, or the data line works again."""

    when = _moment(gettext_lazy("Xong lúc"))
    note = forms.CharField(label=gettext_lazy("Kết quả"), required=False, max_length=300)

    def __init__(self, data: Any = None, *, line: Line, at: datetime) -> None:
        super().__init__(data, initial={"when": at}, prefix="close")
        if line.sort == "line-down":
            self.fields["when"].label = _("Thông lại lúc")


class ShiftForm(Once):
    """Who commands a shift, who is on, and until when."""

    second = forms.UUIDField(widget=forms.HiddenInput)  # taking over is two entries
    commander = forms.TypedChoiceField(label=gettext_lazy("Chỉ huy ca"), coerce=UUID)
    people = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Cùng trực"), required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    until = _moment(gettext_lazy("Trực đến"))
    note = forms.CharField(label=gettext_lazy("Ghi chú"), required=False, max_length=300)

    def __init__(
        self, data: Any = None, *, people: Iterable[tuple[str, str]], at: datetime, who: UUID
    ) -> None:
        choices = list(people)
        super().__init__(data, initial={"second": uuid7(), "until": at + SHIFT, "commander": str(who)})
        for name in ("commander", "people"):
            self.choose(name, choices)


class SignForm(Once):
    """What the outgoing says when handing over."""

    note = forms.CharField(
        label=gettext_lazy("Lưu ý cho ca sau"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip


class RulesForm(Once):
    """How quick reports and the bulletin are set. Limits are in hours."""

    since = _moment(gettext_lazy("Áp dụng từ"))
    hour = forms.TimeField(
        label=gettext_lazy("Giờ chốt bản tin trong ngày"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    phone = forms.IntegerField(
        label=gettext_lazy("Báo bằng điện thoại trong (phút)"), min_value=STEP, max_value=1440, step_size=STEP
    )
    written = forms.IntegerField(
        label=gettext_lazy("Báo bằng văn bản trong (phút)"), min_value=STEP, max_value=2880, step_size=STEP
    )
    quick = forms.MultipleChoiceField(
        label=gettext_lazy("Sự việc phải báo cáo nhanh"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(code, getattr(name, lang())) for code, name in cases().items()],
    )  # fmt: skip
    act = forms.CharField(
        label=gettext_lazy("Văn bản quy định"), required=False, max_length=300,
        help_text=gettext_lazy("Số, ngày, đơn vị ban hành; để trống nếu chỉ là thỏa thuận nội bộ."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, ruling: Ruling, at: datetime) -> None:
        super().__init__(
            data,
            initial={
                "since": at, "hour": ruling.hour, "phone": minutes(ruling.phone), "written": minutes(ruling.written),
                "quick": ruling.quick,
            },
        )  # fmt: skip


def minutes(limit: str) -> int:
    """The minutes of a limit in hours."""
    return int(parse(limit).amount * 60)


def hours(count: int) -> str:
    """Minutes, whole quarters of an hour, as a limit in hours."""
    return f"{Decimal(count) / 60} hours"
