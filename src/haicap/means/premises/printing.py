"""The record of a survey on A4. Papers are Vietnamese whatever the page is."""

from django.utils import translation

from haicap.clocks.wall import day_of
from haicap.matters.queries import person_names
from haicap.means.premises import showing
from haicap.means.premises.fold import Building, Site, Survey
from haicap.papers.documents import render
from haicap.papers.heads import head_of

SYMBOL = "BB-KS"


def record(site: Site, building: Building, survey: Survey) -> bytes:
    """The PDF of the record, by whoever looked, as it was that day."""
    said, its = survey.said, building.its
    with translation.override("vi"):
        name = person_names([survey.actor]).get(survey.actor, "").split(",")[0]
        head = head_of(said.by or site.holder, survey.at) | {"symbol": SYMBOL, "date": day_of(survey.at)}
        uses = showing.room_uses()
        return render("survey", {
            "head": head, "synthetic": site.synthetic, "site": site.details.name, "address": site.details.address,
            "building": f"{its.code} · {its.name}", "about": "; ".join((
                showing.building_uses()[its.use], f"{its.storeys} tầng", f"sàn {showing.square(its.area)}",
                *([f"hoàn thành năm {its.year}"] if its.year else []),
            )),
            "on": said.on, "condition": showing.conditions()[said.condition],
            **({"wrong": said.wrong} if said.wrong else {}), "estimate": showing.money(said.estimate),
            "rooms": [
                {"cells": (room.code, room.name, uses.get(room.use, room.use), showing.square(room.area))}
                for room in building.rooms
            ],
            "pieces": [f"{it.name}{f', chụp ngày {it.taken:%d/%m/%Y}' if it.taken else ''}" for it in said.evidence],
            "surveyor": {"post": "Người khảo sát", "hint": "Ký, ghi rõ họ tên", "name": name},
            "holder": {"post": "Đại diện đơn vị sử dụng", "hint": "Ký, ghi rõ họ tên", "name": ""},
        })  # fmt: skip
