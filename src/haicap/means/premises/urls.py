"""Addresses of this part."""

from django.urls import URLPattern

app_name = "premises"
urlpatterns: list[URLPattern] = []
