"""Sums of money as tables of requests show them: `{% load authorities %}`."""

from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils import formats

register = template.Library()
MILLION = 1_000_000


@register.filter
def millions(value: Decimal | None) -> str:
    """An amount of VND in millions; a dash for nothing."""
    if not value:
        return "–"
    whole = (value / MILLION).quantize(Decimal(1), ROUND_HALF_UP)
    return formats.number_format(whole, use_l10n=True, force_grouping=True)
