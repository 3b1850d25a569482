"""Forms of works. Each carries the new entry's id: sent twice is sent once."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.means.forms import Dong, Size, text_field
from haicap.means.works.actions import Saying
from haicap.means.works.entries import Gap, Purse, Stage
from haicap.means.works.fold import Programme
from haicap.means.works.showing import priorities, purses, sorts, stages
from haicap.means.works.state import PURSES, STAGES, Payment, Standing
from haicap.units.once import Choices, Once, day_field


class Stages(Once):
    """A form with a day for each stage, `stage_start` and so on."""

    def ask_days(self, which: Iterable[Stage]) -> None:
        """Ask for the days of these stages."""
        for stage in which:
            self.fields[f"stage_{stage}"] = day_field(stages()[stage], required=False)

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
        return {source: int(amount) for source, amount in given.items() if amount}


class About(Once):
    """What is said of a project."""

    name = text_field(gettext_lazy("Tên công trình"), required=True)
    sort = forms.ChoiceField(label=gettext_lazy("Loại"))
    priority = forms.ChoiceField(label=gettext_lazy("Mức độ cần"))
    programme = forms.TypedChoiceField(
        label=gettext_lazy("Thuộc chương trình"), required=False, coerce=UUID, empty_value=None
    )
    gap_kind = forms.ChoiceField(label=gettext_lazy("Bù thiếu hụt về"), required=False)
    gap_amount = Size(
        label=gettext_lazy("Bù được bao nhiêu"), required=False,
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
        gaps = (Gap(of=its["gap_kind"], amount=amount),) if its.get("gap_kind") and amount else ()
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
    paper = text_field(
        gettext_lazy("Văn bản"), help_text=gettext_lazy("Số, ngày của chủ trương hoặc đề nghị.")
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

    reason = text_field(gettext_lazy("Lý do sửa"), required=True, rows=2)

    def __init__(self, data: Any = None, *, now: Standing, offers: "Offers") -> None:
        its = now.about
        gap = its.gaps[0] if its.gaps else None
        super().__init__(data, initial={
            "name": its.name, "sort": its.sort, "priority": its.priority, "programme": its.programme,
            "gap_kind": gap.kind if gap else "", "gap_amount": f"{gap.amount:f}" if gap else None, "site": its.site,
            "follows": its.follows,
        })  # fmt: skip
        self.offer(offers)


class ScheduleForm(Stages):
    """The days on which what is not reached yet is expected now."""

    def __init__(self, data: Any = None, *, now: Standing) -> None:
        its = [it for it in now.stages if it.reach is None]
        super().__init__(data, initial={f"stage_{it.stage}": it.forecast for it in its})
        self.ask_days([it.stage for it in its])
        self.fields["reason"] = text_field(_("Lý do đổi ngày"), required=True, rows=2)


class ReachForm(Once):
    """A stage that was reached."""

    stage = forms.ChoiceField(label=gettext_lazy("Bước"))
    on = day_field(gettext_lazy("Đạt ngày"))
    paper = text_field(gettext_lazy("Văn bản, biên bản"), help_text=gettext_lazy("Số và ngày."))
    note = text_field(gettext_lazy("Ghi chú"))

    def __init__(self, data: Any = None, *, now: Standing, today: date) -> None:
        following = now.next.stage if now.next else ""
        super().__init__(data, initial={"on": today, "stage": following})
        self.choose("stage", [(it.stage, stages()[it.stage]) for it in now.stages if it.reach is None])


class UnreachForm(Once):
    """A stage that was reported by mistake."""

    reached = forms.TypedChoiceField(label=gettext_lazy("Bước đã ghi"), coerce=UUID)
    reason = text_field(gettext_lazy("Lý do rút lại"), required=True, rows=2)

    def __init__(self, data: Any = None, *, now: Standing, chosen: str = "") -> None:
        super().__init__(data, initial={"reached": chosen})
        its = [(it.reach, stages()[it.stage]) for it in now.stages if it.reach]
        self.choose("reached", [(str(reach.id), f"{words}, {reach.on:%d/%m/%Y}") for reach, words in its])


class ShowForm(Once):
    """Photos and papers beside the project."""

    day = day_field(
        gettext_lazy("Chụp ngày"), help_text=gettext_lazy("Bỏ trống: theo ngày máy ảnh ghi."), required=False
    )
    note = text_field(gettext_lazy("Ảnh chụp gì"))


class BudgetForm(Sums):
    """The whole budget anew."""

    paper = text_field(gettext_lazy("Văn bản"), help_text=gettext_lazy("Số và ngày."))
    reason = text_field(gettext_lazy("Lý do"), required=True, rows=2)
    field_order = tuple(f"sum_{source}" for source in PURSES)

    def __init__(self, data: Any = None, *, now: Standing) -> None:
        super().__init__(data, initial={f"sum_{source}": amount for source, amount in now.planned.items()})
        self.ask_sums()
        self.order_fields(self.field_order)


class PayForm(Once):
    """A payment."""

    on = day_field(gettext_lazy("Ngày trả"))
    source = forms.ChoiceField(label=gettext_lazy("Nguồn"))
    amount = Dong(
        label=gettext_lazy("Số tiền"), help_text=gettext_lazy("Đồng; ghi được “5,9 tỷ”, “850 triệu”.")
    )
    paper = text_field(gettext_lazy("Chứng từ"), help_text=gettext_lazy("Số và ngày."))

    def __init__(self, data: Any = None, *, now: Standing, today: date) -> None:
        first = next(iter(now.planned), "province")
        super().__init__(data, initial={"on": today, "source": first})
        self.choose("source", purses().items())


class RepayForm(PayForm):
    """A payment that was written down wrongly."""

    payment = forms.UUIDField(widget=forms.HiddenInput)
    none = forms.BooleanField(label=gettext_lazy("Không có khoản này"), required=False)
    reason = text_field(gettext_lazy("Lý do sửa"), required=True, rows=2)

    def __init__(self, data: Any = None, *, now: Standing, today: date, its: Payment | None) -> None:
        super().__init__(data, now=now, today=today)
        if its is not None:
            self.initial = {
                **self.initial, "on": its.on, "source": its.source, "amount": its.sum, "paper": its.paper,
                "payment": its.of,
            }  # fmt: skip


class HaltForm(Once):
    """Since when, and why: of stopping, and of going on."""

    since = day_field(gettext_lazy("Từ ngày"))
    ground = text_field(gettext_lazy("Lý do"), required=True, rows=2)
    paper = text_field(gettext_lazy("Văn bản"), help_text=gettext_lazy("Số và ngày."))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"since": today})


class StopForm(HaltForm):
    """Stopping, for a time or for good."""

    dropped = forms.BooleanField(label=gettext_lazy("Thôi làm hẳn, không chờ làm tiếp"), required=False)


class ProgrammeForm(Sums):
    """A programme of the province."""

    name = text_field(gettext_lazy("Tên chương trình"), required=True)
    paper = text_field(
        gettext_lazy("Nghị quyết, văn bản"), help_text=gettext_lazy("Số, ngày, cơ quan ban hành.")
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
