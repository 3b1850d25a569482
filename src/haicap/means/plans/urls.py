"""Addresses of plans."""

from django.urls import path

from haicap.means.plans import views

app_name = "plans"
urlpatterns = [
    path("", views.listed, name="list"),
    path("new/<slug:sort>/", views.new, name="new"),
    path("trial/<uuid:id>/", views.trial, name="trial"),
    path("trial/<uuid:id>/adopt/", views.adopt, name="adopt"),
    path("trial/<uuid:id>/forget/", views.forget, name="forget"),
    path("compare/", views.compare, name="compare"),
    path("id/<uuid:subject>/", views.one, name="id"),
]
