"""Addresses of what papers say."""

from django.urls import path, re_path

from haicap.papers import views

app_name = "papers"
urlpatterns = [
    path("", views.papers, name="papers"),
    path("letterhead/<slug:unit>/", views.letterhead, name="letterhead"),
    re_path(r"^(?P<code>[-a-z]+)\.(?P<form>pdf|docx|template)$", views.preview, name="preview"),
    path("<slug:code>/", views.paper, name="paper"),
]
