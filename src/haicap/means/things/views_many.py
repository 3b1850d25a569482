"""One small act on many things at once: put somewhere, or issued to a post."""

from datetime import datetime
from uuid import uuid5

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from haicap.clocks.wall import day_of
from haicap.journal.ids import ids
from haicap.journal.pen import writing
from haicap.means.catalogue.queries import catalogue
from haicap.means.premises.queries import sites_of
from haicap.means.tabs import tabs
from haicap.means.things import queries, recording
from haicap.means.things.fold import Thing
from haicap.means.things.forms import PlaceForm, Where
from haicap.means.things.showing import kind_words
from haicap.means.things.views import FAULTS, fault_words
from haicap.units.rights import Refused, Scope, decide
from haicap.units.sign_in import Request, signed_in

MOST = 200


@require_http_methods(["GET", "POST"])
@signed_in
def put(request: Request) -> HttpResponse:
    """Put the things named in the address in one place of the unit that has them."""
    person, at = request.person, timezone.now()
    chosen = ids(request.GET.getlist("thing"))[:MOST]
    rows = queries.seen(person).filter(pk__in=chosen, gone=None).order_by("kind", "code")
    its = [queries.thing_of(row) for row in rows]
    its = [it for it in its if decide(person, recording.WRITE, Scope.of(it.holder)).allowed]
    its = [it for it in its if it.holder == its[0].holder]
    if not its:
        messages.warning(request, _("Đánh dấu tài sản của đơn vị bạn trong danh sách trước."))
        return redirect("things:list")
    where = Where(sites_of(person, its[0].holder), queries.posts_of(its[0].holder))
    form = PlaceForm(request.POST or None, where=where, today=day_of(at))
    if form.is_valid() and _placed(request, form, its, at):
        text = ngettext("Đã ghi %(n)s mục.", "Đã ghi %(n)s mục.", len(its)) % {"n": len(its)}
        messages.success(request, text)
        return redirect("things:list")
    kinds = catalogue()
    context = {
        "now": at, "tabs": tabs(person, "things:list"), "form": form, "left_out": len(chosen) - len(its),
        "its": [(it, kind_words(kinds, it.kind)) for it in its], "places": queries.places_of(its[0].holder),
    }  # fmt: skip
    return render(request, "things/put.html", context, status=422 if form.is_bound else 200)


def _placed(request: Request, form: PlaceForm, its: list[Thing], at: datetime) -> bool:
    given = form.cleaned_data
    files = sorted({it.unit for it in its})
    try:
        with writing(request.person, at=at, subjects=[it.id for it in its], units=files) as pen:
            for it in its:
                recording.place(
                    pen, entry_id=uuid5(given["entry_id"], str(it.id)), subject=it.id, put=form.put(),
                    when=given["when"], note=given["note"],
                )  # fmt: skip
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    except FAULTS as fault:
        form.add_error(None, fault_words(fault))
        return False
    return True
