"""Published guidance on the page of a difficulty: `{% load guidance %}{% guidance_for seen %}`."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from haicap.journal.ids import uuid7
from haicap.matters.guidance import queries
from haicap.matters.guidance.actions import RIGHT
from haicap.matters.pages import Seen
from haicap.matters.queries import judged
from haicap.matters.routing import side_of
from haicap.units.rights import Scope, decide
from haicap.units.sign_in import today

register = template.Library()
PUBLISHABLE = ("guidance", "rule-changed")
"""The outcomes of a difficulty whose answer may hold for others too."""


@register.inclusion_tag("guidance/beside.html", takes_context=True)
def guidance_for(context: Context, seen: Seen) -> dict[str, Any]:
    """What a difficulty has to do with guidance: linked, offered, to answer with, to ask despite of, to publish.

    At most one small query: guidance lies in memory.
    """
    matter, person = seen.matter, context["request"].person
    if matter.procedure != queries.PROCEDURE:
        return {"shown": False}
    linked = {it.guidance for it in matter.guided}
    offered = [it for it in queries.found(matter.title, 2, day=today()) if it.id not in linked]
    step = seen.procedure.step.get("answer")
    fits = step is not None and matter.state in step.from_ and not matter.joined
    asks = decide(person, "matter.note", Scope.of(side_of(matter, "raiser"), kind=matter.procedure)).allowed
    publishes = matter.outcome in PUBLISHABLE and person.may(RIGHT)
    published = any(it.how == "source" for it in matter.guided)
    return {
        "shown": True,
        "matter": matter,
        "linked": matter.guided,
        "offered": offered,
        "may_answer": fits and step is not None and judged(person, matter, step).allowed,
        "may_ask": asks and not matter.ended and matter.raised_by in person.units,
        "publish": f"{reverse('guidance:new')}?matter={matter.id}" if publishes and not published else "",
        "entry_id": uuid7(),
        "csrf_token": context.get("csrf_token"),
    }
