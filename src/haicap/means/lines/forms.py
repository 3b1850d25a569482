"""Forms of data lines. Each carries the new entry's id: sent twice is sent once."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.means.forms import Dong, Size, not_after, text_field
from haicap.means.lines import entries as e
from haicap.means.lines import showing
from haicap.means.lines.fold import Circuit
from haicap.units.once import Choices, Once, day_field


class TermsForm(Once):
    """What is agreed with a provider: of a new line, on other terms, or written down wrongly."""

    unit = forms.ChoiceField(label=gettext_lazy("Đơn vị"))
    site = forms.TypedChoiceField(
        label=gettext_lazy("Đặt tại trụ sở"), required=False, coerce=UUID, empty_value=None
    )
    sort = forms.ChoiceField(label=gettext_lazy("Loại đường"))
    provider = text_field(gettext_lazy("Nhà cung cấp"), required=True, most=120)
    number = text_field(
        gettext_lazy("Mã đường truyền"), required=True, most=60,
        help_text=gettext_lazy("Số thuê bao hoặc mã kênh, như trên hóa đơn."),
    )  # fmt: skip
    medium = forms.ChoiceField(label=gettext_lazy("Truyền bằng"))
    down = Size(label=gettext_lazy("Tốc độ tải xuống theo hợp đồng (Mbit/s)"))
    up = Size(label=gettext_lazy("Tốc độ tải lên theo hợp đồng (Mbit/s)"))
    since = day_field(gettext_lazy("Từ ngày"))
    until = day_field(
        gettext_lazy("Hợp đồng đến hết ngày"),
        required=False,
        help_text=gettext_lazy("Bỏ trống nếu không hạn định."),
    )
    cost = Dong(label=gettext_lazy("Cước một tháng (đồng)"), required=False)
    paper = text_field(gettext_lazy("Số, ngày hợp đồng"))
    reason = text_field(gettext_lazy("Lý do đính chính"), required=True)

    def __init__(
        self, data: Any = None, *, providers: Iterable[str] = (), units: Choices = (), sites: Choices = (),
        its: Circuit | None = None, mends: bool = False, initial: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        now = its.now.model_dump() | {"site": its.site} if its else {}
        super().__init__(data, initial=now | (initial or {}))
        kinds = showing.kinds()
        self.choose("sort", kinds.items())
        if not kinds:
            self.fields["sort"].help_text = _(
                "Danh mục phương tiện chưa có loại đường truyền nào: người phụ trách danh mục của tỉnh thêm trước."
            )
        self.choose("medium", showing.media().items())
        self.choose("site", [("", "–"), *((str(pk), words) for pk, words in sites)])
        self.choose("unit", units)
        self.fields["provider"].widget.attrs["list"] = "providers"
        self.providers = list(providers)
        unwanted = {"unit"} if its else set()
        unwanted |= set() if mends else {"reason"}
        unwanted |= {"site"} if its and not mends else set()
        for name in unwanted:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        its = self.cleaned_data
        if its.get("since") and its.get("until") and its["until"] < its["since"]:
            self.add_error("until", _("Ngày cuối không được trước ngày đầu."))
        return its

    @property
    def terms(self) -> e.Terms:
        """What was said."""
        its = {name: value for name, value in self.cleaned_data.items() if name in e.Terms.model_fields}
        return e.Terms(**its)


class EndForm(Once):
    """There is no such line any more."""

    why = forms.ChoiceField(label=gettext_lazy("Vì sao"))
    since = day_field(gettext_lazy("Thôi dùng từ ngày"))
    note = text_field(gettext_lazy("Ghi chú"))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"since": today})
        self.today = today
        self.choose("why", showing.reasons().items())

    def clean(self) -> dict[str, Any]:
        """It does not lie ahead."""
        not_after(self, "since", self.today)
        return self.cleaned_data


class ExplainForm(Once):
    """Why the line was down."""

    cause = forms.ChoiceField(label=gettext_lazy("Nguyên nhân"))
    note = text_field(
        gettext_lazy("Ghi chú"), help_text=gettext_lazy("Số phiếu báo hỏng, người đã gọi, đã thay gì.")
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.choose("cause", showing.causes().items())


class SheetForm(Once):
    """A sheet of measurements."""

    sheet = forms.FileField(
        label=gettext_lazy("Bảng đo"), widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.xls,.ods"}),
        help_text=gettext_lazy(
            "CSV hoặc bảng tính, có các cột: mã đường truyền, thời điểm, tải xuống, tải lên; nếu có thì thêm độ trễ, "
            "mất gói."
        ),
    )  # fmt: skip
