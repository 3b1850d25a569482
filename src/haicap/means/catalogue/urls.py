"""Addresses of the catalogue."""

from django.urls import path

from haicap.means.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("", views.listed, name="list"),
    path("new/", views.new, name="new"),
    path("<slug:code>/", views.change, name="change"),
    path("<slug:code>/drop/", views.drop, name="drop"),
]
