"""One site as people see it: its land, its buildings with rooms, condition and photos, and its history."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from haicap.matters.queries import person_names, told
from haicap.matters.showing import Names
from haicap.means import evidence
from haicap.means.premises import printing, queries, showing
from haicap.means.premises.fold import Building, Lending, Site, Survey
from haicap.means.premises.models import SiteRow, areas
from haicap.means.premises.pages import seen
from haicap.means.premises.views import LIST, spaces
from haicap.means.tabs import tabs
from haicap.units.names import unit_names
from haicap.units.sign_in import Request, signed_in


@dataclass(frozen=True, slots=True)
class SurveyShown:
    """A survey as the site's page shows it."""

    its: Survey
    tag: str
    words: str
    money: str
    by: str
    pieces: list[evidence.Shown]


@dataclass(frozen=True, slots=True)
class BuildingShown:
    """A building as the site's page shows it, the newest survey apart from the older ones."""

    its: Building
    facts: list[tuple[str, str]]
    rooms: list[tuple[Any, str, str, str]]  # room, use in words, to whom it is lent, area
    areas: list[tuple[str, str]]
    newest: SurveyShown | None
    older: list[SurveyShown]
    lent: list[tuple[Lending, bool]]  # and whether its day is over
    fate: str


@require_safe
@signed_in
def one(request: Request, subject: UUID) -> HttpResponse:
    """A site: its land, its buildings with rooms, condition and photos, and its history."""
    its = seen(request, subject)
    site, entries = its.site, told(subject)
    standing = sorted(site.standing, key=lambda it: it.its.code)
    names = Names(unit_names(_units_named(site)), person_names({entry.actor for entry in entries}))
    context = {
        "its": its, "site": site, "names": names, "unit": names.unit(site.holder), "tabs": tabs(request.person, LIST),
        "buildings": [_building(site, it, names, its.today) for it in standing],
        "gone": [_gone(site, it) for it in site.buildings if it not in site.standing],
        "moves": [(names.unit(it.giver), names.unit(it.to), it) for it in site.moves],
        "land": _land(site, names), "spaces": spaces(queries.spaces(SiteRow.objects.filter(pk=subject)), {}),
        "receiver": names.unit(site.handover.said.to) if site.handover else "",
        "fate": showing.fates().get(its.row.fate or "", ""), "former": showing.levels().get(its.row.former or "", ""),
        "events": showing.events(site, entries, names),
    }  # fmt: skip
    return render(request, "premises/one.html", context)


def _units_named(site: Site) -> set[str]:
    surveyors = {it.said.by for building in site.buildings for it in building.surveys}
    receivers = {site.handover.said.to} if site.handover else set()
    moved = {code for it in site.moves for code in (it.giver, it.to)}
    return {site.unit, site.holder, *surveyors, *receivers, *moved} - {""}


def _land(site: Site, names: Names) -> list[tuple[str, str]]:
    its, land = site.details, site.details.land
    place = f"{its.place.latitude}, {its.place.longitude}" if its.place else ""
    certificate = _("số %(n)s") % {"n": land.certificate} if land.certificate else ""
    return [
        (_("Địa chỉ hiện nay"), its.address), (_("Địa chỉ cũ"), its.old_address),
        (_("Diện tích đất"), showing.square(land.area)),
        (_("Giấy tờ đất"), " ".join(filter(None, (showing.titles()[land.title], certificate)))),
        (_("Đứng tên sử dụng đất"), land.owner), (_("Quy hoạch"), land.planning), (_("Tọa độ"), place),
    ]  # fmt: skip


def _building(site: Site, it: Building, names: Names, day: date) -> BuildingShown:
    uses, lent = showing.room_uses(), {code: one.said.to for one in it.lent for code in one.said.rooms}
    surveys = sorted((one for one in it.surveys if not one.withdrawn), key=lambda one: (one.said.on, one.at))
    shown = [_survey(site, one, names) for one in reversed(surveys)]
    return BuildingShown(
        it, _facts(it), [
            (room, uses.get(room.use, room.use), lent.get(room.code, ""), showing.square(room.area))
            for room in it.rooms
        ],
        [(uses.get(code, code), showing.square(area)) for code, area in sorted(areas(it).items())],
        shown[0] if shown else None, shown[1:],
        [(one, one.said.until is not None and one.said.until < day) for one in it.lent],
        showing.fates().get(site.fate_of(it.its.code) or "", ""),
    )  # fmt: skip


def _gone(site: Site, it: Building) -> tuple[str, str]:
    """A building that is used no more, and why."""
    if it.gone is None:
        return showing.building_words(it), showing.fates().get(site.fate_of(it.its.code) or "", "")
    why = showing.reasons_gone()[it.gone.why]
    return showing.building_words(it), ", ".join(
        filter(None, (why, showing.day(it.gone.since), it.gone.paper))
    )


def _facts(it: Building) -> list[tuple[str, str]]:
    its = it.its
    until = _("đến %(day)s") % {"day": showing.day(its.until)} if its.until else ""
    own = showing.tenures()[its.tenure]
    lender = " ".join(filter(None, (own, its.lender, until))) if its.tenure == "borrowed" else own
    return [
        (_("Dùng làm"), showing.building_uses()[its.use]), (_("Số tầng"), str(its.storeys)),
        (_("Diện tích sàn"), showing.square(its.area)), (_("Năm hoàn thành"), str(its.year or "")),
        (_("Quyền sử dụng"), lender),
    ]  # fmt: skip


def _survey(site: Site, it: Survey, names: Names) -> SurveyShown:
    said = it.said
    return SurveyShown(
        it, showing.TAGS[said.condition], showing.conditions()[said.condition], showing.money(said.estimate),
        names.unit(said.by or site.holder),
        evidence.shown(said.evidence, lambda blob: reverse("premises:evidence", args=[site.id, blob])),
    )  # fmt: skip


@require_safe
@cache_control(private=True, max_age=3600)
@signed_in
def piece(request: Request, subject: UUID, blob: str) -> HttpResponse:
    """A photo or paper of a survey, or its small picture."""
    its = seen(request, subject)
    surveys = (it for building in its.site.buildings for it in building.surveys if not it.withdrawn)
    return evidence.answer(request, subject, (one for it in surveys for one in it.said.evidence), blob)


@require_safe
@signed_in
def record(request: Request, subject: UUID, survey: UUID) -> HttpResponse:
    """The record of a survey on A4."""
    its = seen(request, subject)
    for building in its.site.buildings:
        for it in building.surveys:
            if it.id == survey and not it.withdrawn:
                pdf = printing.record(its.site, building, it)
                name = f"khao-sat-{it.said.on.isoformat()}.pdf"
                return HttpResponse(
                    pdf,
                    content_type="application/pdf",
                    headers={"Content-Disposition": f'inline; filename="{name}"'},
                )
    raise Http404
