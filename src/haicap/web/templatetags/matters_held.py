"""How many open matters lie in a unit's file, for rooms below `matters` that show what a change touches."""

from datetime import UTC, datetime

from django import template
from django.template.context import Context

from haicap.journal.pen import writing
from haicap.matters.models import MatterRow

register = template.Library()


@register.simple_tag(takes_context=True)
def open_matters(context: Context, code: str) -> int:
    """The count alone, of all matters, also of those that the person may not see: an operator closes no file unseen.

    The caller has judged that the person may change the unit.
    """
    with writing(context["request"].person, at=datetime.now(UTC)):
        return MatterRow.objects.filter(unit=code, ended=None).count()
