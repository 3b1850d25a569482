"""Forms of plans. Each carries the id of what it will become: sent twice is sent once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haicap.units.once import Once, day_field


class AdoptForm(Once):
    """What makes a proposal a decision: its name, the paper by which it was approved, and by when it is carried out."""

    name = forms.CharField(label=gettext_lazy("Tên phương án"), max_length=200)
    paper = forms.CharField(
        label=gettext_lazy("Số, ký hiệu văn bản phê duyệt"), max_length=100,
        help_text=gettext_lazy("Chỉ ghi số và ngày, không ghi nội dung mật."),
    )  # fmt: skip
    due = day_field(gettext_lazy("Thực hiện trước hết ngày"))

    def __init__(self, data: Any = None, *, name: str = "") -> None:
        super().__init__(data, initial={"name": name})


class WithdrawForm(Once):
    """Why a plan is not gone on with."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do"), max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )
