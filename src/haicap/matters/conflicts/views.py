"""The pages of conflicts: all that somebody may settle, each with its versions side by side and one form."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haicap.journal.ids import is_uuid, uuid7
from haicap.journal.pen import FromNewerVersion, writing
from haicap.journal.reference import decides_here
from haicap.matters.conflicts import queries
from haicap.matters.conflicts.actions import Moved, NotHere, settle
from haicap.matters.conflicts.numbers import clashes, shown_clashes
from haicap.matters.conflicts.queries import Conflict, Version
from haicap.matters.conflicts.rooms import ROOMS
from haicap.matters.forms import REASONS, missing
from haicap.units.acting import Unsaid
from haicap.units.rights import Person, Refused
from haicap.units.sign_in import Request, signed_in

PER_PAGE = 10


class SettleForm(forms.Form):
    """Which version stands, single parts from others, and why."""

    def __init__(self, data: Any, conflict: Conflict) -> None:
        super().__init__(data, auto_id=f"id_{conflict.subject.hex}_%s")
        versions = [(str(it.place), version_name(it.place)) for it in conflict.versions]
        told = [
            (place, _told(name, it)) for (place, name), it in zip(versions, conflict.versions, strict=True)
        ]
        self.fields["whole"] = forms.ChoiceField(
            label=_("Bản ghi đúng"), choices=told, widget=forms.RadioSelect, error_messages=missing()
        )
        self.parts = {f"part{n}": it for n, it in enumerate(conflict.differences)}
        for name, it in self.parts.items():
            choices = [("", _("như bản ghi được chọn")), *versions]
            self.fields[name] = forms.ChoiceField(label=it.label, choices=choices, required=False)
        self.fields["reason"] = forms.CharField(
            label=_("Lý do"),
            widget=forms.Textarea(attrs={"rows": 2}),
            error_messages=missing(),
            max_length=2000,
        )

    def picked(self) -> list[forms.BoundField]:
        """The controls of single parts."""
        return [self[name] for name in self.parts]

    @property
    def picks(self) -> dict[str, int]:
        """By part, the version from which it is taken."""
        chosen = {it.code: self.cleaned_data[name] for name, it in self.parts.items()}
        return {code: int(place) for code, place in chosen.items() if place}


def _told(name: str, version: Version) -> str:
    """A version as one chooses it: what it is called, what was done in it last, and where."""
    if not version.acts:
        return name
    last = version.acts[-1]
    return f"{name}: {last.title}" + (f", {last.unit}" if last.unit else "")


def version_name(place: int) -> str:
    """What a version is called: the first stands, the others were written at the same time."""
    return _("Bản ghi đang đứng") if place == 0 else _("Bản ghi khác %(n)d") % {"n": place}


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """All conflicts that the person may settle, and all numbers that several bear."""
    if not may_settle(request.person):
        raise Http404
    page = Paginator(queries.waiting(request.person), PER_PAGE).get_page(request.GET.get("page"))
    found = [queries.one(request.person, code, subject) for code, subject in page.object_list]
    context = {
        "page": page,
        "cards": [_card(it, SettleForm(None, it)) for it in found if it],
        "clashes": shown_clashes(clashes(request.person)),
        "here": decides_here(),
    }
    return render(request, "conflicts/list.html", context)


def may_settle(person: Person) -> bool:
    """Whether the person may settle conflicts of any room at all."""
    return any(person.may(room.action) for room in ROOMS.values())


@require_http_methods(["GET", "POST"])
@signed_in
def one(request: Request, room: str, subject: UUID) -> HttpResponse:
    """One conflict; the form sent, it is settled and the subject is shown."""
    conflict = queries.one(request.person, room, subject)
    if conflict is None:
        return _gone(request, room, subject)
    form = SettleForm(request.POST or None, conflict)
    entry_id = request.POST.get("entry_id")
    if form.is_bound and form.is_valid() and is_uuid(entry_id):
        answer = _settle(request, conflict, form, UUID(entry_id))
        if answer is not None:
            return answer
    context = {"card": _card(conflict, form), "conflict": conflict, "here": decides_here()}
    return render(request, "conflicts/one.html", context, status=422 if form.is_bound else 200)


def _card(conflict: Conflict, form: SettleForm) -> dict[str, Any]:
    names = [version_name(it.place) for it in conflict.versions]
    return {
        "its": conflict, "form": form, "entry_id": uuid7(),
        "versions": list(zip(names, conflict.versions, strict=True)),
        "differences": [(it.label, list(zip(names, it.said, strict=True))) for it in conflict.differences],
    }  # fmt: skip


def _gone(request: Request, room: str, subject: UUID) -> HttpResponse:
    """There is no conflict (any more): back to the subject, if the person may see what it is."""
    if room not in ROOMS:
        raise Http404
    if request.method == "POST":
        messages.warning(request, _("Bản ghi đã thay đổi; chưa ghi gì. Hãy xem lại."))
    return redirect(ROOMS[room].address, subject)


def _settle(request: Request, conflict: Conflict, form: SettleForm, entry_id: UUID) -> HttpResponse | None:
    its, said = conflict.room, form.cleaned_data
    try:
        with writing(
            request.person, at=timezone.now(), subjects=[conflict.subject], units=[conflict.file]
        ) as pen:
            settle(
                pen, its, entry_id=entry_id, subject=conflict.subject, whole=int(said["whole"]), picks=form.picks,
                seen=request.POST.get("mark", ""), reason=said["reason"],
            )  # fmt: skip
    except Unsaid:
        form.add_error("reason", REASONS["needed"]())
        return None
    except NotHere:
        form.add_error(None, _("Công an tỉnh chọn bản ghi đúng, trên máy của tỉnh."))
        return None
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    except (Moved, FromNewerVersion):
        messages.warning(request, _("Bản ghi đã thay đổi; chưa ghi gì. Hãy xem lại."))
        return redirect("conflicts:one", its.code, conflict.subject)
    messages.success(request, _("Đã chọn bản ghi đúng: %(what)s.") % {"what": conflict.title})
    return redirect("conflicts:list")
