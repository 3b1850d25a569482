"""Addresses of equipment and vehicles."""

from django.urls import path

from haicap.means.things import views, views_many, views_moves, views_one

app_name = "things"
urlpatterns = [
    path("", views.listed, name="list"),
    path("new/", views.new, name="new"),
    path("labels.pdf", views.labels, name="labels"),
    path("c/<str:code>/", views.coded, name="code"),
    path("put/", views_many.put, name="put"),
    path("give/", views_moves.hand_over, name="give"),
    path("transfers/", views_moves.listed, name="transfers"),
    path("transfers/<uuid:transfer>/", views_moves.one, name="transfer"),
    path("transfers/<uuid:transfer>/record.pdf", views_moves.printed, name="record"),
    path("transfers/<uuid:transfer>/<slug:verdict>/", views_moves.sign, name="sign"),
    path("id/<uuid:subject>/", views_one.one, name="id"),
    path("id/<uuid:subject>/describe/", views_one.describe, name="describe"),
    path("id/<uuid:subject>/<slug:name>/", views_one.act, name="act"),
]
