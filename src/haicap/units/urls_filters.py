"""The addresses of kept filters."""

from django.urls import path

from haicap.units import views_filters

app_name = "filters"
urlpatterns = [
    path("", views_filters.mine, name="mine"),
    path("keep/", views_filters.keep, name="keep"),
    path("<uuid:id>/", views_filters.change, name="change"),
]
