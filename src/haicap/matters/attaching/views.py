"""Files beside a matter: sending, seeing, opening with a purpose, hiding."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.journal.sealing import Destroyed
from haicap.matters import acts, pages
from haicap.matters.attaching import files
from haicap.matters.drafts import is_uuid
from haicap.matters.state import File, Matter
from haicap.papers.attachments import ACCEPT, NotAccepted
from haicap.papers.keeping import uploads
from haicap.papers.sending import sent, sent_picture, size_words, sort_words
from haicap.units.acting import Unsaid
from haicap.units.rights import Person, Refused, Scope, decide
from haicap.units.sign_in import Request, signed_in


@dataclass(frozen=True, slots=True)
class Shown:
    """A file as its matter's card shows it."""

    its: File
    sort: str
    size: str
    url: str
    picture: str
    hide: str


@dataclass(frozen=True, slots=True)
class Card:
    """The card of a matter's files; `may_attach` and `may_hide` say what the person can do there."""

    files: tuple[Shown, ...]
    hidden: int
    may_attach: bool
    may_hide: bool
    may_open: bool
    personal: bool
    accept: str
    url: str
    entry_id: UUID


def card(person: Person, seen: pages.Seen) -> Card:
    """The files of a matter. No query."""
    matter = seen.matter
    here = [it for it in matter.files if it.id not in matter.hidden]
    return Card(
        tuple(_shown(matter, it) for it in here), len(matter.files) - len(here), _may(person, "matter.note", matter),
        _may(person, "matter.correct", matter), acts.may_open(person, matter), seen.procedure.is_personal("comment"),
        ACCEPT, reverse("matters:attach", args=[matter.id]), uuid7(),
    )  # fmt: skip


def _may(person: Person, action: str, matter: Matter) -> bool:
    units = {unit for unit in (matter.unit, matter.holder, matter.raised_by) if unit}
    return decide(person, action, Scope(frozenset(units), matter.procedure)).allowed


def _shown(matter: Matter, file: File) -> Shown:
    address = [matter.id, file.id]
    picture = reverse("matters:file_picture", args=address) if file.picture else ""
    return Shown(
        file, sort_words(file.media), size_words(file.size), reverse("matters:file", args=address), picture,
        reverse("matters:file_hide", args=address),
    )  # fmt: skip


@require_POST
@signed_in
def attach(request: Request, subject: UUID) -> HttpResponse:
    """Takes one or several files; what is not accepted is said, and then none is kept."""
    seen = pages.seen(request, subject)
    if not is_uuid(entry_id := request.POST.get("entry_id")):
        raise Http404
    try:
        files.attach(
            request.person, seen.matter, uploads(request.FILES.getlist("files")), entry_id=UUID(str(entry_id)),
            at=timezone.now(), about=request.POST.get("about", "")[:300], personal=request.POST.get("personal") == "on",
        )  # fmt: skip
    except NotAccepted as why:
        messages.error(request, _("Chưa nhận tệp nào. %(why)s") % {"why": why})
    except Unsaid:
        messages.error(request, _("Chọn ít nhất một tệp."))
    except Destroyed as gone:
        return pages.not_done(request, subject, gone)
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    else:
        messages.success(request, _("Đã đính kèm."))
    return redirect(reverse("matters:id", args=[subject]) + "#files")


@cache_control(private=True, no_store=True)
@signed_in
def file(request: Request, subject: UUID, file: UUID) -> HttpResponse:
    """The file. A personal one only by a form that says for what, and that is written down."""
    seen, its = _found(request, subject, file)
    if not its.personal:
        return _sent(request, seen.matter, its, its.name)
    if request.method != "POST" or not is_uuid(entry_id := request.POST.get("entry_id")):
        raise Http404
    purpose = request.POST.get("purpose", "")
    try:
        name = files.opened(
            request.person, seen.matter, its, entry_id=UUID(str(entry_id)), at=timezone.now(), purpose=purpose
        )
    except Unsaid:
        messages.error(request, _("Ghi lý do mở phần niêm phong."))
        return redirect(reverse("matters:id", args=[subject]) + "#files")
    except Destroyed:
        raise Http404 from None
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    return _sent(request, seen.matter, its, name)


@require_safe
@cache_control(private=True, no_store=True)
@signed_in
def picture(request: Request, subject: UUID, file: UUID) -> HttpResponse:
    """The small picture of a file; personal ones have none."""
    seen, its = _found(request, subject, file)
    if not its.picture:
        raise Http404
    return sent_picture(seen.matter.id, its.picture)


def _found(request: Request, subject: UUID, file: UUID) -> tuple[pages.Seen, File]:
    seen = pages.seen(request, subject)
    its = next((it for it in seen.matter.files if it.id == file), None)
    if its is None or file in seen.matter.hidden:
        raise Http404
    return seen, its


def _sent(request: Request, matter: Matter, its: File, name: str) -> HttpResponse:
    asked = request.headers.get("Range", "")
    return sent(matter.id, its.blob, media=its.media, size=its.size, name=name, asked=asked)


@require_POST
@signed_in
def hide(request: Request, subject: UUID, file: UUID) -> HttpResponse:
    """Hides a file with a reason; it stays in the journal."""
    seen, its = _found(request, subject, file)
    if not is_uuid(entry_id := request.POST.get("entry_id")):
        raise Http404
    try:
        with writing(request.person, at=timezone.now(), subjects=[subject], units=[seen.matter.unit]) as pen:
            reason = request.POST.get("reason", "")
            files.detach(pen, entry_id=UUID(str(entry_id)), subject=subject, file=its.id, reason=reason)
    except Unsaid:
        messages.error(request, _("Ghi lý do ẩn tài liệu."))
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    return redirect(reverse("matters:id", args=[subject]) + "#files")
