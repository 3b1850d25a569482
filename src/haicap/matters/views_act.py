"""The acts that are no step of a procedure, one view for all: the form of each is made from what it asks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from haicap.clocks.wall import VIETNAM
from haicap.journal.ids import uuid7
from haicap.journal.pen import FromNewerVersion, writing
from haicap.journal.sealing import Destroyed
from haicap.matters import drafts, pages, queries
from haicap.matters.acts import ACTS, Act, offered
from haicap.matters.fields import Field, Unanswered
from haicap.matters.forms import REASONS, Answers, hint, missing, named_unit, unit_control
from haicap.matters.handling import NotNow
from haicap.matters.showing import in_words
from haicap.matters.state import Matter
from haicap.matters.telling import HOW
from haicap.papers.numbers import EXAMPLE, UnreadableNumber, parse
from haicap.units.acting import Unsaid
from haicap.units.rights import Refused
from haicap.units.sign_in import Request, signed_in


class ActForm(Answers):
    """The form of an act; `cleaned_data` is what its `do` is told."""

    def __init__(self, data: Any, *, act: Act, seen: pages.Seen, request: Request) -> None:
        asked = correctable(seen) if "facts" in act.asks else ()
        self.was = {} if not asked else as_typed(seen.matter, asked)
        super().__init__(data, procedure=seen.procedure, asked=asked, initial=self.was)
        self.act, self.seen, self.request = act, seen, request
        for name in act.asks:
            if name != "facts":
                self.fields[name] = _control(name, act, seen)
        for field in asked:
            for key in self.fields:
                if key.split(".")[0] == field.code:
                    self.fields[key].required = False

    def own(self) -> list[Any]:
        """The act's own fields, in its order."""
        return [self[name] for name in self.act.asks if name != "facts"]

    def clean_to_unit(self) -> str:
        """The code of the unit that was named."""
        return named_unit(self.cleaned_data["to_unit"])

    def clean_number(self) -> str:
        """The number as it is written; the matter itself goes into `other`."""
        try:
            number = str(parse(self.cleaned_data["number"]))
        except UnreadableNumber as why:
            raise forms.ValidationError(str(why)) from None
        found = queries.numbered(self.request.person, number)
        if len(found) != 1 or found[0].pk == self.seen.matter.id:
            raise forms.ValidationError(_("Không tìm thấy đúng một việc khác có số này."))
        self.cleaned_data["other"] = queries.matter_of(found[0])
        return number

    def clean(self) -> dict[str, Any]:
        """With `answers`: those that differ from what stood there."""
        answers = {key: text for key, text in self.answers.items() if text != self.was.get(key)}
        self.cleaned_data["answers"] = answers
        if "facts" in self.act.asks and not (answers or self.cleaned_data.get("title")):
            raise forms.ValidationError(_("Chưa có mục nào được sửa."))
        return self.cleaned_data


@require_http_methods(["GET", "POST"])
@signed_in
def act(request: Request, subject: UUID, code: str) -> HttpResponse:
    """The form of an act; sent, it is done and the matter is shown again."""
    if code not in ACTS:
        raise Http404
    seen = pages.seen(request, subject)
    its = next((each for each in offered(request.person, seen.folded) if each.code == code), None)
    if its is None:
        if pages.sent_before(request, seen):
            return redirect("matters:id", subject)
        return pages.not_done(request, subject, NotNow(code, seen.matter))
    form = ActForm(request.POST or None, act=its, seen=seen, request=request)
    entry_id = request.POST.get("entry_id")
    if form.is_bound and form.is_valid() and drafts.is_uuid(entry_id):
        answer = _do(request, seen, its, form, UUID(entry_id))
        if answer is not None:
            return answer
    context = {
        "seen": seen, "matter": seen.matter, "act": its, "form": form, "now": seen.at,
        "entry_id": entry_id if drafts.is_uuid(entry_id) else uuid7(),
        "units": queries.units_near(seen.matter.province) if "to_unit" in its.asks else (),
    }  # fmt: skip
    return render(request, "matters/act.html", context, status=422 if form.is_bound else 200)


def _do(request: Request, seen: pages.Seen, its: Act, form: ActForm, entry_id: UUID) -> HttpResponse | None:
    """Does it and answers with the matter; None where the form is at fault and says so."""
    other: Matter | None = form.cleaned_data.get("other")
    both = [it for it in (seen.matter, other) if it is not None]
    subjects, units = [it.id for it in both], [it.unit for it in both]
    try:
        with writing(request.person, at=timezone.now(), subjects=subjects, units=units) as pen:
            its.do(pen, entry_id, seen.matter, seen.law, form.cleaned_data)
    except Unanswered as fault:
        form.blame(fault.fields)
        return None
    except Unsaid as fault:
        form.add_error(fault.what if fault.what in form.fields else None, REASONS["needed"]())
        return None
    except (NotNow, Refused, FromNewerVersion, Destroyed) as why:
        return pages.not_done(request, seen.matter.id, why)
    messages.success(request, _("Đã ghi: %(act)s.") % {"act": in_words(its.label)})
    return redirect("matters:id", seen.matter.id)


def correctable(seen: pages.Seen) -> tuple[Field, ...]:
    """What a correction may change: what was asked at the opening, and what has been answered since."""
    fields = seen.procedure.field.values()
    return tuple(field for field in fields if field.asked == "opening" or field.code in seen.matter.facts)


def as_typed(matter: Matter, asked: tuple[Field, ...]) -> dict[str, str]:
    """The public facts as a form holds them: the text that would give the same fact again."""
    found = {}
    for field in asked:
        value = matter.facts.get(field.code)
        if isinstance(value, bool):
            found[field.code] = "yes" if value else "no"
        elif value is not None and field.type == "datetime":
            found[field.code] = f"{datetime.fromisoformat(str(value)).astimezone(VIETNAM):%Y-%m-%dT%H:%M}"
        elif value is not None:
            found[field.code] = str(value)
    return found


def _control(name: str, act: Act, seen: pages.Seen) -> forms.Field:
    made: Mapping[str, Any] = {
        "reason": lambda: _long(_("Lý do")),
        "text": lambda: _long(_("Nội dung"), hint("", seen.procedure.is_personal("comment"))),
        "to_unit": lambda: unit_control(_("Đơn vị nhận")),
        "assignee": lambda: _chosen(
            _("Người thụ lý"), [("", _("Thôi phân công")), *queries.people_of(seen.matter.holder)], required=False
        ),
        "number": lambda: forms.CharField(
            label=_("Số của việc kia"), help_text=_("Ví dụ %(number)s") % {"number": EXAMPLE}, error_messages=missing()
        ),
        "how": lambda: _chosen(_("Quan hệ"), [(code, HOW[code]()) for code in ("about", "parent", "clause")], few=True),
        "title": lambda: forms.CharField(
            label=_("Nội dung, một câu (nếu sửa)"), required=False, max_length=300,
            help_text=hint("", seen.procedure.is_personal("title")),
        ),
        "now": lambda: _chosen(
            _("Trở lại trạng thái"),
            [(code, in_words(it)) for code, it in seen.procedure.states.items() if code not in seen.procedure.ends],
            few=True,
        ),
    }  # fmt: skip
    control: forms.Field = made[name]()
    return control


def _long(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, widget=forms.Textarea(attrs={"rows": 4}), error_messages=missing()
    )


def _chosen(
    label: str, choices: list[tuple[str, str]], *, few: bool = False, required: bool = True
) -> forms.ChoiceField:
    widget = forms.RadioSelect if few else forms.Select
    return forms.ChoiceField(
        label=label, choices=choices, widget=widget, required=required, error_messages=missing()
    )
