"""Addresses of distances."""

from django.urls import path

from haicap.means.distances import views

app_name = "distances"
urlpatterns = [
    path("", views.listed, name="list"),
    path("<uuid:subject>/withdraw/", views.withdraw, name="withdraw"),
]
