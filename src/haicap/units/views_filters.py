"""Kept filters: keep one, and the page where they are named, ordered, shared and let go."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haicap.units import filters
from haicap.units.filters import SavedFilter
from haicap.units.sign_in import Request, signed_in

LISTS = ("/matters/", "/clocks/")  # whose addresses can be kept


@require_safe
@signed_in
def mine(request: Request) -> HttpResponse:
    """All that the person keeps, and what others of the unit have shared."""
    found = SavedFilter.objects.filter(person=request.person.id).order_by("path", "place", "name")
    shared = SavedFilter.objects.filter(unit__in=sorted(request.person.units)).exclude(
        person=request.person.id
    )
    context = {
        "own": found,
        "shared": shared.order_by("path", "place", "name"),
        "may_share": request.person.may(filters.SHARES),
        "longest": filters.LONGEST,
    }
    return render(request, "units/filters.html", context)


@require_POST
@signed_in
def keep(request: Request) -> HttpResponse:
    """Keep the address of a list under a name, and show that list again."""
    path, name = request.POST.get("path", ""), request.POST.get("name", "").strip()[: filters.LONGEST]
    if path not in LISTS:
        raise PermissionDenied
    query = request.POST.get("query", "")
    if not name or not query:
        messages.warning(request, _("Chưa ghi tên bộ lọc, hoặc danh sách chưa được lọc."))
        return redirect(f"{path}?{query}")
    try:
        kept = filters.keep(request.person, path=path, name=name, query=query)
    except filters.TooMany:
        messages.warning(request, _("Đã đủ %(n)d bộ lọc; bỏ bớt một bộ lọc cũ trước.") % {"n": filters.MOST})
        return redirect("filters:mine")
    messages.success(request, _("Đã lưu bộ lọc “%(name)s”.") % {"name": kept.name})
    return redirect(f"{path}?{query}")


@require_POST
@signed_in
def change(request: Request, id: UUID) -> HttpResponse:
    """Rename, move, share or let go of one, as the button says that was pressed."""
    match request.POST.get("do"):
        case "rename":
            if name := request.POST.get("name", "").strip()[: filters.LONGEST]:
                filters.rename(request.person, id, name)
        case "up":
            filters.move(request.person, id, -1)
        case "down":
            filters.move(request.person, id, 1)
        case "share" | "own" as how:
            if not filters.share(request.person, id, how == "share"):
                raise PermissionDenied(_("Chỉ người chỉ huy đơn vị đưa bộ lọc cho cả đơn vị dùng chung."))
        case "remove":
            filters.remove(request.person, id)
    return redirect("filters:mine")
