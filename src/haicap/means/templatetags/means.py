"""How pages of means say amounts, money and inputs."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from haicap.means import words
from haicap.means.catalogue.fold import Kind
from haicap.means.norms.reckoning import Gap
from haicap.means.tabs import Tab, tabs

register = template.Library()


@register.filter
def amount(value: Decimal | int | None) -> str:
    """A number with the places it needs; nothing for None."""
    return "" if value is None else words.amount(value)


@register.filter
def money(value: Decimal | int | None) -> SafeString | str:
    """A sum as people say it, to the dong on hover; a dash for None."""
    if value is None:
        return "–"
    return format_html('<span title="{}">{}</span>', words.dong(value), words.money(value))


@register.filter
def called(kind: Kind) -> str:
    """What a kind of the catalogue is called."""
    return words.called(kind)


@register.filter
def measured(kind: Kind) -> str:
    """What one of a kind is called."""
    return words.measure(kind)


@register.filter
def signed(change: Decimal | int | None) -> str:
    """A difference with its sign; a dash where there is nothing to compare with."""
    if change is None:
        return "–"
    its = Decimal(change)
    return "0" if not its else f"{'+' if its > 0 else '−'}{words.amount(abs(its))}"


@register.filter
def money_words(value: Decimal | int | None) -> str:
    """The same without the hover, for figures."""
    return words.money(value)


@register.filter
def compared(gap: Gap) -> tuple[str, str]:
    """Whether something is short, beyond the norm or enough, and by how much: a tag's kind and words."""
    if gap.short:
        return "soon", _("thiếu %(n)s") % {"n": words.amount(gap.short)}
    if gap.surplus:
        return "plain", _("vượt %(n)s") % {"n": words.amount(gap.surplus)}
    return "well", _("đủ định mức")


@register.filter
def inputs(its: Any) -> str:
    """What a figure was worked out from, in one line."""
    return words.inputs(its)


@register.filter
def dong(value: Decimal | int | str | None) -> str:
    """A sum in VND to the dong; nothing for None."""
    return "" if value is None else words.dong(Decimal(value))


@register.simple_tag(takes_context=True)
def means_tabs(context: dict[str, Any], current: str = "") -> list[Tab]:
    """The parts of this room that whoever looks at the page may enter, for pages whose views know nothing of them."""
    return tabs(context["request"].person, current)
