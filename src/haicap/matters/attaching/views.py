"""Files beside a matter: sending, seeing, opening with a purpose, hiding."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from haicap.journal import blobs
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.journal.sealing import Destroyed
from haicap.matters import acts, pages
from haicap.matters.attaching import files
from haicap.matters.attaching.files import Upload
from haicap.matters.drafts import is_uuid
from haicap.matters.handling import Unsaid
from haicap.matters.state import File, Matter
from haicap.papers.attachments import ACCEPT, KINDS, NotAccepted
from haicap.units.rights import Person, Refused, Scope, decide
from haicap.units.sign_in import Request, signed_in

POLICY = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
RANGE = re.compile(r"bytes=(\d*)-(\d*)")
SHOWN_INLINE = ("image/", "audio/", "video/")


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
    sorts = {
        "photo": _("ảnh"),
        "paper": _("PDF"),
        "recording": _("ghi âm, ghi hình"),
        "office": _("tệp văn phòng"),
    }
    sort = next(it.sort for it in KINDS.values() if it.media == file.media)
    address = [matter.id, file.id]
    picture = reverse("matters:file_picture", args=address) if file.picture else ""
    return Shown(
        file, sorts[sort], _size(file.size), reverse("matters:file", args=address), picture,
        reverse("matters:file_hide", args=address),
    )  # fmt: skip


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB".replace(".", ",") if size >= 100_000 else f"{max(size // 1000, 1)} kB"


@require_POST
@signed_in
def attach(request: Request, subject: UUID) -> HttpResponse:
    """Takes one or several files; what is not accepted is said, and then none is kept."""
    seen = pages.seen(request, subject)
    if not is_uuid(entry_id := request.POST.get("entry_id")):
        raise Http404
    uploads = [
        Upload(file.name or "", file.size or 0, cast(BinaryIO, file.file))
        for file in request.FILES.getlist("files")
    ]
    try:
        files.attach(
            request.person, seen.matter, uploads, entry_id=UUID(str(entry_id)), at=timezone.now(),
            about=request.POST.get("about", "")[:300], personal=request.POST.get("personal") == "on",
        )  # fmt: skip
    except NotAccepted as why:
        messages.error(request, _("Chưa nhận tệp nào. %(why)s") % {"why": why})
    except Unsaid:
        messages.error(request, _("Chọn ít nhất một tệp."))
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
    return _answer(seen.matter, its.picture, "image/jpeg", "inline", "anh.jpg", 0, None)


def _found(request: Request, subject: UUID, file: UUID) -> tuple[pages.Seen, File]:
    seen = pages.seen(request, subject)
    its = next((it for it in seen.matter.files if it.id == file), None)
    if its is None or file in seen.matter.hidden:
        raise Http404
    return seen, its


def _sent(request: Request, matter: Matter, its: File, name: str) -> HttpResponse:
    how = "inline" if its.media.startswith(SHOWN_INLINE) else "attachment"
    part = _range(request.headers.get("Range", ""), its.size)
    if part is None:
        return _answer(matter, its.blob, its.media, how, name, 0, its.size)
    start, end = part
    if start >= end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{its.size}"})
    answer = _answer(matter, its.blob, its.media, how, name, start, end)
    answer.status_code = 206
    answer["Content-Range"] = f"bytes {start}-{end - 1}/{its.size}"
    return answer


def _range(header: str, size: int) -> tuple[int, int] | None:
    """The part [start, end) that is asked for; None for all of it."""
    asked = RANGE.fullmatch(header.strip())
    if asked is None or asked[1] == asked[2] == "":
        return None
    if not asked[1]:
        return max(size - int(asked[2]), 0), size
    return int(asked[1]), min(int(asked[2]) + 1, size) if asked[2] else size


def _answer(
    matter: Matter, blob: str, media: str, how: str, name: str, start: int, end: int | None
) -> HttpResponse:
    try:
        there = blobs.size_of(blob)
        end = there if end is None else end
        body: Iterator[bytes] = files.read(matter, blob, start, end)
    except (blobs.Missing, Destroyed):
        raise Http404 from None
    answer = StreamingHttpResponse(body, content_type=media)
    answer["Content-Length"] = str(end - start)
    answer["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name)}"
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Accept-Ranges"] = "bytes"
    return cast(HttpResponse, answer)  # what a view answers with, as Django's types have it


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
