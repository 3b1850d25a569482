"""Addresses of stock-takes."""

from django.urls import path

from haicap.means.stocktake import views, views_count

app_name = "stocktake"
urlpatterns = [
    path("", views.listed, name="list"),
    path("new/", views.new, name="new"),
    path("label/<str:code>/", views_count.label, name="label"),
    path("id/<uuid:subject>/", views.one, name="id"),
    path("id/<uuid:subject>/code/", views_count.by_code, name="code"),
    path("id/<uuid:subject>/photos/", views_count.by_photo, name="photos"),
    path("id/<uuid:subject>/ticks/", views_count.by_list, name="ticks"),
    path("id/<uuid:subject>/here/<uuid:thing>/", views_count.here, name="here"),
    path("id/<uuid:subject>/unknown/", views_count.unknown, name="unknown"),
    path("id/<uuid:subject>/withdraw/", views_count.withdraw, name="withdraw"),
    path("id/<uuid:subject>/close/", views_count.close, name="close"),
    path("id/<uuid:subject>/drop/", views_count.drop, name="drop"),
    path("id/<uuid:subject>/record.pdf", views.printed, name="record"),
]
