"""Forms of plans. Each carries the id of what it will become: sent twice is sent once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haicap.journal.ids import uuid7


class AdoptForm(forms.Form):
    """What makes a proposal a decision: its name, the paper by which it was approved, and by when it is carried out."""

    entry_id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Tên phương án"), max_length=200)
    paper = forms.CharField(
        label=gettext_lazy("Số, ký hiệu văn bản phê duyệt"), max_length=100,
        help_text=gettext_lazy("Chỉ ghi số và ngày, không ghi nội dung mật."),
    )  # fmt: skip
    due = forms.DateField(
        label=gettext_lazy("Thực hiện trước hết ngày"), widget=forms.DateInput(attrs={"type": "date"})
    )
    use_required_attribute = False

    def __init__(self, data: Any = None, *, name: str = "") -> None:
        super().__init__(data, initial={"entry_id": uuid7(), "name": name})


class WithdrawForm(forms.Form):
    """Why a plan is not gone on with."""

    entry_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Lý do"), max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )
    use_required_attribute = False

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"entry_id": uuid7()})
