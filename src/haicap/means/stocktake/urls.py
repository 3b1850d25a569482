"""Addresses of this part."""

from django.urls import URLPattern

app_name = "stocktake"
urlpatterns: list[URLPattern] = []
