"""The two forms for people."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from haicap.matters.forms import missing
from haicap.matters.schema import Procedure
from haicap.matters.showing import in_words
from haicap.papers.numbers import UnreadableNumber, parse

FEEDBACK = "feedback"
LONGEST_TITLE = 90


class LookUpForm(forms.Form):
    """Number and code of a receipt."""

    use_required_attribute = False
    number = forms.CharField(max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    code = forms.CharField(
        max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number, code = self.fields["number"], self.fields["code"]
        number.label, code.label = _("Số hồ sơ"), _("Mã tra cứu")
        number.help_text, code.help_text = _("Ghi trên giấy biên nhận."), _("Tám chữ, số; ghi cạnh số hồ sơ.")
        number.error_messages, code.error_messages = missing(), missing()

    def clean_number(self) -> str:
        """The number as it is kept."""
        try:
            return str(parse(self.cleaned_data["number"]))
        except UnreadableNumber as fault:
            raise forms.ValidationError(str(fault)) from None


class FeedbackForm(forms.Form):
    """What somebody wants to say to a unit; the name and the way to answer are theirs to give or to leave out."""

    use_required_attribute = False
    sector = forms.ChoiceField()
    what = forms.CharField(max_length=5_000, widget=forms.Textarea(attrs={"rows": 6}))
    name = forms.CharField(
        max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    entry_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, procedure: Procedure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = procedure.field["sector"]
        self.fields["sector"] = forms.ChoiceField(
            label=in_words(asked), choices=[("", "–"), *((code, in_words(it)) for code, it in asked.of.items())],
            error_messages=missing(),
        )  # fmt: skip
        self.fields["what"].label = _("Nội dung phản ánh, kiến nghị")
        self.fields["what"].help_text = _("Nội dung được niêm phong; chỉ người giải quyết được mở.")
        self.fields["name"].label = _("Họ và tên (không bắt buộc)")
        self.fields["phone"].label = _("Điện thoại để trả lời (không bắt buộc)")
        for field in self.fields.values():
            field.error_messages |= missing()

    @property
    def id(self) -> UUID:
        """The id of the entry that this form becomes."""
        found: UUID = self.cleaned_data["entry_id"]
        return found

    @property
    def title(self) -> str:
        """The first words of what was said; sealed like the rest."""
        words = " ".join(self.cleaned_data["what"].split())
        return words if len(words) <= LONGEST_TITLE else words[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"

    @property
    def answers(self) -> dict[str, str]:
        """As the procedure reads them. Whether it belongs to this unit is for the unit to judge."""
        said = self.cleaned_data
        given = {
            "sector": said["sector"], "ours": "yes", "way": "portal", "what": said["what"],
            "sender.name": said["name"], "sender.phone": said["phone"],
        }  # fmt: skip
        if said["phone"] and not said["name"]:
            given["sender.name"] = _("(không nêu tên)")
        return {key: text for key, text in given.items() if text}
