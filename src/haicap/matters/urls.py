"""The addresses of matters. A matter is called by its number; by its id where a link must never mean two."""

from django.urls import path

from haicap.matters import (
    views,
    views_act,
    views_alike,
    views_directive,
    views_new,
    views_one,
    views_paper,
    views_procedure,
    views_queue,
    views_raise,
    views_step,
)
from haicap.matters.attaching import views as attaching

app_name = "matters"
urlpatterns = [
    path("", views.listed, name="list"),
    path("queues/", views_queue.counted, name="queues"),
    path("new/", views_new.choose, name="new"),
    path("new/<slug:code>/", views_raise.raise_, name="raise"),
    path("new/<slug:code>/alike/", views_raise.alike, name="alike"),
    path("new/<slug:code>/emergency/", views_raise.stop, name="emergency"),
    path("place/", views_new.place, name="place"),
    path("drafts/", views_new.draft, name="draft"),
    path("drafts/<uuid:entry_id>/drop/", views_new.dropped, name="dropped"),
    path("directives/", views_directive.directives, name="directives"),
    path("procedures/", views_procedure.procedures, name="procedures"),
    path("procedures/<slug:code>/", views_procedure.procedure, name="procedure"),
    path("competence/<slug:code>/", views_procedure.competence, name="competence"),
    path("id/<uuid:subject>/", views_one.by_id, name="id"),
    path("duplicates/", views_alike.listed, name="duplicates"),
    path("id/<uuid:subject>/alike/", views_alike.beside, name="beside"),
    path("id/<uuid:subject>/join/<uuid:into>/", views_alike.joined, name="joined"),
    path("id/<uuid:subject>/distinct/<uuid:other>/", views_alike.distinct, name="distinct"),
    path("id/<uuid:subject>/taken/", views_raise.taken, name="taken"),
    path("id/<uuid:subject>/open/", views_one.opened, name="open"),
    path("id/<uuid:subject>/step/<slug:code>/", views_step.step, name="step"),
    path("id/<uuid:subject>/act/<slug:code>/", views_act.act, name="act"),
    path("id/<uuid:subject>/paper/<slug:code>.pdf", views_paper.paper, name="paper"),
    path("id/<uuid:subject>/files/", attaching.attach, name="attach"),
    path("id/<uuid:subject>/files/<uuid:file>/", attaching.file, name="file"),
    path("id/<uuid:subject>/files/<uuid:file>/picture.jpg", attaching.picture, name="file_picture"),
    path("id/<uuid:subject>/files/<uuid:file>/hide/", attaching.hide, name="file_hide"),
    path("id/<uuid:subject>/clock/<int:place>/", views_paper.clock, name="clock"),
    path("id/<uuid:subject>/clock/<int:place>.pdf", views_paper.clock_pdf, name="clock_pdf"),
    path("<str:number>/", views_one.numbered, name="one"),
]
