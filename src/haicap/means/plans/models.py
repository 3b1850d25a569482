"""Tables of plans: adopted ones (a projection), and those being tried, which are local rows."""

from django.db import models

from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects
from haicap.means.plans.fold import Plan, plans


class PlanRow(Projection):
    """An adopted plan as lists need it."""

    unit = models.TextField()
    province = models.TextField(null=True)
    sort = models.TextField()
    name = models.TextField()
    items = models.IntegerField()
    adopted = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["province", "-adopted"], name="means_plan_in_province")]


@projects(plans, into=PlanRow)
def plan_row(plan: Plan, folded: Folded[Plan]) -> Row:
    """Every column but those of `Projection`."""
    return {
        "unit": plan.unit,
        "province": plan.said.province,
        "sort": plan.said.sort,
        "name": plan.said.name,
        "items": len(plan.said.answer.items),
        "adopted": plan.at,
        "withdrawn": plan.withdrawn,
    }


class Trial(models.Model):
    """A plan being tried: its question, what was put right by hand, and the answer once it is there."""

    id = models.UUIDField(primary_key=True)  # of the job that calculates it
    person = models.UUIDField()
    unit = models.TextField()  # of whoever tries it: colleagues there see it too
    province = models.TextField()
    sort = models.TextField()
    name = models.TextField()
    asked = models.JSONField()  # parameters, as texts
    kept = models.JSONField(default=list)
    forbidden = models.JSONField(default=list)
    before = models.UUIDField(null=True)  # the trial whose answer was put right by hand
    answer = models.JSONField(null=True)
    fault = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit", "-at"], name="means_trial_of_unit")]
