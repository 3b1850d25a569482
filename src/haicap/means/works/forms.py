"""Forms of works. Each carries the new entry's id: sent twice is sent once."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.journal.ids import uuid7
from haicap.means.works.actions import Saying
from haicap.means.works.entries import Gap, Purse, Stage
from haicap.means.works.fold import Programme
from haicap.means.works.showing import priorities, purses, sorts, stages
from haicap.means.works.state import PURSES, STAGES, Payment, Standing
from haicap.units.vietnamese import fold

LONGEST = 300
UNITS = {"": 1, "trieu": 10**6, "tr": 10**6, "ty": 10**9, "ti": 10**9, "million": 10**6, "billion": 10**9}
_SUM = re.compile(r"(\d[\d.,\s]*?)\s*([^\W\d_ ]*(?: [^\W\d_ ]+)?)")

Choices = Iterable[tuple[str, str]]


class Once(forms.Form):
    """A form with the id of the entry that it will become, minted when it is shown."""

    entry_id = forms.UUIDField(widget=forms.HiddenInput)
    use_required_attribute = False

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"entry_id": uuid7()} | dict(initial or {}))

    def choose(self, name: str, choices: Choices) -> None:
        """Let one of these be chosen in the field `name`."""
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]


class Dong(forms.CharField):
    """A sum in VND: `5900000000`, `5.900.000.000`, `5,9 tỷ` or `850 triệu`; None where nothing is said."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        """The whole sum. Raises `ValidationError` for what is no sum."""
        text = cast(str, super().clean(value))
        if not text:
            return None
        amount = read_sum(text)
        if amount is None:
            raise forms.ValidationError(_("Ghi số tiền bằng số, ví dụ 5.900.000.000 hoặc 5,9 tỷ."))
        return amount

    def prepare_value(self, value: Any) -> Any:
        """A sum as it is shown in the control."""
        return f"{int(value):,}".replace(",", ".") if isinstance(value, int | Decimal) else value


def read_sum(text: str) -> int | None:
    """A sum in whole VND, of at most fifteen digits, as people write it; None for any other text."""
    its = _SUM.fullmatch(text.strip())
    word = fold(its[2]).removesuffix("vnd").removesuffix("dong").strip() if its else ""
    if its is None or word not in UNITS:
        return None
    digits = its[1].replace(" ", "")
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", digits):
        digits = digits.replace(".", "")
    try:
        amount = Decimal(digits.replace(",", ".")) * UNITS[word]
    except InvalidOperation:
        return None
    return int(amount) if amount == int(amount) and 0 < amount < 10**15 else None


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


def _words(label: Any, help_text: Any = "", *, required: bool = True, long: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2}) if long else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=LONGEST, widget=widget
    )


class Stages(Once):
    """A form with a day for each stage, `stage_start` and so on."""

    def ask_days(self, which: Iterable[Stage]) -> None:
        """Ask for the days of these stages."""
        for stage in which:
            self.fields[f"stage_{stage}"] = _day(stages()[stage], required=False)

    @property
    def days(self) -> dict[Stage, date]:
        """The days that were given."""
        given = {stage: self.cleaned_data.get(f"stage_{stage}") for stage in STAGES}
        return {stage: on for stage, on in given.items() if on}


class Sums(Once):
    """A form with a sum for each source of money, `sum_province` and so on."""

    def ask_sums(self) -> None:
        """Ask for the sums."""
        for source, words in purses().items():
            self.fields[f"sum_{source}"] = Dong(label=words, required=False)

    @property
    def sums(self) -> dict[Purse, int]:
        """The sums that were given."""
        given = {source: self.cleaned_data.get(f"sum_{source}") for source in PURSES}
        return {source: amount for source, amount in given.items() if amount}


class About(Once):
    """What is said of a project."""

    name = _words(gettext_lazy("Tên công trình"))
    sort = forms.ChoiceField(label=gettext_lazy("Loại"))
    priority = forms.ChoiceField(label=gettext_lazy("Mức độ cần"))
    programme = forms.TypedChoiceField(
        label=gettext_lazy("Thuộc chương trình"), required=False, coerce=UUID, empty_value=None
    )
    gap_kind = forms.ChoiceField(label=gettext_lazy("Bù thiếu hụt về"), required=False)
    gap_amount = forms.DecimalField(
        label=gettext_lazy("Bù được bao nhiêu"), required=False, min_value=0, max_digits=9, decimal_places=2,
        help_text=gettext_lazy("Theo đơn vị tính của loại đã chọn, ví dụ m² sàn."),
    )  # fmt: skip
    site = forms.TypedChoiceField(
        label=gettext_lazy("Tại trụ sở"), required=False, coerce=UUID, empty_value=None
    )
    follows = forms.TypedChoiceField(
        label=gettext_lazy("Làm sau công trình"), required=False, coerce=UUID, empty_value=None
    )

    def offer(self, offers: "Offers") -> None:
        """What can be chosen."""
        none = [("", "–")]
        self.choose("sort", sorts().items())
        self.choose("priority", priorities().items())
        for name, choices in (
            ("programme", offers.programmes), ("gap_kind", offers.kinds), ("site", offers.sites),
            ("follows", offers.projects),
        ):  # fmt: skip
            self.choose(name, [*none, *choices])
            if not choices:
                del self.fields[name]
        if "gap_kind" not in self.fields:
            del self.fields["gap_amount"]

    @property
    def saying(self) -> Saying:
        """What was said."""
        its = self.cleaned_data
        amount = its.get("gap_amount")
        gaps = (
            (Gap(of=its["gap_kind"], amount=f"{amount.normalize():f}"),)
            if its.get("gap_kind") and amount
            else ()
        )
        return Saying(
            its["name"], its["sort"], gaps, its.get("programme"), its.get("site"), its.get("follows"), its["priority"]
        )  # fmt: skip


class Offers:
    """What a form of works lets one choose from: pairs of value and words."""

    def __init__(
        self, *, programmes: Choices = (), kinds: Choices = (), sites: Choices = (), projects: Choices = ()
    ) -> None:
        self.programmes, self.kinds = list(programmes), list(kinds)
        self.sites, self.projects = list(sites), list(projects)


class PlanForm(About, Stages, Sums):
    """A new project."""

    unit = forms.ChoiceField(label=gettext_lazy("Làm cho đơn vị"))
    paper = _words(
        gettext_lazy("Văn bản"), gettext_lazy("Số, ngày của chủ trương hoặc đề nghị."), required=False
    )
    field_order = (
        "unit",
        "name",
        "sort",
        "programme",
        "priority",
        "gap_kind",
        "gap_amount",
        "site",
        "follows",
    )

    def __init__(
        self, data: Any = None, *, units: Choices, offers: "Offers", initial: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        self.choose("unit", units)
        self.offer(offers)
        self.ask_days(STAGES)
        self.ask_sums()


class CorrectForm(About):
    """What was wrong with a project, or is so no longer."""

    reason = _words(gettext_lazy("Lý do sửa"), long=True)

    def __init__(self, data: Any = None, *, now: Standing, offers: "Offers") -> None:
        its = now.about
        gap = its.gaps[0] if its.gaps else None
        super().__init__(data, initial={
            "name": its.name, "sort": its.sort, "priority": its.priority, "programme": its.programme,
            "gap_kind": gap.kind if gap else "", "gap_amount": gap.amount if gap else None, "site": its.site,
            "follows": its.follows,
        })  # fmt: skip
        self.offer(offers)


class ScheduleForm(Stages):
    """The days on which what is not reached yet is expected now."""

    def __init__(self, data: Any = None, *, now: Standing) -> None:
        its = [it for it in now.stages if it.reach is None]
        super().__init__(data, initial={f"stage_{it.stage}": it.forecast for it in its})
        self.ask_days([it.stage for it in its])
        self.fields["reason"] = _words(_("Lý do đổi ngày"), long=True)


class ReachForm(Once):
    """A stage that was reached."""

    stage = forms.ChoiceField(label=gettext_lazy("Bước"))
    on = _day(gettext_lazy("Đạt ngày"))
    paper = _words(gettext_lazy("Văn bản, biên bản"), gettext_lazy("Số và ngày."), required=False)
    note = _words(gettext_lazy("Ghi chú"), required=False)

    def __init__(self, data: Any = None, *, now: Standing, today: date) -> None:
        following = now.next.stage if now.next else ""
        super().__init__(data, initial={"on": today, "stage": following})
        self.choose("stage", [(it.stage, stages()[it.stage]) for it in now.stages if it.reach is None])


class UnreachForm(Once):
    """A stage that was reported by mistake."""

    reached = forms.TypedChoiceField(label=gettext_lazy("Bước đã ghi"), coerce=UUID)
    reason = _words(gettext_lazy("Lý do rút lại"), long=True)

    def __init__(self, data: Any = None, *, now: Standing, chosen: str = "") -> None:
        super().__init__(data, initial={"reached": chosen})
        its = [(it.reach, stages()[it.stage]) for it in now.stages if it.reach]
        self.choose("reached", [(str(reach.id), f"{words}, {reach.on:%d/%m/%Y}") for reach, words in its])


class ShowForm(Once):
    """Photos and papers beside the project."""

    day = _day(gettext_lazy("Chụp ngày"), gettext_lazy("Bỏ trống: theo ngày máy ảnh ghi."), required=False)
    note = _words(gettext_lazy("Ảnh chụp gì"), required=False)


class BudgetForm(Sums):
    """The whole budget anew."""

    paper = _words(gettext_lazy("Văn bản"), gettext_lazy("Số và ngày."), required=False)
    reason = _words(gettext_lazy("Lý do"), long=True)
    field_order = tuple(f"sum_{source}" for source in PURSES)

    def __init__(self, data: Any = None, *, now: Standing) -> None:
        super().__init__(data, initial={f"sum_{source}": amount for source, amount in now.planned.items()})
        self.ask_sums()
        self.order_fields(self.field_order)


class PayForm(Once):
    """A payment."""

    on = _day(gettext_lazy("Ngày trả"))
    source = forms.ChoiceField(label=gettext_lazy("Nguồn"))
    amount = Dong(
        label=gettext_lazy("Số tiền"), help_text=gettext_lazy("Đồng; ghi được “5,9 tỷ”, “850 triệu”.")
    )
    paper = _words(gettext_lazy("Chứng từ"), gettext_lazy("Số và ngày."), required=False)

    def __init__(self, data: Any = None, *, now: Standing, today: date) -> None:
        first = next(iter(now.planned), "province")
        super().__init__(data, initial={"on": today, "source": first})
        self.choose("source", purses().items())


class RepayForm(PayForm):
    """A payment that was written down wrongly."""

    payment = forms.UUIDField(widget=forms.HiddenInput)
    none = forms.BooleanField(label=gettext_lazy("Không có khoản này"), required=False)
    reason = _words(gettext_lazy("Lý do sửa"), long=True)

    def __init__(self, data: Any = None, *, now: Standing, today: date, its: Payment | None) -> None:
        super().__init__(data, now=now, today=today)
        if its is not None:
            self.initial = {
                **self.initial, "on": its.on, "source": its.source, "amount": its.sum, "paper": its.paper,
                "payment": its.of,
            }  # fmt: skip


class HaltForm(Once):
    """Since when, and why: of stopping, and of going on."""

    since = _day(gettext_lazy("Từ ngày"))
    ground = _words(gettext_lazy("Lý do"), long=True)
    paper = _words(gettext_lazy("Văn bản"), gettext_lazy("Số và ngày."), required=False)

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"since": today})


class StopForm(HaltForm):
    """Stopping, for a time or for good."""

    dropped = forms.BooleanField(label=gettext_lazy("Thôi làm hẳn, không chờ làm tiếp"), required=False)


class ProgrammeForm(Sums):
    """A programme of the province."""

    name = _words(gettext_lazy("Tên chương trình"))
    paper = _words(
        gettext_lazy("Nghị quyết, văn bản"), gettext_lazy("Số, ngày, cơ quan ban hành."), required=False
    )
    first = forms.IntegerField(label=gettext_lazy("Từ năm"), min_value=2000, max_value=2100)
    last = forms.IntegerField(label=gettext_lazy("Đến hết năm"), min_value=2000, max_value=2100)
    target = forms.IntegerField(
        label=gettext_lazy("Số công trình phải làm"), min_value=1, max_value=10_000, required=False
    )

    def __init__(self, data: Any = None, *, its: Programme | None, today: date) -> None:
        initial: dict[str, Any] = {"first": today.year, "last": today.year + 2}
        if its is not None:
            sums = {f"sum_{source}": amount for source, amount in its.budget.items()}
            initial = {
                "name": its.name, "paper": its.paper, "first": its.first, "last": its.last, "target": its.target,
                **sums,
            }  # fmt: skip
        super().__init__(data, initial=initial)
        self.ask_sums()
