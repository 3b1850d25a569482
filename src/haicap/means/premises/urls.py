"""Addresses of premises."""

from django.urls import path

from haicap.means.premises import views, views_act, views_one

app_name = "premises"
urlpatterns = [
    path("", views.listed, name="list"),
    path("new/", views.new, name="new"),
    path("<uuid:subject>/", views_one.one, name="id"),
    path("<uuid:subject>/survey/", views_act.survey, name="survey"),
    path("<uuid:subject>/survey/<uuid:survey>/record.pdf", views_one.record, name="record"),
    path("<uuid:subject>/evidence/<str:blob>/", views_one.piece, name="evidence"),
    path("<uuid:subject>/<slug:name>/", views_act.act, name="act"),
]
