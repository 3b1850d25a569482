"""The page of one unit, which looks into several rooms."""

from django.urls import path

from haicap.units import urls as _converters  # noqa: F401  # registers the converter of codes
from haicap.web import views_units

urlpatterns = [
    path("taken-away/", views_units.taken, name="units_taken"),
    path("<unit:code>/", views_units.one, name="unit"),
]
