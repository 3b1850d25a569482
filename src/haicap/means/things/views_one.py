"""One thing: what it is, what can be done with it next, and its history in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haicap.clocks.wall import day_of
from haicap.journal.ids import uuid7
from haicap.journal.pen import Pen, writing
from haicap.matters.queries import person_names, told, unit_names
from haicap.matters.showing import Names
from haicap.means.catalogue.queries import catalogue
from haicap.means.premises.queries import sites_of
from haicap.means.stocktake.queries import counting
from haicap.means.tabs import tabs
from haicap.means.things import moving, queries, recording
from haicap.means.things.entries import Bought
from haicap.means.things.fold import Gone, Thing
from haicap.means.things.forms import (
    DescribeForm,
    DisposeForm,
    JudgeForm,
    PlaceForm,
    ReasonForm,
    RecountForm,
    RepairedForm,
    SendForm,
    Where,
)
from haicap.means.things.models import ThingRow
from haicap.means.things.showing import (
    conditions,
    day,
    events,
    grounds,
    kind_words,
    measure_words,
    money,
    posts_in,
    tags,
    units_in,
    ways,
    where,
)
from haicap.means.things.views import FAULTS, fault_words
from haicap.units.once import Once
from haicap.units.queries import posts_named
from haicap.units.rights import Refused, Scope, decide
from haicap.units.sign_in import Request, signed_in


@dataclass(frozen=True, slots=True)
class Seen:
    """A thing that somebody may see, with what they may do about it."""

    row: ThingRow
    thing: Thing
    at: datetime
    writes: bool
    signs: bool
    where: Where

    @property
    def today(self) -> date:
        """The day that it is in Vietnam."""
        return day_of(self.at)


def seen(request: Request, subject: UUID) -> Seen:
    """The thing. Raises `Http404` also where it is merely not to be seen by this person."""
    row = queries.one(request.person, subject)
    if row is None:
        raise Http404
    scope = Scope.of(row.holder)
    may = {
        action: decide(request.person, action, scope).allowed for action in (recording.WRITE, recording.SIGN)
    }
    posts = queries.posts_of(row.holder) if may[recording.WRITE] else ()
    where = Where(sites_of(request.person, row.holder), posts)
    return Seen(row, queries.thing_of(row), timezone.now(), may[recording.WRITE], may[recording.SIGN], where)


@require_safe
@signed_in
def one(request: Request, subject: UUID) -> HttpResponse:
    """The thing with its history."""
    return _page(request, seen(request, subject))


# What can be done


def _put(thing: Thing) -> dict[str, Any]:
    return {"place": thing.put.place, "site": str(thing.put.site or ""), "post": str(thing.put.post or "")}


FORMS: dict[str, Callable[[Seen, Any], Once]] = {
    "place": lambda its, data: PlaceForm(data, where=its.where, today=its.today, put=_put(its.thing)),
    "judge": lambda its, data: JudgeForm(data, thing=its.thing, today=its.today),
    "send": lambda its, data: SendForm(data, today=its.today),
    "repaired": lambda its, data: RepairedForm(data, today=its.today),
    "dispose": lambda its, data: DisposeForm(data, thing=its.thing, today=its.today),
    "recount": lambda its, data: RecountForm(data, thing=its.thing, today=its.today),
    "restore": lambda its, data: ReasonForm(data, prefix="restore"),
}


def _possible(its: Seen) -> list[str]:
    """The acts that fit where the thing is and that the person may do, the likeliest first."""
    thing = its.thing
    if thing.gone is not None:
        return ["restore"] if its.signs and thing.gone.ground != "mistake" else []
    names: list[str] = []
    if its.writes:
        names += ["recount"] if thing.missing else []
        names += ["repaired"] if thing.repair else ["place", "judge"]
        if thing.single and not thing.repair and not thing.waiting:
            names.insert(0 if thing.condition == "broken" else len(names), "send")
        if not thing.single and not thing.missing:
            names.append("recount")
    if its.signs and not thing.waiting:
        names.append("dispose")
    return names


def _page(
    request: Request, its: Seen, forms: dict[str, Once] | None = None, status: int = 200
) -> HttpResponse:
    thing, entries, kinds = its.thing, told(its.thing.id), catalogue()
    shown = {name: FORMS[name](its, None) for name in _possible(its)} | (forms or {})
    posts = posts_named({*posts_in(entries), *([thing.put.post] if thing.put.post else [])})
    people = {entry.actor for entry in entries}
    moved = [unit for move in thing.moves for unit in (move.giver, move.receiver)]
    names = Names(unit_names([thing.unit, thing.holder, *moved, *units_in(entries)]), person_names(people))
    context = {
        "now": its.at, "tabs": tabs(request.person, "things:list"), "its": its, "thing": thing,
        "kind": kind_words(kinds, thing.kind), "measure": measure_words(kinds, thing.kind),
        "holder": names.unit(thing.holder), "file": names.unit(thing.unit), "tags": tags(its.row, its.today),
        "facts": facts(its, posts.get(thing.put.post, "") if thing.put.post else ""), "forms": shown,
        "opened": set(forms or {}), "places": queries.places_of(thing.holder) if its.writes else (),
        "events": events(entries, names, posts), "waiting": thing.waiting,
        "receiver": names.unit(thing.waiting.receiver) if thing.waiting else "",
        "takes": bool(thing.waiting and takes(request, thing)),
        "parts": queries.parts_of(request.person, thing), "count_id": uuid7(),
        "counting": () if thing.gone else counting(request.person, thing.id),
    }  # fmt: skip
    return render(request, "things/one.html", context, status=status)


def takes(request: Request, thing: Thing) -> bool:
    """Whether the person may sign for the unit that the thing is offered to."""
    move = thing.waiting
    if move is None or move.by == request.person.id:
        return False
    return decide(request.person, recording.SIGN, Scope.of(move.receiver)).allowed


def facts(its: Seen, post: str) -> dict[str, str]:
    """What is known of the thing, by names that the page words."""
    thing, site = its.thing, dict(its.where.sites).get(its.thing.put.site or its.thing.id, "")
    return {
        "name": thing.name, "serial": thing.serial, "plate": thing.plate,
        "condition": f"{conditions()[thing.condition]} ({day(thing.judged)})",
        "where": where(" · ".join(filter(None, (site, thing.put.place))), thing.put.room, ""),
        "post": post, "way": ways()[thing.way], "since": day(thing.since),
        "bought": day(thing.bought.on) or str(thing.bought.year or ""),
        "price": money(thing.bought.price), "money": thing.bought.money, "warranty": day(thing.warranty),
        "paper": thing.paper, "ground": _ground(thing.gone) if thing.gone else "",
        "gone": day(thing.gone.on) if thing.gone else "", "decision": thing.gone.paper if thing.gone else "",
        "repairer": thing.repair.to if thing.repair else "", "sent": day(thing.repair.since) if thing.repair else "",
        "back": day(thing.repair.back) if thing.repair else "",
    }  # fmt: skip


def _ground(gone: Gone) -> str:
    """Why it is held no more; what was recorded by mistake never was."""
    return gone.note or _("Ghi nhầm") if gone.ground == "mistake" else grounds()[gone.ground]


def pen_of(request: Request, its: Seen) -> Any:
    """A pen on this thing."""
    return writing(request.person, at=timezone.now(), subjects=[its.thing.id], units=[its.thing.unit])


def _acted(pen: Pen, name: str, its: Seen, form: Once) -> None:
    given = dict(form.cleaned_data)
    subject = its.thing.id
    match name:
        case "place":
            assert isinstance(form, PlaceForm)
            recording.place(
                pen, entry_id=given["entry_id"], subject=subject, put=form.put(), when=given["when"], note=given["note"]
            )  # fmt: skip
        case "judge":
            recording.judge(pen, subject=subject, **given | {"unfit": given.get("unfit") or 0})
        case "send":
            recording.send(pen, subject=subject, **given)
        case "repaired":
            recording.repaired(pen, subject=subject, **given)
        case "dispose":
            moving.dispose(pen, subject=subject, **{"count": its.thing.count} | given)
        case "recount":
            recording.recount(pen, subject=subject, **{"count": 1} | given)
        case _:
            moving.restore(pen, subject=subject, **given)


@require_POST
@signed_in
def act(request: Request, subject: UUID, name: str) -> HttpResponse:
    """Do what a form on the thing's page asks; a form at fault is shown with what it says."""
    its = seen(request, subject)
    if name not in FORMS:
        raise Http404
    form = FORMS[name](its, request.POST)
    if form.is_valid():
        try:
            with pen_of(request, its) as pen:
                _acted(pen, name, its, form)
            return redirect("things:id", subject)
        except Refused as why:
            raise PermissionDenied(str(why)) from why
        except FAULTS as fault:
            form.add_error(None, fault_words(fault))
    return _page(request, its, {name: form}, status=422)


@require_http_methods(["GET", "POST"])
@signed_in
def describe(request: Request, subject: UUID) -> HttpResponse:
    """How the thing should be described; what stood there stays in its history."""
    its = seen(request, subject)
    if not its.writes:
        raise Http404
    form = DescribeForm(request.POST or None, thing=its.thing)
    if form.is_valid():
        given = form.cleaned_data
        try:
            with pen_of(request, its) as pen:
                recording.describe(
                    pen, entry_id=given["entry_id"], subject=subject, name=given["name"],
                    serial=given.get("serial", ""), plate=given.get("plate", ""), warranty=given["warranty"],
                    bought=Bought(on=given["bought"], price=given["price"], money=given["money"],
                                year=None if given["bought"] else its.thing.bought.year),
                    reason=given["reason"],
                )  # fmt: skip
            return redirect("things:id", subject)
        except Refused as why:
            raise PermissionDenied(str(why)) from why
        except FAULTS as fault:
            form.add_error(None, fault_words(fault))
    context = {
        "now": its.at, "tabs": tabs(request.person, "things:list"), "form": form, "thing": its.thing,
        "kind": kind_words(catalogue(), its.thing.kind),
    }  # fmt: skip
    return render(request, "things/describe.html", context, status=422 if form.is_bound else 200)
