"""The addresses of acts on many matters."""

from django.urls import path

from haicap.matters.bulk import views

app_name = "bulk"
urlpatterns = [
    path("", views.gather, name="gather"),
    path("<uuid:id>/", views.one, name="one"),
    path("<uuid:id>/do/", views.do, name="do"),
    path("<uuid:id>/undo/", views.undo, name="undo"),
]
