"""The components of every page, as template tags; /styleguide shows each with its call.

Tags take plain values, so that rooms below the web room need nothing of it: where a tag takes a list of
things (filters, events, tabs), each may be a mapping or an object with the attributes named in the tag.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from html import escape
from typing import Any
from urllib.parse import urlencode

from django import forms, template
from django.conf import settings
from django.http import QueryDict
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from haicap.web import words

register = template.Library()


def _of(thing: object, name: str, default: Any = "") -> Any:
    return thing.get(name, default) if isinstance(thing, Mapping) else getattr(thing, name, default)


def _query(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET.copy() if request else QueryDict(mutable=True)


def _now(context: Context, now: datetime | None) -> datetime:
    given = now or context.get("now")
    return given if isinstance(given, datetime) else timezone.now()


# Words


@register.filter
def local(moment: datetime | None) -> str:
    """`21/11/2026 07:41` in Vietnam's time; nothing for None."""
    return words.local(moment) if moment else ""


@register.filter
def number(value: int | float | Decimal | None, places: int | None = None) -> str:
    """Grouped as the language does; nothing for None."""
    return "" if value is None else words.number(value, places)


@register.filter
def label(text: object) -> str:
    """A {vi, en} text in the active language, Vietnamese where the other is missing; plain text as it is."""
    if isinstance(text, str):
        return text
    return str(_of(text, (get_language() or "vi")[:2]) or _of(text, "vi", text))


@register.simple_tag
def when(moment: datetime | None) -> SafeString | str:
    """A `<time>` in Vietnam's time with the exact instant on hover; nothing for None."""
    if moment is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        words.exact(moment),
        words.local(moment),
    )


@register.simple_tag
def until(moment: datetime | None) -> SafeString | str:
    """Like `when`, for the end of a limit: 24:00 of the day that it ends, not 00:00 of the next."""
    if moment is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', moment.isoformat(), words.exact(moment), words.end(moment)
    )


@register.filter
def end(moment: datetime | None) -> str:
    """The end of a limit as plain text."""
    return words.end(moment) if moment else ""


@register.simple_tag(takes_context=True)
def ago(context: Context, moment: datetime | None, now: datetime | None = None) -> SafeString | str:
    """Like `when`, told as "3 phút trước" within a day."""
    if moment is None:
        return ""
    said = words.ago(moment, _now(context, now))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', moment.isoformat(), words.exact(moment), said
    )


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: object) -> str:
    """This page's address with some parameters changed, or taken out where the value is None or ''.

    A change of anything but the page goes back to the first page.
    """
    query = _query(context)
    if "page" not in changes:
        query.pop("page", None)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


# Tags and clocks


@register.simple_tag
def tag(kind: str, text: object) -> SafeString:
    """A state by word and shape: late ▲, soon ◐, well ○, hold Ⅱ, clash ◆, done ✓, plain."""
    return format_html('<span class="tag {}">{}{}</span>', kind, SHAPES.get(kind, ""), label(text))


SHAPES = {kind: format_html('<i aria-hidden="true">{}</i>', shape) for kind, shape in words.SHAPES.items()}


def _said(
    context: Context,
    due: datetime | None,
    now: datetime | None,
    working_days: int | None,
    paused: object,
    done: datetime | None,
) -> words.Said:
    if done and due:
        return words.finished(due, done)
    if paused:
        return words.Said("hold", words.paused("" if paused is True else label(paused)))
    if due is None:
        return words.Said("plain", words.no_limit())
    return words.due(due, _now(context, now), working_days)


@register.simple_tag(takes_context=True)
def clock(
    context: Context,
    due: datetime | None,
    now: datetime | None = None,
    working_days: int | None = None,
    paused: object = "",
    done: datetime | None = None,
) -> SafeString:
    """A limit as a person says it. `paused` is True or the reason; `done` the instant at which it ended."""
    said = _said(context, due, now, working_days, paused, done)
    if due is None:
        return tag(said.kind, said.words)
    return format_html(
        '<span class="tag {}" title="{}">{}<time datetime="{}">{}</time></span>',
        said.kind, words.end(due), SHAPES.get(said.kind, ""), due.isoformat(), said.words,
    )  # fmt: skip


@register.inclusion_tag("web/parts/clock_bar.html", takes_context=True)
def clock_bar(
    context: Context,
    title: object,
    since: datetime,
    due: datetime,
    now: datetime | None = None,
    limit: object = "",
    working_days: int | None = None,
    paused: object = "",
    done: datetime | None = None,
    how: str = "",
) -> dict[str, object]:
    """A clock with its bar: share of the limit used up, the date, and `how`, the address of its reckoning."""
    said = _said(context, due, now, working_days, paused, done)
    whole = (due - since).total_seconds() or 1
    used = ((done or _now(context, now)) - since).total_seconds() / whole
    return {
        "title": label(title),
        "limit": label(limit),
        "due": due,
        "how": how,
        "kind": said.kind,
        "text": said.words,
        "used": round(100 * min(1.0, max(0.0, used))),
    }


# Lists


@register.simple_tag(takes_context=True)
def head(
    context: Context,
    text: object,
    key: str = "",
    numeric: bool = False,
    optional: bool = False,
    default: str = "",
) -> SafeString:
    """A table's head cell. With `key` a link that sorts: `?sort=key`, and `?sort=-key` when it already does.

    `default` is the sort of the page without the parameter; `optional` cells go first on narrow screens.
    """
    sort = _query(context).get("sort", default)
    state = {key: "ascending", f"-{key}": "descending"}.get(sort, "") if key else ""
    said: SafeString | str = label(text)
    if key:
        turned = f"-{key}" if state == "ascending" else key
        said = format_html('<a href="{}">{}</a>', query_with(context, sort=turned), said)
    names = " ".join(name for name, is_so in (("n", numeric), ("opt", optional)) if is_so)
    return format_html(
        '<th scope="col"{}{}>{}</th>',
        format_html(' class="{}"', names) if names else "",
        format_html(' aria-sort="{}"', state) if state else "",
        said,
    )


def _filter(query: QueryDict, given: object) -> dict[str, Any]:
    value = query.get(_of(given, "name"), "")
    options = [(str(code), label(text)) for code, text in _of(given, "options", None) or ()]
    return {
        "name": _of(given, "name"),
        "label": label(_of(given, "label")),
        "type": _of(given, "type", "text") or "text",
        "options": _options(options, value),
        "value": value,
        "said": dict(options).get(value, value),
    }


def _options(options: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """The options of a select, which may be a hundred: too many for a template's loop."""
    return mark_safe(
        "".join(
            f'<option value="{escape(code)}"{" selected" if code == chosen else ""}>{escape(text)}</option>'
            for code, text in options
        )
    )


@register.inclusion_tag("web/parts/filter_bar.html", takes_context=True)
def filter_bar(context: Context, filters: Iterable[object]) -> dict[str, object]:
    """A GET form of filters, and chips for those that are set, each a link that takes its own out.

    A filter has name, label, options (pairs of value and label, for a select) and type (text, date, search).
    """
    query = _query(context)
    fields = [_filter(query, one) for one in filters]
    names = {field["name"] for field in fields}
    chips = [field | {"url": query_with(context, **{field["name"]: ""})} for field in fields if field["said"]]
    kept = [(name, value) for name, value in query.items() if name not in names and name != "page"]
    return {"fields": fields, "chips": chips, "kept": kept, "clear": f"?{urlencode(kept)}"}


@register.inclusion_tag("web/parts/pages.html", takes_context=True)
def pages(context: Context, page: Any) -> dict[str, object]:
    """Links to the pages of a list; `page` is a `django.core.paginator.Page`. One page: only the count."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    links = [(one, query_with(context, page=one) if isinstance(one, int) else "") for one in numbers]
    around = {
        "before": query_with(context, page=page.number - 1) if page.has_previous() else "",
        "after": query_with(context, page=page.number + 1) if page.has_next() else "",
    }
    return {"page": page, "links": links, **around}


@register.inclusion_tag("web/parts/downloads.html", takes_context=True)
def downloads(context: Context, csv: str = "", xlsx: str = "") -> dict[str, object]:
    """Links that take the list away; without addresses the page's own with `format=csv` and `format=xlsx`."""
    return {
        "csv": csv or query_with(context, format="csv"),
        "xlsx": xlsx or query_with(context, format="xlsx"),
    }


@register.inclusion_tag("web/parts/empty.html")
def empty(title: object, hint: object = "", url: str = "", action: object = "") -> dict[str, object]:
    """What stands where a list has nothing: why, and what to do."""
    return {"title": label(title), "hint": label(hint), "url": url, "action": label(action)}


@register.inclusion_tag("web/parts/tabs.html")
def tabs(name: object, items: Iterable[object]) -> dict[str, object]:
    """Links to views of the same thing; `name` says of what. An item has label, url, current and count."""
    return {"name": label(name), "items": items}


# Telling


@register.inclusion_tag("web/parts/figure.html")
def figure(
    value: Any, text: object, url: str = "", kind: str = "plain", note: object = ""
) -> dict[str, object]:
    """A big number that links to the records behind it; None shows a dash. Put several in `div.figures`."""
    said = number(value) if isinstance(value, int | float | Decimal) else value
    shape = words.SHAPES.get(kind, "") if value else ""
    return {
        "value": "–" if said is None else said,
        "text": label(text),
        "url": url,
        "kind": kind if value else "plain",
        "shape": shape,
        "note": label(note),
    }


@register.inclusion_tag("web/parts/timeline.html")
def timeline(events: Iterable[object]) -> dict[str, object]:
    """What happened, oldest first: events with title, text, at (aware), by, kind, url and link (words)."""
    return {"events": events}


@register.inclusion_tag("web/parts/facts.html")
def facts(pairs: Iterable[tuple[object, object]]) -> dict[str, object]:
    """A list of labels and values; empty values show a dash."""
    return {"pairs": [(label(name), value) for name, value in pairs]}


@register.inclusion_tag("web/parts/stepper.html")
def stepper(steps: Sequence[object], current: int) -> dict[str, object]:
    """Where one is in a form of several pages; `current` counts from 1."""
    return {"steps": [(place, label(step)) for place, step in enumerate(steps, 1)], "current": current}


@register.inclusion_tag("web/parts/line.html")
def line(state: object) -> dict[str, object]:
    """The state of the data line: `up` (bool) and `text`."""
    return {"up": _of(state, "up"), "text": label(_of(state, "text"))}


@register.inclusion_tag("web/parts/toast.html")
def toast(text: object, level: str = "info") -> dict[str, object]:
    """What an action came to; `level` is one of Django's message tags."""
    return {"text": text, "level": level}


# Forms


@register.inclusion_tag("web/parts/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, object]:
    """Everything that is wrong with a form, each line a link to its field; nothing if nothing is."""
    fields = [(field, error) for field in form for error in field.errors]
    return {"form": form, "wrong": fields, "general": form.non_field_errors()}


@register.inclusion_tag("web/parts/field.html")
def field(bound: forms.BoundField) -> dict[str, object]:
    """One field of a form: label, help, errors and the control, tied together for screen readers."""
    return {"field": bound}


@register.inclusion_tag("web/parts/no_secrets.html")
def no_secrets() -> dict[str, object]:
    """The line that every form and attachment carries."""
    return {}


@register.inclusion_tag("web/parts/draft.html", takes_context=True)
def draft(context: Context, saved: datetime | None) -> dict[str, object]:
    """When the draft was last saved; htmx puts it in place after each save."""
    return {"saved": saved, "now": context.get("now")}


@register.inclusion_tag("web/parts/ready_sign_ins.html", takes_context=True)
def ready_sign_ins(context: Context) -> dict[str, object]:
    """The demonstration's ready sign-ins (name, post, username, password), one button each; else nothing."""
    ready = getattr(settings, "DEMO_SIGN_INS", ()) if getattr(settings, "DEMO", False) else ()
    return {"ready": ready, "url": reverse("account_login"), "csrf_token": context.get("csrf_token")}
