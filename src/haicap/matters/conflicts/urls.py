"""The addresses of conflicts."""

from django.urls import path

from haicap.matters.conflicts import views

app_name = "conflicts"
urlpatterns = [
    path("", views.listed, name="list"),
    path("<slug:room>/<uuid:subject>/", views.one, name="one"),
]
