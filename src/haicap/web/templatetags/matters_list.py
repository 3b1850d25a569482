"""The rows of the list of matters: `{% load matters_list %}{% matter_rows lines ticks=may_act %}`.

Written by hand: a template's loop over them takes four times as long, half the time of the whole page.
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from haicap.web import words
from haicap.web.templatetags.haicap import clock, tag

register = template.Library()
NOTHING = mark_safe('<span class="quiet">–</span>')


@register.simple_tag(takes_context=True)
def matter_rows(context: Context, lines: Iterable[Any], *, ticks: bool = False) -> SafeString:
    """The table's body; `lines` are `haicap.matters.views.Line`, with `ticks` each can be chosen."""
    return mark_safe("\n".join(_row(context, line, ticks) for line in lines))


def _row(context: Context, line: Any, ticks: bool) -> str:
    row, number, kind = line.row, escape(line.row.number), escape(line.procedure)
    below = f'<br><span class="quiet small">{kind}</span>' if line.title != line.procedure else ""
    clash = f"<br>{tag('clash', _('Hai bản ghi khác nhau'))}" if row.conflicts else ""
    return (
        f'<tr>{_tick(row, number) if ticks else ""}<td class="num"><a class="open" href="{line.url}">{number}</a></td>'
        f'<td class="subject">{escape(line.title)}{below}</td><td>{escape(line.status)}{clash}</td>'
        f'<td class="opt{"" if row.holder else " quiet"}">{escape(line.holder)}</td><td>{_limits(context, line)}</td>'
        f'<td class="opt num"><time datetime="{row.received.isoformat()}" title="{words.local(row.received)}">'
        f"{line.received}</time></td><td>{_step(line, number) if line.step else ''}</td></tr>"
    )


def _tick(row: Any, number: str) -> str:
    box = f'<input type="checkbox" form="bulk" name="subject" value="{row.pk}" aria-label="{number}">'
    return f'<td class="tick">{box}</td>'


def _step(line: Any, number: str) -> str:
    said = f'{escape(line.step)}<span class="hidden">, {number}</span>'
    return f'<a class="button little" href="{line.step_url}">{said}</a>'


def _limits(context: Context, line: Any) -> SafeString:
    """What the service owes first, and what a third party owes beside it; of an ended matter only that it is done."""
    if line.row.ended:
        return tag("done", _("Đã xong"))
    ours = _clock(context, line.due) if line.due.due or line.due.paused else SafeString()
    if line.third is None:
        return ours or NOTHING
    third = format_html('<span class="third">{} {}</span>', _("Cơ quan khác:"), _clock(context, line.third))
    return format_html("{}{}", ours, third)


def _clock(context: Context, due: Any) -> SafeString:
    return clock(context, due.due, working_days=due.working_days, paused=due.paused)
