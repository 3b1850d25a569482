"""The addresses of what was asked of other authorities."""

from django.urls import path

from haicap.matters.authorities import views

app_name = "authorities"
urlpatterns = [
    path("", views.listed, name="list"),
    path("requests/", views.requests, name="requests"),
    path("<slug:key>/", views.one, name="one"),
    path("<slug:key>/paper.pdf", views.paper, name="paper"),
]
