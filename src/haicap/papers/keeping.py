"""Files on their way in: sent, looked at, and sealed in their place before an entry names them."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from haicap.journal import blobs
from haicap.papers import attachments
from haicap.papers.attachments import Kind, NotAccepted

MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent; `source` can be read from its beginning more than once."""

    name: str
    size: int
    source: BinaryIO


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file that lies in its place, sealed: its blob, the blob of its small picture (or empty), and what it is."""

    blob: str
    size: int
    media: str
    name: str
    picture: str


def uploads(files: "Iterable[UploadedFile[Any]]") -> list[Upload]:
    """What a form has sent, as `request.FILES.getlist` has it."""
    return [Upload(file.name or "", file.size or 0, cast(BinaryIO, file.file)) for file in files]


def looked_at(its: Sequence[Upload]) -> list[Kind]:
    """What each file is. Raises `NotAccepted` with a sentence, for too many, too large, empty, or of no kind taken."""
    if len(its) > MOST_AT_ONCE:
        raise NotAccepted(_("Mỗi lần gửi nhiều nhất %(most)d tệp.") % {"most": MOST_AT_ONCE})
    for upload in its:
        if upload.size > settings.FILE_LIMIT:
            most = settings.FILE_LIMIT // 1_000_000
            raise NotAccepted(_("%(name)s: lớn hơn %(most)d MB.") % {"name": upload.name, "most": most})
        if upload.size == 0:
            raise NotAccepted(_("%(name)s: tệp rỗng.") % {"name": upload.name})
    return [attachments.told(it.name, it.source) for it in its]


def sealed(upload: Upload, kind: Kind, key: bytes, *, pictured: bool = True) -> Sealed:
    """Seal a file, and a small picture of it, under a subject's key."""
    small = attachments.picture(kind, upload.source) if pictured else None
    picture = blobs.keep(io.BytesIO(small), key, most=len(small)).sha256 if small else ""
    upload.source.seek(0)
    blob = blobs.keep(upload.source, key, most=settings.FILE_LIMIT)
    return Sealed(blob.sha256, blob.size, kind.media, attachments.tidy(upload.name), picture)
