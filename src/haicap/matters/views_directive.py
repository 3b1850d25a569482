"""Directives rolled up, by clause."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.matters.directing.actions import may_issue
from haicap.matters.directing.queries import numbered
from haicap.matters.directing.views import names as kinds
from haicap.matters.directives import KINDS, rolled_up
from haicap.papers.sheets import Column
from haicap.papers.taking import taken_away
from haicap.units.sign_in import Request, signed_in


@require_safe
@signed_in
def directives(request: Request) -> HttpResponse:
    """Each directive with its clauses: done, late, claimed, open, overdue; every figure is a list."""
    found = rolled_up(request.person, at=timezone.now())
    names = kinds()
    if (form := request.GET.get("format")) in ("csv", "xlsx"):
        columns = [Column("directive", _("Văn bản")), Column("clause", _("Mục, khoản"))]
        columns += [Column(kind, names[kind], kind="number") for kind in KINDS]
        rows = (
            {"directive": it.directive, "clause": it.clause or ""}
            | {kind: it.cells[kind].count for kind in KINDS}
            for _whole, clauses in found
            for it in clauses
        )
        return taken_away(form, columns, rows, _("Chỉ đạo"))
    issued = numbered(request.person, (whole.directive for whole, _clauses in found))
    tables = [
        (
            whole,
            issued.get(whole.directive),
            [(it, [(names[kind], it.cells[kind]) for kind in KINDS]) for it in [*clauses, whole]],
        )
        for whole, clauses in found
    ]
    context = {
        "tables": tables,
        "heads": [names[kind] for kind in KINDS],
        "may_issue": may_issue(request.person),
    }
    return render(request, "matters/directives.html", context)
