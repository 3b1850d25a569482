"""Addresses of single nodes; the list of all lies in `web`."""

from django.urls import path

from haicap.nodes import views

app_name = "nodes"
urlpatterns = [
    path("invite/", views.invite, name="invite"),
    path("contact/", views.contact, name="contact"),
    path("<uuid:member>/", views.one, name="one"),
    path("<uuid:member>/revoke/", views.end, {"how": "revoke"}, name="revoke"),
    path("<uuid:member>/close/", views.end, {"how": "close"}, name="close"),
    path("<uuid:member>/held/<uuid:entry>/release/", views.release, name="release"),
]
