"""Every address of the installation; each room keeps its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("haicap.web.urls")),
    path("journal/", include("haicap.journal.urls")),
    path("units/", include("haicap.units.urls")),
    path("matters/", include("haicap.matters.urls")),
    path("clocks/", include("haicap.clocks.urls")),
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
]

handler403 = "haicap.web.views.forbidden"
handler404 = "haicap.web.views.not_found"
handler500 = "haicap.web.views.broken"
