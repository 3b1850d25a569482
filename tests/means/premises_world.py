"""Premises and lines of the ward, made on pages as an officer does: for crawlers."""

import io
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cast import WARD, unit
from haicap.clocks.wall import day_of
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.means.lines import actions
from haicap.means.lines.entries import Measure
from matters.acting import who
from means.premises_histories import TERMS
from pages import browser

SITE = {
    "unit": WARD, "name": "Trụ sở cũ quận Hồng Bàng", "address": "12 Đinh Tiên Hoàng", "area": "820",
    "title": "applied",
    "level": "district", "former": "Công an quận Hồng Bàng",
}  # fmt: skip
HOUSE = {"code": "A", "name": "Nhà chính", "use": "office", "storeys": "2", "area": "470", "tenure": "own"}
ROOMS = {
    "rooms-TOTAL_FORMS": "1", "rooms-INITIAL_FORMS": "0", "rooms-0-code": "101", "rooms-0-use": "working-area",
    "rooms-0-area": "20,5",
}  # fmt: skip


def premises(now: datetime) -> None:
    """An old district house with a photo of a crack, a room shared, the whole signed over; and a line, measured."""
    day, before = day_of(now), day_of(now) - timedelta(days=1)
    entry_id = _sent("/means/premises/new/", SITE)
    subject = uuid5(entry_id, "site")
    place = f"/means/premises/{subject}/"
    _sent(f"{place}building/", HOUSE)
    _sent(f"{place}rooms/?building=A", ROOMS)
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(out, "JPEG")
    found = {"on": before.isoformat(), "condition": "damaged", "wrong": "Nứt tường", "estimate": "350 triệu"}
    for photos in ([SimpleUploadedFile("nut.jpg", out.getvalue())], []):
        _sent(f"{place}survey/?building=A", found | {"evidence": photos})
    shared = {"rooms": "101", "to": "UBND phường", "shared": "1", "since": before.isoformat()}
    _sent(f"{place}lend/?building=A", shared)
    _sent(f"{place}hand-over/", {"to": "11329", "on": day.isoformat()}, "chief")
    _line(now)


def _sent(address: str, given: dict[str, object], account: str = "clerk") -> UUID:
    entry_id = uuid7()
    assert browser(account).post(address, {"entry_id": str(entry_id)} | given).status_code == 302, address
    return entry_id


def _line(now: datetime) -> None:
    subject = uuid7()
    its = [Measure(at=now - timedelta(hours=n), down=str(40 + n), up="30") for n in range(1, 9)]
    with writing(who("clerk"), at=now, subjects=[subject], units=[WARD]) as pen:
        actions.contract(
            pen, entry_id=uuid7(), subject=subject, unit=unit(WARD, using="default"), terms=TERMS
        )
        actions.measure(pen, entry_id=uuid7(), subject=subject, measures=its, source="import")
