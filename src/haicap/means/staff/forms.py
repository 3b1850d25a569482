"""Forms of staff. Each carries the new entry's id: sent twice is sent once. Periods end with the day that is typed."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.matters.queries import unit_meant
from haicap.means.staff.fold import Edition
from haicap.means.staff.sorts import ALL, grades, lang, qualifications, results
from haicap.units.once import Once, day_field

LONGEST = 300  # characters of a ground
PAPER = gettext_lazy("Số văn bản")
GROUND = gettext_lazy("Lý do, căn cứ")
PAPER_HINT = gettext_lazy("Chỉ ghi số, ngày, cơ quan ban hành; không ghi nội dung mật.")


def _paper(label: Any = PAPER, *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=120, required=required, help_text=PAPER_HINT)


def _ground(label: Any = GROUND) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST)


def first_without(last: date | None) -> date | None:
    """The end of a half-open period whose last day is `last`."""
    return last + timedelta(days=1) if last else None


class EstablishmentForm(Once):
    """How many officers a unit is to have, in all and by qualification."""

    since = day_field(gettext_lazy("Từ ngày"))
    act = forms.CharField(
        label=gettext_lazy("Văn bản giao biên chế"), max_length=LONGEST, help_text=PAPER_HINT
    )

    def __init__(self, data: Any = None, *, now: Edition | None, since: date) -> None:
        counts = now.counts if now else {}
        super().__init__(data, initial={"since": since} | {f"n_{kind}": n for kind, n in counts.items()})
        self.fields[f"n_{ALL}"] = forms.IntegerField(
            label=_("Tổng biên chế (người)"), min_value=1, max_value=999
        )
        for code, words in qualifications().items():
            label = _("Trong đó: %(kind)s") % {"kind": words}
            self.fields[f"n_{code}"] = forms.IntegerField(
                label=label, min_value=0, max_value=999, required=False
            )
        self.order_fields(
            ["entry_id", f"n_{ALL}", *(f"n_{code}" for code in qualifications()), "since", "act"]
        )

    @property
    def counts(self) -> dict[str, int]:
        """The numbers by kind; a field left empty asks for none."""
        its = {name.removeprefix("n_"): n for name, n in self.cleaned_data.items() if name.startswith("n_")}
        return {kind: n for kind, n in its.items() if n is not None}


class QualifyForm(Once):
    """A qualification with its grade, since when, and until when it holds."""

    what = forms.ChoiceField(label=gettext_lazy("Loại, hạng"))
    since = day_field(gettext_lazy("Có từ ngày"))
    last = day_field(
        gettext_lazy("Có giá trị đến hết ngày"), gettext_lazy("Bỏ trống nếu không thời hạn."), required=False
    )
    paper = _paper(gettext_lazy("Số quyết định, giấy phép, chứng chỉ"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.choose("what", (_graded(code, words) for code, words in qualifications().items()))

    @property
    def chosen(self) -> tuple[str, str]:
        """The qualification and its grade, empty where it has none."""
        sort, _colon, grade = str(self.cleaned_data["what"]).partition(":")
        return sort, grade

    def clean(self) -> dict[str, Any]:
        """The end not before the beginning."""
        return _in_turn(self, super().clean() or {})


def _graded(code: str, words: str) -> Any:
    its = grades().get(code)
    return (
        (words, [(f"{code}:{grade}", str(getattr(it, lang()))) for grade, it in its.items()])
        if its
        else (code, words)
    )


class SecondForm(Once):
    """A secondment: where, how long, on what ground."""

    to = forms.CharField(
        label=gettext_lazy("Biệt phái, tăng cường đến đơn vị"), max_length=200,
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
        help_text=gettext_lazy("Gõ tên hoặc mã rồi chọn trong danh sách."),
    )  # fmt: skip
    since = day_field(gettext_lazy("Từ ngày"))
    last = day_field(gettext_lazy("Đến hết ngày"))
    ground = _ground()
    paper = _paper(gettext_lazy("Số quyết định"))

    def clean_to(self) -> str:
        """The code of the unit that was meant."""
        code = unit_meant(str(self.cleaned_data["to"]))
        if code is None:
            raise forms.ValidationError(_("Không rõ là đơn vị nào: chọn trong danh sách hoặc ghi mã đơn vị."))
        return code

    def clean(self) -> dict[str, Any]:
        """The end not before the beginning."""
        return _in_turn(self, super().clean() or {})


class ChangeForm(Once):
    """Another end of a secondment."""

    last = day_field(
        gettext_lazy("Đến hết ngày"), gettext_lazy("Sớm hơn là kết thúc trước hạn, muộn hơn là kéo dài.")
    )
    ground = _ground()
    paper = _paper(gettext_lazy("Số quyết định"))


class TrainForm(Once):
    """A course."""

    course = forms.CharField(label=gettext_lazy("Lớp, nội dung tập huấn"), max_length=200)
    since = day_field(gettext_lazy("Bắt đầu ngày"))
    days = forms.IntegerField(label=gettext_lazy("Số ngày"), min_value=1, max_value=999)
    result = forms.ChoiceField(label=gettext_lazy("Kết quả"), choices=lambda: list(results().items()))
    paper = _paper(gettext_lazy("Số chứng chỉ, giấy chứng nhận"))


class WithdrawForm(Once):
    """From when on a qualification is withdrawn."""

    since = day_field(gettext_lazy("Thu hồi từ ngày"))
    ground = _ground()


class StrikeForm(Once):
    """Why something that was entered never was."""

    reason = forms.CharField(label=gettext_lazy("Nhập nhầm thế nào"), max_length=LONGEST)


def _in_turn(form: forms.Form, given: dict[str, Any]) -> dict[str, Any]:
    since, last = given.get("since"), given.get("last")
    if since and last and last < since:
        form.add_error("last", _("Ngày kết thúc không được trước ngày bắt đầu."))
    return given
