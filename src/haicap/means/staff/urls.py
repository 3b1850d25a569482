"""Addresses of staff."""

from django.urls import path

from haicap.means.staff import views, views_officer, views_people, views_unit

app_name = "staff"
urlpatterns = [
    path("", views.listed, name="list"),
    path("list.pdf", views.paper, name="paper"),
    path("people/", views_people.people, name="people"),
    path("secondments/", views_people.secondments, name="secondments"),
    path("units/<unit:code>/", views_unit.one, name="unit"),
    path("units/<unit:code>/list.pdf", views_unit.paper, name="unit-paper"),
    path("units/<unit:code>/establishment/", views_unit.establishment, name="establishment"),
    path("units/<unit:code>/establishment/<uuid:edition>/strike/", views_unit.strike, name="strike"),
    path("<uuid:subject>/", views_officer.one, name="id"),
    path("<uuid:subject>/<slug:name>/", views_officer.act, name="act"),
]
