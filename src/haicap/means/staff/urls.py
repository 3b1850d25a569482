"""Addresses of this part."""

from django.urls import URLPattern

app_name = "staff"
urlpatterns: list[URLPattern] = []
