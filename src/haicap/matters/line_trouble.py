"""A long outage of a unit's line becomes a draft of a difficulty by itself, with what was measured as its evidence.

Only a draft: whether it is sent, its leader decides, who finds it on Today.
"""

import os
from datetime import datetime, timedelta
from uuid import uuid5

from haicap.clocks.calendars import OutsideCalendar
from haicap.clocks.documents import NotInForce
from haicap.clocks.wall import VIETNAM, day_of, local
from haicap.journal.models import Entry
from haicap.matters import drafts
from haicap.matters.law import Law, law
from haicap.matters.views_new import places, subject_of
from haicap.nodes.line.reporting import Report
from haicap.units.models import OfficerRow
from haicap.units.queries import held
from haicap.units.rights import Person, person_of

PROCEDURE, KIND = "difficulty", "data-lines"
USUAL = 4  # hours of working time


def least() -> timedelta:
    """The working time from which on an outage is long (`HAICAP_OUTAGE_HOURS`). Raises `ValueError` for no number."""
    return timedelta(hours=float(os.environ.get("HAICAP_OUTAGE_HOURS") or USUAL))


def take(report: Report) -> bool:
    """Begin a draft where an outage was long; True when nothing is left to do. Twice the same is once.

    False while the unit has no leader who may raise a difficulty: it is offered again.
    """
    if report.sort != "outage":
        return True
    known = law()
    if working_time(report.began, report.ended, known) < least():
        return True
    person = leader(report.unit, known, report.at)
    if person is None:
        return False
    entry_id = uuid5(report.id, PROCEDURE)
    sent = Entry.objects.using("worker").filter(id=entry_id).exists()
    if not sent and drafts.kept(person, entry_id=str(entry_id)) is None:
        drafts.save(
            person, entry_id=entry_id, subject=subject_of(entry_id), procedure=PROCEDURE, act=drafts.RAISE,
            answers=filled(report), at=report.at,
        )  # fmt: skip
    return True


def working_time(began: datetime, ended: datetime, known: Law) -> timedelta:
    """How much of a time (aware) offices were open; all of it for days that no calendar covers."""
    one, other = local(began), local(ended)
    found = timedelta()
    try:
        for opens, closes in known.calendar.days.open_from(one):
            if opens >= other:
                break
            found += min(closes, other) - opens
    except (OutsideCalendar, NotInForce):
        return ended - began
    return found


def leader(unit: str, known: Law, at: datetime) -> Person | None:
    """The highest of the unit's people who may raise a difficulty there; None while no post is held. Some queries."""
    day = day_of(at)
    for its in held(unit, day, plain=False):
        if its.post.role != "leader" or its.now is None:
            continue
        account = OfficerRow.objects.filter(pk=its.now.person).values_list("account", flat=True).first()
        person = person_of(account, day) if account else None
        if person is not None and unit in places(person, known.procedure(PROCEDURE, at)):
            return person
    return None


def filled(report: Report) -> dict[str, str]:
    """What the form holds before somebody types: in Vietnamese, as it goes into the record."""
    hours, minutes = divmod(round((report.ended - report.began).total_seconds() / 60), 60)
    length = f"{hours} giờ {minutes} phút" if minutes else f"{hours} giờ"
    span = f"{_moment(report.began)} đến {_moment(report.ended)}"
    what = (
        f"Mất đường truyền dữ liệu với cấp trên từ {span}, kéo dài {length}. Máy của đơn vị tự đo: từ lần liên lạc đầu "
        f"tiên không được đến lần đầu tiên nối lại được; biểu hiện: {SEEN.get(report.seen, report.seen) or 'không rõ'}."
    )
    return {
        "title": f"Mất đường truyền dữ liệu {length}, ngày {report.began.astimezone(VIETNAM):%d/%m/%Y}",
        "received": f"{report.at.astimezone(VIETNAM):%Y-%m-%dT%H:%M}", "by": "unit", "unit": report.unit,
        "kind": KIND, "what": what,
    }  # fmt: skip


SEEN = {
    "name": "không tìm ra địa chỉ máy chủ", "refused": "không mở được kết nối", "timeout": "không có trả lời",
    "tls": "chứng thư không hợp lệ", "cut": "đứt giữa chừng", "redirect": "thiết bị ở giữa trả lời thay",
    "format": "trả lời không đọc được",
}  # fmt: skip
"""How contacts failed (`nodes.exchange.wire.Down`), in the words of a record."""


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"
