"""Addresses of sheets that are handed in and that were taken in."""

from django.urls import path

from haicap.matters.sheets import views, views_taken

app_name = "sheets"
urlpatterns = [
    path("", views_taken.listed, name="list"),
    path("new/", views.new, name="new"),
    path("new/<uuid:id>/", views.columns, name="columns"),
    path("new/<uuid:id>/check/", views.check, name="check"),
    path("new/<uuid:id>/drop/", views.drop, name="drop"),
    path("<uuid:id>/", views_taken.one, name="one"),
    path("<uuid:id>/receipt.pdf", views_taken.receipt, name="receipt"),
    path("<uuid:id>/undo/", views_taken.taken_back, name="undo"),
]
