"""Every address of the installation; each room keeps its own, pages that look into several rooms lie in `web`."""

from django.urls import include, path

urlpatterns = [
    path("", include("haicap.web.urls")),
    path("journal/", include("haicap.web.urls_journal")),
    path("units/", include("haicap.web.urls_units")),
    path("units/", include("haicap.units.urls")),
    path("matters/bulk/", include("haicap.matters.bulk.urls")),
    path("matters/directives/", include("haicap.matters.directing.urls")),
    path("matters/import/", include("haicap.matters.sheets.urls")),
    path("matters/", include("haicap.matters.urls")),
    path("conflicts/", include("haicap.matters.conflicts.urls")),
    path("erasures/", include("haicap.matters.erasure.urls")),
    path("notices/", include("haicap.matters.notices.urls")),
    path("filters/", include("haicap.units.urls_filters")),
    path("jobs/", include("haicap.matters.urls_work")),
    path("guidance/", include("haicap.matters.guidance.urls")),
    path("authorities/", include("haicap.matters.authorities.urls")),
    path("board/", include("haicap.matters.board.urls")),
    path("board/", include("haicap.means.urls_board")),
    path("", include("haicap.matters.public.urls")),
    path("duty/", include("haicap.duty.urls")),
    path("means/", include("haicap.means.urls")),
    path("nodes/", include("haicap.web.urls_nodes")),
    path("nodes/", include("haicap.nodes.urls")),
    path("clocks/", include("haicap.clocks.urls")),
    path("papers/", include("haicap.papers.urls")),
    path("line/", include("haicap.nodes.line.urls")),
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
]

handler403 = "haicap.web.views.forbidden"
handler404 = "haicap.web.views.not_found"
handler500 = "haicap.web.views.broken"
