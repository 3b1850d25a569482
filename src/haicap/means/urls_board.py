"""The address of this room's page on the board."""

from django.urls import path

from haicap.means import views_board

app_name = "means_board"
urlpatterns = [path("means/", views_board.gaps, name="gaps")]
