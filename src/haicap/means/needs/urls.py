"""Addresses of requests for means."""

from django.urls import path

from haicap.means.needs import views

app_name = "needs"
urlpatterns = [
    path("", views.listed, name="list"),
    path("ask/<str:unit>/<slug:kind>/", views.ask, name="ask"),
    path("id/<uuid:subject>/", views.one, name="id"),
]
