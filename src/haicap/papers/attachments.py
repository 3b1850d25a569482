"""What may be attached: a closed list of kinds, told by content and name together; and small pictures of them."""

import io
import threading
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import BinaryIO, Literal

import puremagic
import pypdfium2
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps

from haicap.journal.text import clean

Sort = Literal["photo", "paper", "recording", "office"]
HEAD = 8192  # bytes that tell what a file is
SIDE = 320  # pixels of a small picture
MOST_PIXELS = 60_000_000  # no camera of an office makes more; a picture that unfolds to more is an attack
MOST_UNPACKED = 200_000_000
LONGEST_NAME = 120
_one_at_a_time = threading.Lock()  # PDFium is not made for several threads


class NotAccepted(ValueError):
    """A file that is not taken; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken: its media type, what its first bytes are called, and whether it has a picture."""

    sort: Sort
    media: str
    signs: frozenset[str]


def _kind(sort: Sort, media: str, *signs: str) -> Kind:
    return Kind(sort, media, frozenset(signs))


_JPEG = _kind("photo", "image/jpeg", ".jpg", ".jpeg")
_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: Mapping[str, Kind] = {
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".png": _kind("photo", "image/png", ".png"),
    ".webp": _kind("photo", "image/webp", ".webp"),
    ".heic": _kind("photo", "image/heic", ".heic", ".heif"),
    ".pdf": _kind("paper", "application/pdf", ".pdf"),
    ".mp3": _kind("recording", "audio/mpeg", ".mp3", ".mpga"),
    ".m4a": _kind("recording", "audio/mp4", ".m4a"),
    ".wav": _kind("recording", "audio/wav", ".wav"),
    ".ogg": _kind("recording", "audio/ogg", ".ogg"),
    ".mp4": _kind("recording", "video/mp4", ".mp4"),
    ".docx": _kind("office", f"{_OFFICE}wordprocessingml.document", ".docx"),
    ".xlsx": _kind("office", f"{_OFFICE}spreadsheetml.sheet", ".xlsx"),
}
"""By the end of the name, in small letters."""

_INSIDE = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
ACCEPT = ",".join(KINDS)


def told(name: str, source: BinaryIO) -> Kind:
    """The kind of a file, by its name and its content, which have to agree. Leaves `source` at its beginning.

    Raises `NotAccepted`: executables, pages, drawings with scripts, archives, macros, and what only pretends.
    """
    end = PurePath(name).suffix.lower()
    kind = KINDS.get(end)
    if kind is None:
        raise NotAccepted(
            _("%(name)s: không nhận loại tệp này; chỉ nhận ảnh, PDF, ghi âm, ghi hình, DOCX, XLSX.")
            % {"name": name}
        )
    source.seek(0)
    head = source.read(HEAD)
    if not kind.signs & _signs(head) or not _inside(end, source):
        raise NotAccepted(_("%(name)s: nội dung không phải là tệp %(end)s.") % {"name": name, "end": end})
    source.seek(0)
    return kind


def _signs(head: bytes) -> set[str]:
    """What the first bytes are most surely of."""
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return set()
    surest = max((it.confidence for it in found), default=0)
    return {it.extension for it in found if it.confidence == surest}


def _inside(end: str, source: BinaryIO) -> bool:
    """Whether what has parts has the right ones, and no macro or program among them."""
    if end not in _INSIDE:
        return True
    try:
        with zipfile.ZipFile(source) as parts:
            names = [it.filename.lower() for it in parts.infolist()]
            small = sum(it.file_size for it in parts.infolist()) <= MOST_UNPACKED
            types = parts.read("[Content_Types].xml").lower()
    # A damaged archive, none of an office's, packed in an unknown way, or under a password: `zipfile` says each so.
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError):
        return False
    bad = any("vbaproject" in name or "activex" in name or name.endswith((".exe", ".bin")) for name in names)
    return small and _INSIDE[end] in names and not bad and b"macroenabled" not in types


def tidy(name: str) -> str:
    """A file's name as it is kept: no folders, no control characters, not too long, its end in small letters."""
    path = PurePath(clean(name).replace("\\", "/").replace("\n", " "))
    end = path.suffix.lower()
    stem = "".join(it for it in path.stem if it not in '<>:"/|?*;').strip(" .") or "tep"
    return stem[: LONGEST_NAME - len(end)] + end


def picture(kind: Kind, source: BinaryIO) -> bytes | None:
    """A small JPEG of a photo or of a PDF's first page, without what the camera wrote beside it.

    None where none can be made: a recording, an office file, a HEIC photo, a damaged or monstrous picture.
    """
    source.seek(0)
    try:
        if kind.media == "application/pdf":
            return _jpeg(_first_page(source.read()))
        if kind.sort == "photo" and kind.media != "image/heic":
            with Image.open(source, formats=("JPEG", "PNG", "WEBP")) as photo:
                if photo.width * photo.height > MOST_PIXELS:
                    return None
                photo.draft("RGB", (SIDE * 2, SIDE * 2))
                return _jpeg(ImageOps.exif_transpose(photo))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, pypdfium2.PdfiumError):
        return None
    finally:
        source.seek(0)
    return None


def taken(kind: Kind, source: BinaryIO) -> date | None:
    """The day on which the camera says that a photo was taken; None where it says none, or what is no day."""
    if kind.sort != "photo" or kind.media == "image/heic":
        return None
    source.seek(0)
    try:
        with Image.open(source, formats=("JPEG", "PNG", "WEBP")) as photo:
            said = photo.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal, "")
        return date.fromisoformat(str(said)[:10].replace(":", "-"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    finally:
        source.seek(0)


def _first_page(data: bytes) -> Image.Image:
    with _one_at_a_time:
        file = pypdfium2.PdfDocument(data)
        try:
            page = file[0]
            image: Image.Image = page.render(scale=min(2.0, SIDE / max(*page.get_size(), 1))).to_pil()
            page.close()
        finally:
            file.close()
    return image


def _jpeg(image: Image.Image) -> bytes:
    image.thumbnail((SIDE, SIDE))
    plain = Image.new("RGB", image.size, "white")
    seen = image.convert("RGBA")
    plain.paste(seen, mask=seen.getchannel("A"))
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=78)
    return out.getvalue()
