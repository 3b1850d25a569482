"""Addresses of this part."""

from django.urls import URLPattern

app_name = "plans"
urlpatterns: list[URLPattern] = []
