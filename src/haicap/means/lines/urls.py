"""Addresses of data lines."""

from django.urls import path

from haicap.means.lines import views, views_outage, views_sheet

app_name = "lines"
urlpatterns = [
    path("", views.listed, name="list"),
    path("new/", views.new, name="new"),
    path("without/", views.without, name="without"),
    path("sheet/", views_sheet.sheet, name="sheet"),
    path("<uuid:subject>/", views.one, name="id"),
    path("<uuid:subject>/outage/<int:began>/", views_outage.explain, name="outage"),
    path("<uuid:subject>/<slug:name>/", views.act, name="act"),
]
