"""Addresses of this part."""

from django.urls import URLPattern

app_name = "lines"
urlpatterns: list[URLPattern] = []
