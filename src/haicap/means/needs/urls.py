"""Addresses of this part."""

from django.urls import URLPattern

app_name = "needs"
urlpatterns: list[URLPattern] = []
