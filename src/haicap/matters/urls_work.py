"""The addresses of long works."""

from django.urls import path

from haicap.matters import views_work

app_name = "work"
urlpatterns = [
    path("", views_work.mine, name="mine"),
    path("<uuid:id>/", views_work.one, name="one"),
    path("<uuid:id>/again/", views_work.again, name="again"),
]
