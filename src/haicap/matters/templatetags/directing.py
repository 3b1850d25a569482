"""On the page of a task, the directive that it comes from: `{% load directing %}{% directive_for seen %}`."""

from typing import Any

from django import template
from django.template import Context

from haicap.matters.directing.actions import PROCEDURE
from haicap.matters.directing.queries import numbered
from haicap.matters.pages import Seen

register = template.Library()


@register.inclusion_tag("directing/beside.html", takes_context=True)
def directive_for(context: Context, seen: Seen) -> dict[str, Any]:
    """The directive with the task's number that its giver issued, where the person may see it. One query for a task."""
    matter = seen.matter
    if matter.procedure != PROCEDURE:
        return {"row": None}
    number = str(matter.facts.get("directive") or "")
    row = numbered(context["request"].person, [number]).get(number)
    return {"row": row if row is not None and row.issuer == matter.raised_by else None}
