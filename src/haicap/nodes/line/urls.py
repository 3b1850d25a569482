"""The addresses of the line and the clock of this machine."""

from django.urls import path

from haicap.nodes import views_day
from haicap.nodes.line import views

app_name = "line"
urlpatterns = [
    path("", views.page, name="page"),
    path("day/", views_day.day, name="day"),
    path("alive", views_day.alive, name="alive"),
]
