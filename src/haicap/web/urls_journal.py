"""Addresses of the journal's pages."""

from django.urls import path

from haicap.web import views_journal

app_name = "journal"
urlpatterns = [
    path("", views_journal.streams, name="streams"),
    path("<uuid:stream>/", views_journal.stream, name="stream"),
    path("<uuid:stream>/<int:seq>/", views_journal.entry, name="entry"),
]
