"""The address of the list of nodes."""

from django.urls import path

from haicap.web import views_nodes

urlpatterns = [path("", views_nodes.listed, name="nodes")]
