"""What all pages about one matter share: the matter, its own edition of the law, the names, and what went wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from haicap.journal.fold import Folded
from haicap.journal.pen import FromNewerVersion, writing
from haicap.journal.projection import from_row
from haicap.journal.sealing import Destroyed
from haicap.matters import queries
from haicap.matters.drafts import is_uuid
from haicap.matters.fold import matters
from haicap.matters.handling import NotNow
from haicap.matters.law import Law, law
from haicap.matters.models import MatterRow
from haicap.matters.schema import Procedure
from haicap.matters.showing import Names, state_words, title_of
from haicap.matters.state import Matter
from haicap.units.rights import Refused
from haicap.units.sign_in import Request


@dataclass(frozen=True, slots=True)
class Seen:
    """One matter that somebody may see, with what a page about it needs; `at` is when it was asked for."""

    row: MatterRow
    folded: Folded[Matter]
    matter: Matter
    procedure: Procedure
    law: Law
    at: datetime

    @property
    def title(self) -> str:
        """What stands above the page; nothing sealed."""
        return title_of(self.matter, self.procedure)

    @property
    def state(self) -> str:
        """The label of its state."""
        return state_words(self.matter, self.procedure)


def seen(request: Request, subject: UUID) -> Seen:
    """The matter. Raises `Http404` also where it is merely not to be seen by this person."""
    row = queries.one(request.person, subject)
    if row is None:
        raise Http404
    return of_row(row)


def of_row(row: MatterRow) -> Seen:
    """The matter behind a row that was found with the person's rights."""
    known = law()
    folded = from_row(matters, row)
    assert folded.state is not None
    return Seen(row, folded, folded.state, known.pinned(folded.state.edition), known, timezone.now())


def names(units: Iterable[str | None], people: Iterable[UUID | None] = ()) -> Names:
    """Who is who: at most two queries."""
    return Names(queries.unit_names(units), queries.person_names(people))


def not_done(
    request: Request, subject: UUID, why: Refused | NotNow | FromNewerVersion | Destroyed
) -> HttpResponse:
    """A refusal is a 403 with its sentence; otherwise back to the matter, which is not where the page took it to be."""
    if isinstance(why, Refused):
        raise PermissionDenied(str(why)) from why
    if isinstance(why, Destroyed):
        messages.error(
            request,
            _("Nội dung niêm phong của việc này đã được xóa theo lệnh; không niêm phong thêm, chưa ghi gì."),
        )
    elif isinstance(why, FromNewerVersion):
        messages.error(
            request, _("Việc này có bản ghi từ phiên bản mới hơn; cần nâng cấp trước khi xử lý tiếp.")
        )
    else:
        messages.warning(request, _("Việc này đã chuyển sang bước khác; chưa ghi gì. Hãy xem lại diễn biến."))
    return redirect("matters:id", subject)


def sent_before(request: Request, seen: Seen) -> bool:
    """Whether the form that was sent has become an entry already: the same form sent twice."""
    entry_id = request.POST.get("entry_id")
    if not is_uuid(entry_id):
        return False
    with writing(request.person, at=seen.at, subjects=[seen.matter.id], units=[seen.matter.unit]) as pen:
        return pen.wrote(UUID(entry_id))
