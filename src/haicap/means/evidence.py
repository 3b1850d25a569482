"""Dated photos and papers beside an entry of means: of a survey, of a stage of works.

They lie sealed under the subject's key (`journal/blobs.py`) and go where the subject goes. An entry's body names
them in a field of `tuple[Evidence, ...]`; who may see the subject may see them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import Http404, HttpResponse

from haicap.journal.kinds import Body
from haicap.journal.pen import Author, Pen, writing
from haicap.journal.text import clean
from haicap.papers.attachments import ACCEPT, Kind, taken
from haicap.papers.keeping import Upload, looked_at, sealed, uploads
from haicap.papers.sending import sent, sent_picture, size_words, sort_words
from haicap.units.acting import granted
from haicap.units.sign_in import Request

FILES = "evidence"  # the control of the form that carries them
WRITE = "means.write"


class Evidence(Body):
    """A photo or paper: the blob that holds it, a small picture of it, and the day on which it was taken."""

    blob: str  # SHA-256 of the sealed file
    size: int  # bytes
    media: str
    name: str
    picture: str = ""  # SHA-256 of a sealed JPEG, empty where there is none
    taken: date | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece as `evidence/shown.html` shows it."""

    its: Evidence
    sort: str
    size: str
    url: str
    picture: str

    @property
    def is_photo(self) -> bool:
        """Whether the page shows it as a picture."""
        return self.its.media.startswith("image/")


def of_form(request: Request) -> list[Upload]:
    """What `evidence/input.html` has sent; nothing where nothing was chosen."""
    return uploads(request.FILES.getlist(FILES))


def kept(
    person: Author,
    files: Sequence[Upload],
    *,
    subject: UUID,
    unit: str,
    holder: str,
    entry_id: UUID,
    at: datetime,
    day: date | None = None,
    about: str = "",
    action: str = WRITE,
    using: str = "default",
) -> tuple[Evidence, ...]:
    """Seal files under the key of `subject`, before the entry `entry_id` that will name them is written.

    `unit` is that of the file, `holder` the unit at which the right is judged. `day` is when they were taken; without
    it the camera's own date. Sealed outside of any lock; what a crash leaves is found by `haicap verify`. Nothing is
    kept again for an entry that is written already: the answer is empty then, and the action changes nothing.
    Raises `NotAccepted` with a sentence, `Refused`.
    """
    kinds = looked_at(files)
    if not files:
        return ()
    with writing(person, at=at, subjects=[subject], units=[unit], using=using) as pen:
        granted(person, action, holder)
        if pen.wrote(entry_id):
            return ()
        key = pen.desk.key(subject)
    return tuple(_piece(its, kind, key, day, about) for its, kind in zip(files, kinds, strict=True))


def kept_by(
    pen: Pen, files: Sequence[Upload], *, subject: UUID, day: date | None = None, about: str = ""
) -> tuple[Evidence, ...]:
    """As `kept`, by a pen that is at work already and has been judged: for imports and the demonstration."""
    key = pen.desk.key(subject)
    return tuple(
        _piece(its, kind, key, day, about) for its, kind in zip(files, looked_at(files), strict=True)
    )


def _piece(its: Upload, kind: Kind, key: bytes, day: date | None, about: str) -> Evidence:
    day = day or taken(kind, its.source)
    there = sealed(its, kind, key)
    return Evidence(
        blob=there.blob, size=there.size, media=there.media, name=there.name, picture=there.picture, taken=day,
        about=clean(about).strip(),
    )  # fmt: skip


def shown(pieces: Iterable[Evidence], url: Callable[[str], str]) -> list[Shown]:
    """Pieces for a page; `url` makes the address at which a blob of the subject is sent (see `answer`)."""
    return [
        Shown(
            it, sort_words(it.media), size_words(it.size), url(it.blob), url(it.picture) if it.picture else ""
        )
        for it in pieces
    ]


def answer(request: Request, subject: UUID, pieces: Iterable[Evidence], blob: str) -> HttpResponse:
    """A file or small picture by the name of its blob, if `pieces` of this subject name it. The caller has judged.

    Raises `Http404`. To be wrapped as `@cache_control(private=True, max_age=3600) @signed_in`.
    """
    for it in pieces:
        if blob == it.picture:
            return sent_picture(subject, blob)
        if blob == it.blob:
            asked = request.headers.get("Range", "")
            return sent(subject, blob, media=it.media, size=it.size, name=it.name, asked=asked)
    raise Http404


def control() -> dict[str, str]:
    """What `evidence/input.html` needs, as `evidence` in its context."""
    return {"name": FILES, "accept": ACCEPT}
