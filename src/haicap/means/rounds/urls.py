"""Addresses of assessment rounds."""

from django.urls import path

from haicap.means.rounds import views, views_answer, views_direct, views_report

app_name = "rounds"
urlpatterns = [
    path("", views.listed, name="list"),
    path("new/", views_direct.new, name="new"),
    path("answers/<uuid:subject>/", views_answer.one, name="answer"),
    path("answers/<uuid:subject>/write/", views_answer.write, name="write"),
    path("<uuid:subject>/", views.one, name="id"),
    path("<uuid:subject>/remind/", views_direct.remind, name="remind"),
    path("<uuid:subject>/close/", views_direct.close, name="close"),
    path("<uuid:subject>/report/", views_report.report, name="report"),
    path("<uuid:subject>/report.pdf", views_report.paper, name="report-paper"),
    path("<uuid:subject>/lines/", views_report.lines, name="lines"),
    path("<uuid:subject>/difficulties/", views_report.difficulties, name="difficulties"),
]
