"""The addresses of directives, below the page that rolls them up."""

from django.urls import path

from haicap.matters.directing import views, views_issue

app_name = "directing"
urlpatterns = [
    path("new/", views_issue.new, name="new"),
    path("visits/", views.visits, name="visits"),
    path("<uuid:subject>/", views.one, name="one"),
    path("<uuid:subject>/remind/", views_issue.remind, name="remind"),
    path("<uuid:subject>/paper.pdf", views.paper, name="paper"),
    path("<uuid:subject>/state.pdf", views.state, name="state"),
]
