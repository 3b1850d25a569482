"""The addresses of what is new."""

from django.urls import path

from haicap.matters.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.listed, name="list"),
    path("count/", views.count, name="count"),
    path("seen/", views.seen, name="seen"),
    path("mail/", views.digest, name="digest"),
]
