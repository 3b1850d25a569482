"""Addresses of what is owed, of calendars and of published documents."""

from django.urls import path

from haicap.clocks import views

app_name = "clocks"
urlpatterns = [
    path("", views.owed, name="owed"),
    path("calendar/", views.this_year, name="this-year"),
    path("calendar/<int:year>/", views.calendar, name="calendar"),
    path("reckon/", views.reckoned, name="reckon"),
    path("documents/", views.documents, name="documents"),
    path("documents/<slug:sort>/<slug:code>/", views.document, name="document"),
]
