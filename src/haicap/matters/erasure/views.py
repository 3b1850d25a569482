"""The pages of erasure: the order for one matter, its receipt, and all orders with what is still open of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from haicap.journal import erasing
from haicap.journal.erasing import Order
from haicap.journal.ids import is_uuid, uuid7
from haicap.journal.models import Entry
from haicap.journal.pen import writing
from haicap.journal.queries import nodes
from haicap.journal.reference import decides_here
from haicap.matters import pages, queries
from haicap.matters.conflicts.actions import NotHere
from haicap.matters.erasure.actions import ACTION, erase, may_erase
from haicap.matters.erasure.papers import receipt
from haicap.matters.forms import REASONS, missing
from haicap.matters.handling import NotNow
from haicap.units.acting import Unsaid
from haicap.units.rights import Refused
from haicap.units.sign_in import Request, signed_in

MOST = 200


class EraseForm(forms.Form):
    """On what ground, and by which paper."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["ground"] = forms.CharField(
            label=_("Căn cứ"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, error_messages=missing(),
            help_text=_("Ví dụ: hết thời hạn lưu giữ; yêu cầu của người có dữ liệu."),
        )  # fmt: skip
        self.fields["paper"] = forms.CharField(
            label=_("Số, ngày văn bản quyết định xóa"), max_length=200, error_messages=missing()
        )
        self.fields["sure"] = forms.BooleanField(
            label=_(
                "Tôi hiểu: nội dung niêm phong và tệp kèm theo bị hủy ở mọi nơi giữ, không lấy lại được."
            ),
            error_messages=missing(),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A holder on the receipt: whose node, when it destroyed, until when a backup's key file may still hold the key."""

    name: str
    destroyed: datetime | None
    backups: datetime | None


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """All orders within reach, those first that some holder has not carried out."""
    if not (request.person.may(ACTION) or request.person.may("journal.verify")):
        raise Http404
    rows = Entry.objects.filter(kind=erasing.KeyErased.kind).order_by("-at").values_list("subject", flat=True)
    matters = {row.pk: row for row in queries.seen(request.person).filter(pk__in=list(rows[:MOST]))}
    orders = {
        subject: erasing.order_of(subject) for subject in dict.fromkeys(rows[:MOST]) if subject in matters
    }
    found = [(matters[subject], order) for subject, order in orders.items() if order]
    found.sort(key=lambda it: it[1].done)
    return render(request, "erasure/list.html", {"found": found})


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def one(request: Request, subject: UUID) -> HttpResponse:
    """The receipt of an erased matter; before that the form of the order, for whoever may give it."""
    seen = pages.seen(request, subject)
    order = erasing.order_of(subject)
    if order is not None:
        return render(request, "erasure/receipt.html", {"seen": seen, "matter": seen.matter} | told(order))
    if not may_erase(request.person, seen.matter):
        raise Http404
    form = EraseForm(request.POST or None)
    entry_id = request.POST.get("entry_id")
    if form.is_bound and form.is_valid() and is_uuid(entry_id):
        answer = _erase(request, seen, form, UUID(entry_id))
        if answer is not None:
            return answer
    context = {
        "seen": seen, "matter": seen.matter, "form": form, "here": decides_here(),
        "entry_id": entry_id if is_uuid(entry_id) else uuid7(),
    }  # fmt: skip
    return render(request, "erasure/order.html", context, status=422 if form.is_bound else 200)


def _erase(request: Request, seen: pages.Seen, form: EraseForm, entry_id: UUID) -> HttpResponse | None:
    subject, said, at = seen.matter.id, form.cleaned_data, timezone.now()
    try:
        with writing(
            request.person, at=at, subjects=[subject], units=[seen.matter.unit, *seen.matter.came]
        ) as pen:
            erase(pen, entry_id=entry_id, subject=subject, ground=said["ground"], paper=said["paper"])
    except Unsaid as fault:
        form.add_error(fault.what, REASONS["needed"]())
        return None
    except NotHere:
        form.add_error(None, _("Lệnh xóa được ghi trên máy của tỉnh."))
        return None
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    except NotNow as why:
        return pages.not_done(request, subject, why)
    erasing.apply([subject], at=at, using="default")
    return redirect("erasure:one", subject)


@require_safe
@signed_in
def printed(request: Request, subject: UUID) -> HttpResponse:
    """The receipt on A4."""
    seen, order = pages.seen(request, subject), erasing.order_of(subject)
    if order is None:
        raise Http404
    its = told(order)
    body = receipt(seen.matter, order, its["lines"], its["actor"], at=timezone.now())
    headers = {
        "Content-Disposition": f'inline; filename="{seen.matter.number}-xoa.pdf"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(body, "application/pdf", headers=headers)


def told(order: Order) -> dict[str, Any]:
    """What the receipt says, with the names of nodes and of whoever ordered. Two queries."""
    names = nodes()
    lines = [Line(names.get(it.node, str(it.node)), it.destroyed, it.backups) for it in order.holders]
    actor = queries.person_names([order.actor]).get(order.actor, "")
    return {
        "order": order,
        "lines": lines,
        "actor": actor,
        "open": [it for it in lines if it.destroyed is None],
    }
