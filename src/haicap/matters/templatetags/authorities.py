"""Sums of money as tables of requests show them: `{% load authorities %}`."""

from decimal import Decimal

from django import template

from haicap.web import words

register = template.Library()
MILLION = 1_000_000


@register.filter
def millions(value: Decimal | None) -> str:
    """An amount of VND in millions; a dash for nothing."""
    return words.number(value / MILLION, 0) if value else "–"
