"""Addresses of the duty desk."""

from django.urls import path

from haicap.duty import views, views_bulletin, views_line, views_shift

app_name = "duty"
urlpatterns = [
    path("", views.page, name="log"),
    path("id/<uuid:subject>/", views_line.one, name="id"),
    path("id/<uuid:subject>/correct/", views_line.correct, name="correct"),
    path("id/<uuid:subject>/close/", views_line.close, name="close"),
    path("id/<uuid:subject>/report/<slug:how>/", views_line.reported, name="report"),
    path("id/<uuid:subject>/become/<slug:code>/", views_line.become, name="become"),
    path("id/<uuid:subject>/unseal/", views_line.unseal, name="unseal"),
    path("id/<uuid:subject>/clock/<int:place>/", views_line.clock, name="clock"),
    path("shift/", views_shift.page, name="shift"),
    path("shift/sign/", views_shift.sign, name="sign"),
    path("shift/owing/", views_bulletin.owing, name="owing"),
    path("shifts/", views_shift.past, name="shifts"),
    path("shifts/<uuid:subject>.pdf", views_shift.printed, name="slip"),
    path("bulletin/", views_bulletin.page, name="bulletin"),
    path("bulletin/list/", views_bulletin.listed, name="behind"),
    path("bulletin/sign/", views_bulletin.sign, name="sign-bulletin"),
    path("bulletin/bulletin.pdf", views_bulletin.printed, name="bulletin-pdf"),
    path("rules/", views_shift.rules, name="rules"),
]
