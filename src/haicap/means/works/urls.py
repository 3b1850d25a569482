"""Addresses of works."""

from django.urls import path

from haicap.means.works import views, views_programme, views_write

app_name = "works"
urlpatterns = [
    path("", views.listed, name="list"),
    path("new/", views_write.new, name="new"),
    path("id/<uuid:subject>/", views.one, name="id"),
    path("id/<uuid:subject>/files/<str:blob>/", views.file, name="file"),
    path("id/<uuid:subject>/<slug:deed>/", views_write.act, name="act"),
    path("programmes/", views_programme.listed, name="programmes"),
    path("programmes/new/", views_programme.new, name="programme-new"),
    path("programmes/<uuid:subject>/", views_programme.one, name="programme"),
    path("programmes/<uuid:subject>/change/", views_programme.change, name="programme-change"),
    path("programmes/<uuid:subject>.pdf", views_programme.pdf, name="programme-pdf"),
]
