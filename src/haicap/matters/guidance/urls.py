"""The addresses of guidance."""

from django.urls import path

from haicap.matters.guidance import views, views_write

app_name = "guidance"
urlpatterns = [
    path("", views.listed, name="list"),
    path("new/", views_write.new, name="new"),
    path("<uuid:subject>/", views.one, name="one"),
    path("<uuid:subject>/revise/", views_write.revise, name="revise"),
    path("<uuid:subject>/withdraw/", views_write.withdraw, name="withdraw"),
    path("<uuid:subject>/answer/<uuid:matter>/", views_write.answer, name="answer"),
    path("<uuid:subject>/again/<uuid:matter>/", views_write.again, name="again"),
]
