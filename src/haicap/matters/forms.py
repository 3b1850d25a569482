"""Forms made from a procedure: what it asks becomes controls; what is wrong with an answer becomes a sentence."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from haicap.matters.fields import PERSON_PARTS, Field, Unanswered
from haicap.matters.queries import unit_meant
from haicap.matters.schema import Procedure, Step
from haicap.matters.showing import in_words
from haicap.papers.reasons import REASONS as REASONS

FEW = 5  # choices up to here are radios, all in sight at once
PARTS: dict[str, Callable[[], str]] = {
    "name": lambda: _("Họ và tên"),
    "id_number": lambda: _("Số định danh hoặc giấy tờ"),
    "address": lambda: _("Nơi ở"),
    "phone": lambda: _("Điện thoại"),
}

Group = tuple[str, list[BoundField], bool]  # legend (empty: none), its fields, whether they are sealed


class Answers(forms.Form):
    """The fields that a procedure asks, in its order, besides those that a subclass declares."""

    moment: tuple[str | None, str | None] = (
        None,
        None,
    )  # the step and outcome at which it asks; none: the opening
    use_required_attribute = False  # the summary of what is missing says more than a browser's bubble

    def __init__(
        self,
        data: Any = None,
        *,
        procedure: Procedure,
        asked: Sequence[Field],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.procedure, self.asked = procedure, tuple(asked)
        for field in self.asked:
            self.fields.update(controls(field, procedure.is_personal(field.code)))

    def clean(self) -> dict[str, Any]:
        """Everything that is wrong with the answers at once, beside what the controls found."""
        try:
            self.procedure.check(self.answers, *self.moment)
        except Unanswered as fault:
            self.blame(fault.fields)
        return self.cleaned_data

    @property
    def answers(self) -> dict[str, str]:
        """What was answered, by the keys that `Procedure.check` reads; nothing for what was left empty."""
        keys = [key for field in self.asked for key in keys_of(field)]
        return {key: value for key in keys if (value := self.cleaned_data.get(key) or "")}

    def blame(self, faults: Mapping[str, str]) -> None:
        """Put the reasons of `Unanswered` to their fields; what has no field here stands at the top."""
        for key, reason in faults.items():
            where = key if key in self.fields else None
            if where is None or where not in self.errors:
                self.add_error(where, REASONS[reason]())

    def groups(self) -> Iterator[Group]:
        """The asked fields for a template: a person under one legend, every other field alone."""
        for field in self.asked:
            bound = [self[key] for key in keys_of(field)]
            legend = in_words(field) if field.type == "person" else ""
            yield legend, bound, self.procedure.is_personal(field.code)


class StepForm(Answers):
    """Taking a step with an outcome already chosen: its ground, its unit, who is to deal with it."""

    def __init__(
        self,
        *args: Any,
        step: Step,
        outcome: str | None = None,
        people: Sequence[tuple[str, str]] = (),
        to_unit: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.moment = (step.code, outcome)
        if step.grounds:
            self.fields["ground"] = forms.ChoiceField(
                label=_("Căn cứ"),
                widget=forms.RadioSelect,
                choices=[(code, in_words(text)) for code, text in step.grounds.items()],
                error_messages=missing(),
            )
        if to_unit:
            self.fields["to_unit"] = unit_control(_("Đơn vị nhận"))
        if people:
            self.fields["assignee"] = forms.ChoiceField(
                label=_("Người thụ lý"), choices=list(people), required=False
            )

    def clean_to_unit(self) -> str:
        """The code of the unit that was named."""
        return named_unit(self.cleaned_data["to_unit"])

    def own(self) -> Iterator[BoundField]:
        """The fields that the engine asks, not the procedure."""
        return (self[name] for name in ("ground", "to_unit", "assignee") if name in self.fields)


def unit_control(label: str) -> forms.CharField:
    """A unit, chosen from the list `units` of the page or typed: its code comes first."""
    return forms.CharField(
        label=label,
        help_text=_("Gõ mã hoặc tên đơn vị rồi chọn trong danh sách."),
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
        error_messages=missing(),
    )


def named_unit(text: str) -> str:
    """The code of the unit that was typed or chosen. Raises `ValidationError` where there is none."""
    code = unit_meant(text)
    if code is None:
        raise forms.ValidationError(_("Không có đơn vị này."))
    return code


def controls(field: Field, sealed: bool) -> dict[str, forms.Field]:
    """The control or controls of a field, by the keys of its answers."""
    if field.type == "person":
        return {f"{field.code}.{part}": _part(field, part) for part in PERSON_PARTS}
    made = _choice(field) if field.type in ("choice", "yes-no") else forms.CharField(widget=_widget(field))
    made.label, made.required = in_words(field), field.needed
    made.help_text = hint(in_words(field.help), sealed)
    if field.type == "place":
        made.help_text = format_html(
            '{}<span id="today-{}" aria-live="polite"></span>', made.help_text, field.code
        )
    made.error_messages = missing()
    return {field.code: made}


def keys_of(field: Field) -> list[str]:
    """The keys under which a field is answered."""
    return [f"{field.code}.{part}" for part in PERSON_PARTS] if field.type == "person" else [field.code]


def hint(text: str, sealed: bool) -> SafeString | str:
    """The help of a field, and beside it whether the answer is sealed."""
    if not sealed:
        return text
    return format_html('<span class="tag hold">{}</span> {}', _("niêm phong"), text)


def _part(field: Field, part: str) -> forms.Field:
    needed = field.needed and part == "name"
    kind = {"type": "tel"} if part == "phone" else {}
    widget = forms.TextInput(attrs={"autocomplete": "off", **kind})
    return forms.CharField(label=PARTS[part](), required=needed, widget=widget, error_messages=missing())


def _choice(field: Field) -> forms.ChoiceField:
    if field.type == "yes-no":
        choices = [("yes", _("Có")), ("no", _("Không"))]
    else:
        choices = [(code, in_words(text)) for code, text in field.of.items()]
    if len(choices) > FEW:
        return forms.ChoiceField(choices=[("", "–"), *choices])
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect)


def _widget(field: Field) -> forms.Widget:
    match field.type:
        case "longtext":
            return forms.Textarea(attrs={"rows": 4})
        case "date":
            return forms.TextInput(attrs={"type": "date"})
        case "datetime":
            return forms.TextInput(attrs={"type": "datetime-local"})
        case "number":
            return forms.TextInput(attrs={"inputmode": "numeric"})
        case "money":
            return forms.TextInput(attrs={"inputmode": "decimal"})
        case "unit":
            return forms.TextInput(attrs={"list": "units", "autocomplete": "off"})
        case "place":  # what an old address is called today is asked for as one types
            asking = {"hx-post": reverse("matters:place"), "hx-trigger": "input changed delay:500ms"}
            return forms.TextInput(
                attrs={"autocomplete": "off", "hx-target": f"#today-{field.code}", **asking}
            )
        case _:
            return forms.TextInput(attrs={"autocomplete": "off"})


def missing() -> dict[str, Any]:
    """What a control says of an answer that it lacks or does not take."""
    return {
        "required": REASONS["needed"](),
        "invalid_choice": REASONS["not-a-choice"](),
        "max_length": REASONS["too-long"](),
    }
