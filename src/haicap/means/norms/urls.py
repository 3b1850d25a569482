"""Addresses of norms."""

from django.urls import path

from haicap.means.norms import views, views_facts, views_write

app_name = "norms"
urlpatterns = [
    path("", views.listed, name="list"),
    path("new/", views_write.new, name="new"),
    path("facts/", views_facts.listed, name="facts"),
    path("facts/count/", views_facts.count, name="count"),
    path("facts/<str:code>/", views_facts.one, name="facts-of"),
    path("<uuid:subject>/", views.one, name="id"),
    path("<uuid:subject>/revise/", views_write.revise, name="revise"),
    path("<uuid:subject>/withdraw/", views_write.withdraw, name="withdraw"),
    path("<uuid:subject>/for/<str:code>/", views.sheet, name="sheet"),
    path("<uuid:subject>/for/<str:code>.pdf", views.printed_sheet, name="sheet_pdf"),
]
