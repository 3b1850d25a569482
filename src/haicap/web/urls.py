"""The web room's own addresses."""

from django.urls import path

from haicap.web import views, views_search, views_today

app_name = "web"
urlpatterns = [
    path("", views_today.page, name="today"),
    path("styleguide", views.styleguide, name="styleguide"),
    path("search/", views_search.page, name="search"),
    path("search/identity/", views_search.identity, name="identity"),
    path("keys", views.keys, name="keys"),
]
