"""The addresses for people, in the language of those who type them."""

from django.urls import path

from haicap.matters.public import views

app_name = "public"
urlpatterns = [
    path("cong-dan/", views.start, name="start"),
    path("thu-tuc/", views.procedures, name="procedures"),
    path("thu-tuc/<slug:code>/", views.procedure, name="procedure"),
    path("tra-cuu/", views.look_up, name="look-up"),
    path("dung-hen/", views.units, name="units"),
    path("dung-hen/<str:code>/", views.unit, name="unit"),
    path("gop-y/", views.feedback, name="feedback"),
]
