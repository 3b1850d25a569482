"""The tables of works: indexes over folded projects and programmes."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from haicap.clocks.models import Owed
from haicap.clocks.wall import end_of, start_of
from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects as projects_into
from haicap.journal.projection import projects_also
from haicap.means.owing import ROOM
from haicap.means.works.fold import Programme, programmes, projects
from haicap.means.works.state import Project
from haicap.units.vietnamese import fold as folded_text
from haicap.units.vietnamese import sort_key

CODE = "works"  # under which the list of all that is owed knows what this part owes


class ProjectRow(Projection):
    """A project as lists and figures need it; days are those of the last stage and of the beginning of work."""

    unit = models.TextField()
    province = models.TextField(null=True)
    programme = models.UUIDField(null=True)
    name = models.TextField()
    sort = models.TextField()
    priority = models.TextField()
    standing = models.TextField()  # planned, begun, done, stopped, dropped
    stage = models.TextField()  # the next one, empty where all are reached
    due = models.DateField(null=True)  # of the next stage; null where nothing is to come, or nothing goes on
    start_planned = models.DateField()
    start = models.DateField()
    begun = models.DateField(null=True)
    end_planned = models.DateField()
    end = models.DateField()
    budget = models.BigIntegerField()  # VND
    first_budget = models.BigIntegerField()
    paid = models.BigIntegerField()
    words = models.TextField()
    order = models.TextField()
    conflicts = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "end"], name="means_project_of_unit"),
            models.Index(fields=["province", "end"], name="means_project_in_province"),
            models.Index(fields=["programme"], condition=~Q(programme=None), name="means_project_programme"),
        ]


@projects_into(projects, into=ProjectRow)
def project_row(project: Project, folded: Folded[Project]) -> Row:
    """Every column but those of `Projection`."""
    its = project.now
    return {
        "unit": project.unit,
        "province": project.province,
        "programme": its.about.programme,
        "name": its.about.name,
        "sort": its.about.sort,
        "priority": its.about.priority,
        "standing": its.state,
        "stage": its.next.stage if its.next else "",
        "due": its.due,
        "start_planned": its.begins.baseline,
        "start": its.begins.day,
        "begun": its.begun,
        "end_planned": its.ends.baseline,
        "end": its.ends.day,
        "budget": int(its.budget),
        "first_budget": int(its.first_budget),
        "paid": int(its.paid),
        "words": folded_text(its.about.name),
        "order": sort_key(its.about.name),
        "conflicts": len(folded.aside),
    }


@projects_also(projects, into=Owed)
def owed(subject: UUID, folded: Folded[Project]) -> list[Row]:
    """The next stage, by the day that somebody expects it: by then the unit says that it is reached, or until when
    it will be. A setting of the project, never law."""
    project = folded.state
    assert project is not None
    its = project.now
    if its.due is None or its.next is None:
        return []
    said = max([project.at, *(it.at for it in project.schedules), *(it.at for it in project.reaches)])
    row: Row = {
        "subject": subject,
        "place": 0,
        "room": ROOM,
        "number": project.unit,
        "title": its.about.name,
        "procedure": CODE,
        "clock": its.next.stage,
        "level": "province" if _of_the_province(project) else "unit",
        "unit": project.unit,
        "file": project.unit,
        "holder": project.unit,
        "raised_by": project.unit,
        "province": project.province,
        "since": min(said, start_of(its.due)),
        "due": end_of(its.due),
        "met": None,
    }
    return [row]


def _of_the_province(project: Project) -> bool:
    """Whether it is built for a department or the province's own desk."""
    return project.unit == project.province or project.unit.startswith(f"{project.province}-")


class ProgrammeRow(Projection):
    """A programme as lists need it; everybody signed in may read what a province has resolved."""

    province = models.TextField(db_index=True)
    name = models.TextField()
    begins = models.PositiveSmallIntegerField()  # years, both included
    ends = models.PositiveSmallIntegerField()
    words = models.TextField()


@projects_into(programmes, into=ProgrammeRow)
def programme_row(programme: Programme, folded: Folded[Programme]) -> Row:
    """Every column but those of `Projection`."""
    return {
        "province": programme.province,
        "name": programme.name,
        "begins": programme.first,
        "ends": programme.last,
        "words": folded_text(f"{programme.name} {programme.paper}"),
    }
