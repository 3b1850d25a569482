"""The addresses of this room's pages on the board."""

from django.urls import path

from haicap.means import views_board
from haicap.means.lines import board as lines_board

app_name = "means_board"
urlpatterns = [path("means/", views_board.gaps, name="gaps"), path("lines/", lines_board.page, name="lines")]
