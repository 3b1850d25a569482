"""Forms of this room. Each carries the new entry's id: sent twice is sent once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haicap.journal.ids import uuid7
from haicap.units.once import Choices, Once


class InviteForm(Once):
    """Which unit is to have a node of its own."""

    subject = forms.UUIDField(widget=forms.HiddenInput)
    unit = forms.ChoiceField(label=gettext_lazy("Đơn vị được có nút riêng"))

    def __init__(self, data: Any = None, *, units: Choices, unit: str = "") -> None:
        super().__init__(data, initial={"subject": uuid7(), "unit": unit})
        self.choose("unit", [("", gettext_lazy("Chọn một đơn vị")), *units])


class RevokeForm(Once):
    """Why a node is trusted no more."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do"), max_length=300,
        help_text=gettext_lazy("Ví dụ: mất máy, lộ khóa, mời nhầm đơn vị. Không ghi nội dung mật."),
    )  # fmt: skip


class CloseForm(Once):
    """That the unit's work goes back."""

    sure = forms.BooleanField(
        label=gettext_lazy("Nút của đơn vị ngừng ghi; từ nay đơn vị làm việc trên nút này")
    )
