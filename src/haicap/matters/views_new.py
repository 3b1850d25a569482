"""Taking a matter in: the choice of its procedure, the form made from it, and what an old address is called today."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haicap.journal.ids import derived
from haicap.matters import drafts
from haicap.matters.fields import Field
from haicap.matters.law import Law, law
from haicap.matters.models import MatterRow
from haicap.matters.schema import Procedure
from haicap.matters.showing import in_words
from haicap.units.old_addresses import convert
from haicap.units.rights import Person
from haicap.units.sign_in import Request, signed_in
from haicap.units.vietnamese import fold

GROUPS = ("crime", "residence", "citizen", "unit", "above")
GROUP_OF = {
    "crime-report": "crime",
    "denunciation": "citizen", "complaint": "citizen", "feedback": "citizen",
    "difficulty": "unit", "recommendation": "unit", "authority-request": "unit",
    "means-request": "unit",
    "directive": "above", "inspection-finding": "above",
}  # fmt: skip
MOST_PLACES = 5
MOST_NUMBERED = 9  # procedures that have a key of their own
LOOKED_AT = 100  # matters, the newest ones, that tell what is used


@require_safe
@signed_in
def choose(request: Request) -> HttpResponse:
    """The procedures that the person may open: those used last by number, all of them in groups; `q` searches.

    A number, or words that only one procedure has (or the first letters of its words), lead straight to its form:
    typed and Enter pressed, with or without scripts. htmx asks for the list alone. Below: the person's drafts.
    """
    at, q = timezone.now(), request.GET.get("q", "").strip()
    known = law()
    mine = [it for it in known.current(at) if places(request.person, it)]
    lately = _lately(request.person, mine)
    wanted = [it for it in mine if _fits(it, q)]
    typing = bool(request.headers.get("HX-Request"))
    straight = _numbered(lately, q) or (wanted[0] if q and len(wanted) == 1 else None)
    if straight is not None and not typing:
        return redirect("matters:raise", straight.code)
    grouped = [
        (_group_name(group), [it for it in wanted if GROUP_OF.get(it.code, "residence") == group])
        for group in GROUPS
    ]
    context = {
        "q": q,
        "lately": [] if q else list(enumerate(lately, 1)),
        "groups": [(name, its) for name, its in grouped if its],
        "one": straight,
        "drafts": [] if typing else drafts_shown(request.person, known),
        "now": at,
    }
    return render(request, "matters/parts/choices.html" if typing else "matters/new.html", context)


def _lately(person: Person, mine: Sequence[Procedure]) -> list[Procedure]:
    """Those that have a number: the procedures used last in the person's units, the latest first, then others."""
    rows = MatterRow.objects.filter(unit__in=sorted(person.units)).order_by("-received")
    used = dict.fromkeys(rows.values_list("procedure", flat=True)[:LOOKED_AT])
    known = {it.code: it for it in mine}
    first = [known.pop(code) for code in used if code in known]
    return [*first, *known.values()][:MOST_NUMBERED]


def _numbered(lately: Sequence[Procedure], q: str) -> Procedure | None:
    place = int(q) if q.isascii() and q.isdigit() else 0
    return lately[place - 1] if 0 < place <= len(lately) else None


def _fits(procedure: Procedure, q: str) -> bool:
    """Every word is in its names, or the letters are those with which the words of its name begin ("kk", "tgtb")."""
    words = fold(q).split()
    initials = "".join(word[0] for word in fold(procedure.name.vi).split())
    return (
        all(word in _words(procedure) for word in words) or "".join(words) == initials[: len("".join(words))]
    )


def _group_name(group: str) -> str:
    return {
        "crime": _("Tội phạm"), "residence": _("Cư trú, giấy tờ, người nước ngoài"),
        "citizen": _("Khiếu nại, tố cáo, phản ánh"), "unit": _("Đơn vị nêu"), "above": _("Cấp trên giao"),
    }[group]  # fmt: skip


def _words(procedure: Procedure) -> str:
    return fold(f"{procedure.code} {procedure.name.vi} {procedure.name.en}")


def drafts_shown(person: Person, known: Law, most: int = 20) -> list[dict[str, Any]]:
    """The newest drafts of a person as lists show them: where each goes on, what it is about, and when it was saved."""
    found = []
    for draft in drafts.of(person)[:most]:
        newest = known.procedures.get(draft.procedure)
        procedure = known.pinned(newest[-1].sha256) if newest else None
        typed = drafts.answers(draft)
        found.append(
            {
                "url": _form_of(draft),
                "title": typed.get("title")
                or (in_words(procedure.name) if procedure else _what(draft, None)),
                "what": _what(draft, procedure),
                "saved_at": draft.saved_at,
                "entry_id": draft.entry_id,
            }
        )
    return found


def _form_of(draft: drafts.Draft) -> str:
    if draft.procedure in drafts.FORMS:
        return drafts.FORMS[draft.procedure].url(draft)
    if draft.act == drafts.RAISE:
        return reverse("matters:raise", args=[draft.procedure]) + f"?draft={draft.entry_id}"
    return reverse("matters:step", args=[draft.subject, draft.act])


def _what(draft: drafts.Draft, procedure: Procedure | None) -> str:
    if draft.procedure in drafts.FORMS:
        return str(drafts.FORMS[draft.procedure].words)
    if draft.act == drafts.RAISE or procedure is None:
        return _("tiếp nhận mới")
    return in_words(procedure.step.get(draft.act)) or draft.act


def places(person: Person, procedure: Procedure) -> set[str]:
    """The units of `person` at which they may open this procedure, as far as their rights tell; no query."""
    rights = (right for right in person.rights if right.allows("matter.raise"))
    return {
        right.unit
        for right in rights
        if right.role in procedure.opens.by and (right.kinds is None or procedure.code in right.kinds)
    }


def subject_of(entry_id: UUID) -> UUID:
    """The subject of the matter that the entry `entry_id` opens: one form, one matter."""
    return derived(entry_id, "subject")


def asks_unit(asked: Iterable[Field]) -> bool:
    """Whether a list of units to choose from is needed."""
    return any(field.type == "unit" for field in asked)


@require_POST
@signed_in
def place(request: Request) -> HttpResponse:
    """What an old address is called today: a line below the field, put there as one types."""
    text = str(request.POST.get(request.headers.get("HX-Trigger-Name", ""), ""))
    found = convert(text)[:MOST_PLACES] if len(text) > 2 else ()
    return render(request, "matters/parts/places.html", {"found": found})


@require_POST
@signed_in
def draft(request: Request) -> HttpResponse:
    """Keeps what is typed. htmx gets the line that says so; without scripts one returns to the form."""
    sent = request.POST
    if not (drafts.is_uuid(sent.get("entry_id")) and drafts.is_uuid(sent.get("subject"))):
        raise Http404
    typed = {name: str(text) for name, text in sent.items() if name not in OWN and text}
    at: datetime = timezone.now()
    entry_id, subject = UUID(sent["entry_id"]), UUID(sent["subject"])
    try:
        kept = drafts.save(
            request.person, entry_id=entry_id, subject=subject, procedure=sent.get("procedure", "")[:64],
            act=sent.get("act", "")[:64], answers=typed, at=at,
        )  # fmt: skip
    except drafts.TooLong:
        return HttpResponse(_("Dài quá mức cho phép."), status=413)
    if not kept:
        raise Http404
    if request.headers.get("HX-Request"):
        return render(request, "web/parts/draft.html", {"saved": at, "now": at})
    messages.success(request, _("Đã lưu nháp."))
    return redirect("matters:new")


@require_POST
@signed_in
def dropped(request: Request, entry_id: UUID) -> HttpResponse:
    """Throws a draft of one's own away."""
    drafts.drop(request.person, entry_id)
    messages.success(request, _("Đã bỏ bản nháp."))
    return redirect("matters:new")


OWN = frozenset({"csrfmiddlewaretoken", "entry_id", "subject", "procedure", "act"})
"""What a form sends about itself; it is no answer."""
