"""The form that takes a matter in: what comes first, what its procedure asks, who comes, and how it came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _

from haicap.clocks.wall import VIETNAM
from haicap.matters.alike import Choice, chosen
from haicap.matters.coming import SPEAKER, Coming, Done, without
from haicap.matters.emergency import MARK, emergency
from haicap.matters.entries import Way
from haicap.matters.fields import Unanswered
from haicap.matters.forms import REASONS, Answers, controls, hint, keys_of, missing, named_unit, unit_control
from haicap.matters.schema import Anonymous, Emergency
from haicap.matters.showing import in_words
from haicap.matters.telling import BY, DONE

WAYS: tuple[Way, ...] = ("desk", "phone", "letter", "visit", "unit")


@dataclass(frozen=True, slots=True)
class Section:
    """What stands together: a person under a legend, or one field. `nameless` is the box that empties the person."""

    legend: str
    fields: list[BoundField]
    sealed: bool
    nameless: BoundField | None = None
    rule: Anonymous | None = None


class IntakeForm(Answers):
    """Taking a matter in: first what people tell, last how it came, with what is usual filled in."""

    title = forms.CharField(max_length=300)
    by = forms.ChoiceField(widget=forms.RadioSelect)
    received = forms.CharField(widget=forms.TextInput(attrs={"type": "datetime-local"}))
    unit = forms.ChoiceField()
    alike = forms.CharField(required=False)
    emergency_done = forms.CharField(required=False)

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._word(units)
        if self.procedure.opens.to_unit == "stated":
            self.fields["to_unit"] = unit_control(_("Giao cho đơn vị"))
        if self.procedure.emergency:
            self.fields[MARK] = self._emergencies()
        if self.about_people:
            for key, field in controls(SPEAKER, True).items():
                field.required = False
                self.fields[key] = field
        if (rule := self.procedure.anonymous) is not None and rule.taken:
            said = format_html("{} {}", in_words(rule), in_words(rule.law.rule) if rule.law else "")
            self.fields["anonymous"] = forms.BooleanField(
                required=False, label=_("Không ghi tên (nặc danh, khuyết danh)"), help_text=said
            )

    def _word(self, units: Sequence[tuple[str, str]]) -> None:
        title, by, received, unit = (self.fields[name] for name in ("title", "by", "received", "unit"))
        sealed = self.procedure.is_personal("title")
        title.label = _("Nội dung, một câu")
        title.help_text = hint("", True) if sealed else _("Không ghi tên, số giấy tờ của người dân.")
        title.widget.attrs |= {"autofocus": True, "autocomplete": "off"}
        if not sealed:  # what is sealed is compared with nothing
            title.widget.attrs |= {
                "hx-post": reverse("matters:alike", args=[self.procedure.code]),
                "hx-trigger": "input changed delay:400ms", "hx-target": "#alike", "hx-swap": "outerHTML",
            }  # fmt: skip
        by.label, received.label, unit.label = _("Tiếp nhận qua"), _("Lúc tiếp nhận"), _("Đơn vị tiếp nhận")
        received.help_text = _("Giờ người dân hoặc văn bản đến, không phải giờ nhập.")
        cast(forms.ChoiceField, by).choices = [(way, BY[way]()[:1].upper() + BY[way]()[1:]) for way in WAYS]
        cast(forms.ChoiceField, unit).choices = list(units)
        if len(units) == 1:
            unit.widget = forms.HiddenInput()
            unit.initial = units[0][0]
        for field in (title, by, received, unit):
            field.error_messages = missing()

    def _emergencies(self) -> forms.ChoiceField:
        asking = {
            "hx-post": reverse("matters:emergency", args=[self.procedure.code]), "hx-trigger": "change",
            "hx-target": "#stop", "hx-swap": "outerHTML",
        }  # fmt: skip
        choices = [
            ("", _("Không")),
            *((its.code, in_words(its)) for its in self.procedure.emergency.values()),
        ]
        return forms.ChoiceField(
            label=_("Có đang khẩn cấp không?"), required=False, choices=choices,
            widget=forms.RadioSelect(attrs=asking), error_messages=missing(),
        )  # fmt: skip

    @property
    def about_people(self) -> bool:
        """Whether somebody may speak for the one it concerns: a person is asked for at the opening."""
        return any(field.type == "person" for field in self.asked)

    def first(self) -> Iterator[BoundField]:
        """What comes before the procedure's questions; the title's field stands by itself."""
        return (self[name] for name in ("to_unit",) if name in self.fields)

    def last(self) -> Iterator[BoundField]:
        """How it came in."""
        return (self[name] for name in ("by", "received", "unit"))

    def speaker(self) -> list[BoundField]:
        """Whoever comes for somebody else; nothing where no person is asked for."""
        return [self[key] for key in keys_of(SPEAKER) if key in self.fields]

    def speaks(self) -> bool:
        """Whether something of a speaker was typed."""
        return any(bound.value() for bound in self.speaker())

    def sections(self) -> Iterator[Section]:
        """The procedure's questions as the page shows them."""
        rule = self.procedure.anonymous
        for field in self.asked:
            bound = [self[key] for key in keys_of(field)]
            its = rule if rule and rule.field == field.code else None
            box = self["anonymous"] if its and "anonymous" in self.fields else None
            legend = in_words(field) if field.type == "person" else ""
            yield Section(legend, bound, self.procedure.is_personal(field.code), box, its)

    @property
    def answers(self) -> dict[str, str]:
        """Without the person whose name is not given."""
        its, rule = super().answers, self.procedure.anonymous
        return without(rule.field, its) if rule and self.cleaned_data.get("anonymous") else its

    def stop(self) -> Emergency | None:
        """The emergency that is marked, in what was sent or in the draft."""
        return (
            emergency(self.procedure, {MARK: str(self[MARK].value() or "")}) if MARK in self.fields else None
        )

    @cached_property
    def choice(self) -> Choice:
        """What was said about an alike matter or guidance."""
        return chosen(self["alike"].value())

    def coming(self) -> Coming:
        """How it comes in, of a form that is valid."""
        said = self.cleaned_data
        return Coming(
            speaker={key: said[key] for key in keys_of(SPEAKER) if said.get(key)},
            anonymous=bool(said.get("anonymous")),
            emergency=said.get(MARK) or None,
            done=cast(Done, said["emergency_done"]) if said.get("emergency_done") in DONE else None,
        )

    def clean(self) -> dict[str, Any]:
        """Beside the procedure's answers: an emergency is called in first, a speaker has a name."""
        super().clean()
        its = self.coming()
        if its.emergency and its.done is None:
            self.add_error("emergency_done", _("Gọi trước, rồi đánh dấu đã gọi hoặc đã chuyển."))
        try:
            its.facts()
        except Unanswered as fault:
            self.blame(fault.fields)
        return self.cleaned_data

    def clean_received(self) -> datetime:
        """An aware time; without an offset it is Vietnam's, as a form sends it."""
        try:
            at = datetime.fromisoformat(self.cleaned_data["received"])
        except ValueError:
            raise forms.ValidationError(REASONS["not-a-time"]()) from None
        return at if at.tzinfo else at.replace(tzinfo=VIETNAM)

    def clean_to_unit(self) -> str:
        """The code of the unit that was named."""
        return named_unit(self.cleaned_data["to_unit"])


def usual(form_for: Sequence[Any], at: datetime) -> dict[str, str]:
    """What is usual: received now; at the desk where a person is asked for, else raised by the unit itself."""
    way = "desk" if any(field.type == "person" for field in form_for) else "unit"
    return {"received": f"{at.astimezone(VIETNAM):%Y-%m-%dT%H:%M}", "by": way}
