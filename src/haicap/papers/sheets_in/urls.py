"""Addresses of a room's sheets: those handed in and those taken in."""

from django.urls import URLPattern, path

from haicap.papers.sheets_in import views, views_taken
from haicap.papers.sheets_in.pages import Pages


def addresses(pages: Pages) -> list[URLPattern]:
    """The addresses of a room's sheets; `app_name` beside them is `pages.app`."""

    its = {"pages": pages}
    return [
        path("", views_taken.listed, its, name="list"),
        path("new/", views.new, its, name="new"),
        path("new/<uuid:id>/", views.columns, its, name="columns"),
        path("new/<uuid:id>/check/", views.check, its, name="check"),
        path("new/<uuid:id>/drop/", views.drop, its, name="drop"),
        path("<uuid:id>/", views_taken.one, its, name="one"),
        path("<uuid:id>/receipt.pdf", views_taken.receipt, its, name="receipt"),
        path("<uuid:id>/undo/", views_taken.taken_back, its, name="undo"),
    ]
