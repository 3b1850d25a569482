"""Why a line was down: the form that somebody fills in once it is known."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from haicap.journal.pen import writing
from haicap.means.lines import showing, watching
from haicap.means.lines.forms import ExplainForm
from haicap.means.lines.views import found
from haicap.means.premises.pages import FAULTS, blame
from haicap.units.sign_in import Request, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def explain(request: Request, subject: UUID, began: int) -> HttpResponse:
    """The form of the outage that began then (seconds since 1970); sent, the line is shown."""
    _row, circuit, writes = found(request, subject)
    outage = next((it for it in circuit.outages if int(it.began.timestamp()) == began), None)
    if outage is None or not writes:
        raise Http404
    form = ExplainForm(request.POST or None, initial={"cause": outage.cause, "note": outage.note})
    if form.is_valid():
        try:
            with writing(request.person, at=timezone.now(), subjects=[subject], units=[circuit.unit]) as pen:
                watching.explain(pen, subject=subject, began=outage.began, **form.cleaned_data)
            messages.success(request, _("Đã ghi."))
            return redirect("lines:id", subject)
        except FAULTS as fault:
            blame(form, fault)
    title = _("Nguyên nhân mất đường truyền %(span)s") % {
        "span": showing.span_words(outage.began, outage.ended)
    }
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "circuit": circuit,
        "press": _("Ghi nguyên nhân"),
    }
    return render(request, "lines/act.html", context, status=422 if form.is_bound else 200)
