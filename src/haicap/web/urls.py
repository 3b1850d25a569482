"""The web room's own addresses."""

from django.urls import path

from haicap.web import views

app_name = "web"
urlpatterns = [
    path("styleguide", views.styleguide, name="styleguide"),
    path("keys", views.keys, name="keys"),
]
