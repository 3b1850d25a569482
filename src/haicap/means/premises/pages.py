"""What the pages of one site share: the site as somebody may see it, what may be done about it, and its faults."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from haicap.journal.pen import FromNewerVersion, Reused, writing
from haicap.means.premises import queries
from haicap.means.premises.fold import Building, Site
from haicap.means.premises.models import SiteRow
from haicap.means.premises.recording import WRITE
from haicap.means.premises.using import SIGN
from haicap.papers.attachments import NotAccepted
from haicap.units.acting import NotSo, NotYet, Unsaid
from haicap.units.rights import Person, Refused, Scope, decide
from haicap.units.sign_in import Request, today

FAULTS = (Unsaid, NotYet, NotSo, Refused, Reused, FromNewerVersion, NotAccepted)


@dataclass(frozen=True, slots=True)
class Seen:
    """A site that somebody may see, with what they may do about it."""

    site: Site
    row: SiteRow
    person: Person
    today: date

    def may(self, action: str, unit: str) -> bool:
        """Whether the person may do this at a unit; nothing is done about what was taken back."""
        return not self.site.withdrawn and decide(self.person, action, Scope.of(unit)).allowed

    @property
    def writes(self) -> bool:
        """Whether the person records for the holder."""
        return self.may(WRITE, self.site.holder)

    @property
    def hands_over(self) -> bool:
        """Whether the person signs for the holder."""
        return self.may(SIGN, self.site.holder)

    @property
    def receives(self) -> bool:
        """Whether the person signs for the unit to which the site is handed over."""
        waiting = self.site.handover
        return waiting is not None and self.may(SIGN, waiting.said.to)

    def building(self, code: str) -> Building:
        """The building of this code that has not been given up. Raises `Http404`."""
        found = self.site.building(code)
        if found is None or found.gone is not None:
            raise Http404
        return found

    def pen(self) -> Any:
        """A pen with which the person writes about this site."""
        site = self.site
        return writing(self.person, at=timezone.now(), subjects=[site.id], units=[site.unit])


def seen(request: Request, subject: UUID) -> Seen:
    """The site. Raises `Http404` also where it is merely not to be seen by this person."""
    row = queries.one(request.person, subject)
    if row is None:
        raise Http404
    return Seen(queries.site_of(row), row, request.person, today())


def blame(form: forms.Form, fault: Exception) -> None:
    """Say on a form what went wrong. Raises `PermissionDenied` where the person may not."""
    if isinstance(fault, Refused):
        raise PermissionDenied(str(fault)) from fault
    field = fault.what if isinstance(fault, Unsaid) and fault.what in form.fields else None
    form.add_error(field, fault_words(fault))


def fault_words(fault: Exception) -> str:
    """What went wrong, as a sentence."""
    match fault:
        case NotAccepted():
            return _("Chưa nhận tệp nào. %(why)s") % {"why": fault}
        case NotYet():
            return _("Ngày này chưa đến.")
        case Unsaid(what="sum"):
            return _("Tổng diện tích các phòng lớn hơn diện tích sàn của nhà.")
        case Unsaid(what="code"):
            return _("Ký hiệu bị thiếu hoặc trùng.")
        case Unsaid():
            return _("Thiếu thông tin bắt buộc, hoặc ghi chưa đúng.")
        case Reused():
            return _("Biểu mẫu này đã được dùng; hãy mở lại trang.")
        case FromNewerVersion():
            return _("Trụ sở này có bản ghi từ phiên bản mới hơn; cần nâng cấp trước.")
        case _:
            return _("Đã có người ghi trước, tình trạng đã khác; chưa ghi gì. Hãy xem lại.")
