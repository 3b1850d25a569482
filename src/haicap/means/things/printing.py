"""Labels and the record of a hand-over on A4. Papers are Vietnamese whatever the page is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from haicap.clocks.wall import VIETNAM
from haicap.matters.queries import unit_names
from haicap.means.catalogue.queries import catalogue
from haicap.means.things.fold import Handed
from haicap.means.things.models import ThingRow
from haicap.means.things.showing import conditions, kind_words, measure_words
from haicap.papers.documents import qr_of, render
from haicap.papers.heads import head_of

SYMBOL = "BB-BG"  # follows the number of a hand-over's record
VERDICTS = {
    "accepted": "đã nhận",
    "refused": "không nhận",
    "recalled": "bên giao rút lại",
    None: "chờ ký nhận",
}


def address(code: str, server: str) -> str:
    """What a label's QR code holds: the address at which the installation is known, or else is being asked at."""
    return f"{(settings.PUBLIC_ADDRESS or server).rstrip('/')}{reverse('things:code', args=[code])}"


def labels(rows: Sequence[ThingRow], server: str) -> bytes:
    """The PDF of the labels of these things, 24 on a page. `server` is where this installation is asked at."""
    with translation.override("vi"):
        kinds, names = catalogue(), unit_names(row.holder for row in rows)
        at = datetime.now(VIETNAM)
        return render("labels", {
            "head": {"agency": names.get(rows[0].holder, rows[0].holder), "place": "–", "date": at.date()},
            "labels": [
                {
                    "qr": qr_of(address(row.code, server)), "code": row.code, "kind": kind_words(kinds, row.kind),
                    "name": cut(" ".join(filter(None, (row.name, row.plate)))),
                    "unit": names.get(row.holder, row.holder),
                }
                for row in rows
            ],
        })  # fmt: skip


def cut(text: str, most: int = 42) -> str:
    """A text of at most so many characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def record(its: Sequence[Handed]) -> bytes:
    """The PDF of the record of a hand-over: at least one thing."""
    first = its[0].move
    ended = [it.move.ended for it in its if it.move.ended and it.move.taker]
    taken = max(ended) if ended else None
    with translation.override("vi"):
        names = unit_names([first.giver, first.receiver])
        giver, receiver = (names.get(code, code) for code in (first.giver, first.receiver))
        taker = next((it.move.taker for it in its if it.move.taker), "")
        return render("record", {
            "head": head_of(first.giver, first.offered) | {"symbol": SYMBOL},
            "title": "Biên bản bàn giao tài sản", "synthetic": any(it.synthetic for it in its),
            "facts": [
                {"label": "Bên giao", "value": f"{giver}; người ký: {first.signer or '–'}"},
                {"label": "Bên nhận", "value": f"{receiver}; người ký: {taker}" if taker else receiver},
                {"label": "Căn cứ", "value": first.paper}, {"label": "Lý do", "value": first.reason},
                {"label": "Bên giao ký lúc", "value": moment(first.offered)},
                {"label": "Bên nhận ký lúc", "value": moment(taken) if taken else "chưa ký"},
            ],
            "sections": [{"title": "Tài sản bàn giao", "columns": COLUMNS, "rows": [_row(it) for it in its]}],
            "left": _signature("Đại diện bên giao", first.signer),
            "right": _signature("Đại diện bên nhận", taker),
        })  # fmt: skip


COLUMNS = [
    {"label": "Mã tài sản", "width": 36}, {"label": "Tên, số máy, biển số", "width": 0},
    {"label": "ĐVT", "width": 13}, {"label": "Số lượng", "width": 15, "right": True},
    {"label": "Chất lượng", "width": 17}, {"label": "Kết quả", "width": 20},
]  # fmt: skip


def _row(thing: Handed) -> list[str]:
    kinds, move = catalogue(), thing.move
    what = ", ".join(filter(None, (kind_words(kinds, thing.kind), thing.name, thing.serial, thing.plate)))
    return [
        thing.code, what, measure_words(kinds, thing.kind), str(move.count), conditions()[move.condition],
        VERDICTS[move.verdict],
    ]  # fmt: skip


def _signature(post: str, name: str) -> dict[str, Any]:
    """Name alone; who has signed in the system need not sign by hand, but may."""
    return {"post": post, "name": name.split(",")[0], "hint": "Ký, ghi rõ họ tên"}


def moment(at: datetime) -> str:
    """`08:30 ngày 21/11/2026` in Vietnam's time."""
    return f"{at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"
