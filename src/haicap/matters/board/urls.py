"""Addresses of the board."""

from django.urls import path

from haicap.matters.board import views

app_name = "board"
urlpatterns = [
    path("", views.conference, name="conference"),
    path("matters/", views.work, name="work"),
    path("preview/", views.preview, name="preview"),
]
