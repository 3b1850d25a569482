"""The addresses of erasure."""

from django.urls import path

from haicap.matters.erasure import views

app_name = "erasure"
urlpatterns = [
    path("", views.listed, name="list"),
    path("<uuid:subject>/", views.one, name="one"),
    path("<uuid:subject>/receipt.pdf", views.printed, name="receipt"),
]
