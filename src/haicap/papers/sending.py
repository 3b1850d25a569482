"""Files on their way out: opened chunk by chunk, whole or in parts, and never run as a page of this host."""

import re
from collections.abc import Iterator
from typing import cast
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from haicap.journal import blobs
from haicap.journal.sealing import keys_of
from haicap.papers.attachments import KINDS

POLICY = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
RANGE = re.compile(r"bytes=(\d*)-(\d*)")
SHOWN_INLINE = ("image/", "audio/", "video/")


def sent(subject: UUID, blob: str, *, media: str, size: int, name: str, asked: str = "") -> HttpResponse:
    """A file of a subject, or the part of it that the header `Range` asks for. The caller has been judged.

    Raises `Http404` where the file or its key is gone.
    """
    how = "inline" if media.startswith(SHOWN_INLINE) else "attachment"
    part = _range(asked, size)
    if part is None:
        return _answer(subject, blob, media, how, name, 0, size)
    start, end = part
    if start >= end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    answer = _answer(subject, blob, media, how, name, start, end)
    answer.status_code = 206
    answer["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return answer


def sent_picture(subject: UUID, picture: str) -> HttpResponse:
    """The small picture of a file. The caller has been judged. Raises `Http404` where there is none."""
    return _answer(subject, picture, "image/jpeg", "inline", "anh.jpg", 0, None)


def size_words(size: int) -> str:
    """Bytes as a person reads them: `1,2 MB`, `35 kB`."""
    return f"{size / 1_000_000:.1f} MB".replace(".", ",") if size >= 100_000 else f"{max(size // 1000, 1)} kB"


def sort_words(media: str) -> str:
    """What sort of file a media type is."""
    sorts = {
        "photo": _("ảnh"),
        "paper": _("PDF"),
        "recording": _("ghi âm, ghi hình"),
        "office": _("tệp văn phòng"),
    }
    return sorts[next(it.sort for it in KINDS.values() if it.media == media)]


def _range(header: str, size: int) -> tuple[int, int] | None:
    """The part [start, end) that is asked for; None for all of it."""
    asked = RANGE.fullmatch(header.strip())
    if asked is None or asked[1] == asked[2] == "":
        return None
    if not asked[1]:
        return max(size - int(asked[2]), 0), size
    return int(asked[1]), min(int(asked[2]) + 1, size) if asked[2] else size


def _answer(
    subject: UUID, blob: str, media: str, how: str, name: str, start: int, end: int | None
) -> HttpResponse:
    try:
        there = blobs.size_of(blob)
        end = there if end is None else end
        keys = keys_of(subject)
    except blobs.Missing:
        raise Http404 from None
    if not keys:
        raise Http404
    body: Iterator[bytes] = blobs.read(blob, keys, start, end)
    answer = StreamingHttpResponse(body, content_type=media)
    answer["Content-Length"] = str(end - start)
    answer["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name)}"
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Accept-Ranges"] = "bytes"
    return cast(HttpResponse, answer)  # what a view answers with, as Django's types have it
