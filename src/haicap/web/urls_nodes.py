"""The addresses of the list of nodes, and of that of courier files."""

from django.urls import path

from haicap.web import views_courier, views_nodes

urlpatterns = [
    path("", views_nodes.listed, name="nodes"),
    path("courier/", views_courier.listed, name="courier"),
]
