"""Forms of guidance: what it says, why it changes, why it is withdrawn."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from haicap.matters.forms import missing
from haicap.matters.guidance.entries import Wording

Choices = Sequence[tuple[str, str]]
PARTS = ("question", "answer", "topics", "procedures", "law", "paper", "since", "until")


def day_control(label: str, *, required: bool = True, hint: str = "") -> forms.DateField:
    """A day, as a browser's own control sends it."""
    widget = forms.TextInput(attrs={"type": "date"})
    wrong = missing() | {"invalid": _("Ghi ngày có thật, ví dụ 21/11/2026.")}
    return forms.DateField(
        label=label, required=required, widget=widget, help_text=hint, error_messages=wrong,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )  # fmt: skip


def text_control(label: str, *, rows: int = 0, required: bool = True, hint: str = "") -> forms.CharField:
    """A line, or `rows` lines of text."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label, required=required, widget=widget, help_text=hint, max_length=300 if not rows else 20_000,
        error_messages=missing(),
    )  # fmt: skip


class WordingForm(forms.Form):
    """What a guidance says; with `changed` where it is the next version of one."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *,
        topics: Choices,
        procedures: Choices,
        issuers: Choices,
        revises: bool,
        initial: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial=dict(initial))
        general = _("Viết chung cho mọi xã: không ghi tên người, tên đơn vị hỏi.")
        self.fields["question"] = text_control(_("Câu hỏi"), hint=general)
        self.fields["answer"] = text_control(_("Trả lời"), rows=8, hint=general)
        self.fields["topics"] = _several(_("Nhóm vướng mắc"), topics, required=True)
        self.fields["procedures"] = _several(_("Thuộc thủ tục"), procedures)
        self.fields["law"] = text_control(
            _("Căn cứ pháp luật"), rows=3, required=False, hint=_("Mỗi dòng một điều, khoản.")
        )
        self.fields["paper"] = text_control(_("Số văn bản hướng dẫn"), required=False)
        self.fields["since"] = day_control(_("Áp dụng từ ngày"))
        self.fields["until"] = day_control(
            _("Đến hết ngày"), required=False, hint=_("Để trống nếu chưa biết.")
        )
        self.fields["issuer"] = forms.ChoiceField(label=_("Đơn vị ban hành"), choices=list(issuers))
        if len(issuers) == 1:
            self.fields["issuer"].widget = forms.HiddenInput()
            self.fields["issuer"].initial = issuers[0][0]
        if revises:
            self.fields["changed"] = text_control(_("Thay đổi những gì"), rows=2)

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        its = self.cleaned_data
        if its.get("since") and its.get("until") and its["until"] < its["since"]:
            self.add_error("until", _("Ngày cuối không được trước ngày đầu."))
        return its

    @property
    def wording(self) -> Wording:
        """What was typed; the last day becomes the first one on which it does not hold."""
        its = self.cleaned_data
        law = tuple(line.strip() for line in its["law"].splitlines() if line.strip())
        until = its["until"].fromordinal(its["until"].toordinal() + 1) if its["until"] else None
        return Wording(
            question=its["question"], answer=its["answer"], topics=tuple(its["topics"]),
            procedures=tuple(its["procedures"]), law=law, paper=its["paper"], since=its["since"], until=until,
        )  # fmt: skip


class WithdrawalForm(forms.Form):
    """Why a guidance holds no more, from when, and which one holds instead."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, others: Choices, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        self.fields["reason"] = text_control(_("Lý do thôi áp dụng"), rows=3)
        self.fields["since"] = day_control(_("Thôi áp dụng từ ngày"))
        self.fields["by"] = forms.ChoiceField(
            label=_("Thay bằng hướng dẫn"), choices=[("", "–"), *others], required=False
        )


class AnswerForm(forms.Form):
    """The answer to a difficulty, with the text of a published guidance in it."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        hint = _("Lời của hướng dẫn đã được điền sẵn; thêm điều riêng của đơn vị hỏi nếu cần.")
        self.fields["text"] = text_control(_("Nội dung trả lời"), rows=10, hint=hint)


def _several(label: str, choices: Choices, *, required: bool = False) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), required=required, widget=forms.CheckboxSelectMultiple,
        error_messages=missing(),
    )  # fmt: skip
