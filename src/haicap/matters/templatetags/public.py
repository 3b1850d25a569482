"""What the pages for people are written with."""

from django import template
from django.utils.translation import get_language

from haicap.units.models import UnitRow

register = template.Library()


@register.filter
def unit_name(row: UnitRow) -> str:
    """A unit's name in the active language."""
    return row.name_en if (get_language() or "vi").startswith("en") else row.name
