"""The addresses of the line and the clock of this machine."""

from django.urls import path

from haicap.nodes import views_day, views_line

app_name = "line"
urlpatterns = [
    path("", views_line.page, name="page"),
    path("day/", views_day.day, name="day"),
    path("alive", views_day.alive, name="alive"),
]
