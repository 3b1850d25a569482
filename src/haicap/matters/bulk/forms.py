"""What is to be done to the matters that were chosen: the act, and what it has to be told."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from haicap.matters.acts import ACTS
from haicap.matters.bulk import judging
from haicap.matters.bulk.judging import STEP, Told
from haicap.matters.forms import REASONS, hint, missing, named_unit, unit_control
from haicap.matters.queries import people_of
from haicap.matters.showing import in_words

NEEDS = {"hand-over": "to_unit", "comment": "text", STEP: "step"}


class BulkForm(forms.Form):
    """`team` is the one unit that holds all of them, or the person's own; `steps` those that some of them can take."""

    def __init__(
        self, data: Any, *, steps: list[tuple[str, str]], team: str | None, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.team = team or ""
        codes = [*([STEP] if steps else []), *judging.ACTS]
        said = {
            STEP: _("Làm một bước của thủ tục"),
            **{code: in_words(ACTS[code].label) for code in judging.ACTS},
        }
        choices = [(code, said[code]) for code in codes]
        self.fields["act"] = forms.ChoiceField(
            label=_("Làm gì"), choices=choices, widget=forms.RadioSelect, error_messages=missing()
        )
        if steps:
            self.fields["step"] = forms.ChoiceField(
                label=_("Bước"), choices=[("", _("Chọn bước")), *steps], required=False
            )
        people = [("", _("Thôi phân công")), *people_of(team)]
        self.fields["assignee"] = forms.ChoiceField(label=_("Người thụ lý"), choices=people, required=False)
        self.fields["to_unit"] = unit_control(_("Đơn vị nhận"))
        self.fields["to_unit"].required = False
        self.fields["text"] = forms.CharField(
            label=_("Nội dung ghi thêm"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
            help_text=hint(_("Như nhau cho mọi việc đã chọn."), sealed=False),
        )  # fmt: skip

    def clean_to_unit(self) -> str:
        """The code of the unit that was named; nothing where none was."""
        text: str = self.cleaned_data["to_unit"]
        return named_unit(text) if text and self.data.get("act") == "hand-over" else ""

    def clean(self) -> dict[str, Any]:
        """What the chosen act needs is there; what belongs to another act is left out."""
        needed = NEEDS.get(self.cleaned_data.get("act", ""))
        if needed and needed not in self.errors and not self.cleaned_data.get(needed):
            self.add_error(needed, REASONS["needed"]())
        return self.cleaned_data

    def told(self) -> Told:
        """What was said, of the chosen act alone."""
        its, act = self.cleaned_data, self.cleaned_data["act"]
        match act:
            case "assign":
                return Told(act, assignee=its["assignee"], team=self.team if its["assignee"] else "")
            case "hand-over":
                return Told(act, to_unit=its["to_unit"])
            case "comment":
                return Told(act, text=its["text"])
            case "step":
                procedure, step = its["step"].split("/")
                return Told(act, procedure=procedure, step=step)
            case _:
                return Told(act)
