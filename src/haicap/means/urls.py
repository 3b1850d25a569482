"""Addresses of means; each part of the room keeps its own."""

from django.urls import include, path

from haicap.means import views

overview = [
    path("", views.entry, name="entry"),
    path("unit/", views.unit, name="unit"),
    path("gaps/", views.gaps, name="gaps"),
    path("id/<uuid:subject>/", views.owed, name="owed"),
    path("id/<uuid:subject>/clock/<int:place>/", views.owed, name="owed-clock"),
]
urlpatterns = [
    path("", include((overview, "means"))),
    path("catalogue/", include("haicap.means.catalogue.urls")),
    path("things/", include("haicap.means.things.urls")),
    path("stocktakes/", include("haicap.means.stocktake.urls")),
    path("premises/", include("haicap.means.premises.urls")),
    path("lines/", include("haicap.means.lines.urls")),
    path("staff/", include("haicap.means.staff.urls")),
    path("norms/", include("haicap.means.norms.urls")),
    path("needs/", include("haicap.means.needs.urls")),
    path("works/", include("haicap.means.works.urls")),
    path("rounds/", include("haicap.means.rounds.urls")),
    path("handover/", include("haicap.means.handover.urls")),
    path("plans/", include("haicap.means.plans.urls")),
    path("distances/", include("haicap.means.distances.urls")),
]
