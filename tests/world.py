"""A small world in which every kind of page has something to show: for crawlers, which follow links from Today.

Made through actions and, where a page alone does it, through pages; at this moment, so that it is in the lists.
"""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cast import WARD, unit
from conflicting import strays
from duty.desk import HOUR, closes, opens, reports, writes
from haicap.duty import shifts
from haicap.duty.entries import ShiftHandedOver
from haicap.journal.erasing import apply
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters import afterwards
from haicap.matters.directing import actions as directing
from haicap.matters.directing.entries import ClauseSaid, Sort
from haicap.matters.directing.fold import Directive
from haicap.matters.entries import Corrected, Stepped
from haicap.matters.erasure.actions import erase
from haicap.matters.fold import matters as folded_matters
from haicap.matters.guidance import actions as guiding
from haicap.matters.guidance.entries import Wording
from haicap.matters.handling import Doing, take_step
from haicap.matters.law import law
from haicap.matters.lookup import code_of
from haicap.matters.state import Matter
from haicap.units.rights import tell_database
from matters.acting import raises, steps, who
from matters.sheets_at_hand import handed_in, taken, workbook
from means.lists_at_hand import PREMISES, THINGS, handed_over, list_in
from means.norming import normed
from means.people_world import assessed, staffed
from means.plans_world import planned
from means.premises_world import premises
from means.things_world import equipped
from means.works_at_hand import built
from nodes.world import noded
from pages import browser

CRIME = {
    "source": "information", "what": "Xe để trước cửa hàng", "place": "Chợ Sắt", "severity": "very-serious",
    "group": "drugs", "reporter.name": "Nguyễn Văn A", "reporter.phone": "0912345678",
}  # fmt: skip
ROOF = {"kind": "headquarters", "what": "Dột hai phòng", "money": "850000000"}
PRINTER = {"kind": "equipment", "what": "Máy in không lên nguồn"}
STAFF, LOGISTICS = "31-PV01", "31-PH10"
SHEET = [
    ["TT", "Ngày", "Nội dung", "Loại"],
    [1, "03/02/2026", "Thiếu bàn ghế phòng tiếp dân", "Trang thiết bị"],
    [2, "03/02/26", "Nhà xe dột", "Trụ sở"],
    ["", "", "Tổng cộng: 2", ""],
]


@dataclass(frozen=True, slots=True)
class World:
    """What tests need to name of it: the crime report, and the code that stands on its receipt."""

    crime: Matter
    code: str


def made() -> World:
    """The world, in the database of the test."""
    now = datetime.now(UTC)
    crime = matters(now)
    guided(now)
    directed(now)
    on_duty(now)
    sheets()
    premises(now)
    equipped()
    planned()
    lists()
    normed()
    staffed()
    assessed()
    noded()
    kept(crime)
    built(now)
    two_truths(now)
    erased(now)
    tell_database(who("clerk"))
    return World(crime, code_of(crime.id))


def matters(now: datetime) -> Matter:
    """A crime report on its way with a photo, the same told twice, one joined, and a difficulty that money solves."""
    crime = raises("clerk", "crime-report", "Mất xe máy Wave tại chợ Sắt", CRIME, at=now - 5 * HOUR)
    steps("chief", crime, "pass-on", at=now - 4 * HOUR)
    again = raises("clerk", "crime-report", "Trộm xe máy Wave ở chợ Sắt", CRIME, at=now - 3 * HOUR)
    joined = raises("clerk", "crime-report", "Mất xe máy Wave tại chợ Sắt", CRIME, at=now - 2 * HOUR)
    with writing(who("chief"), at=now - HOUR, subjects=[joined.id, again.id], units=[WARD]) as pen:
        afterwards.join(pen, entry_id=uuid7(), subject=joined.id, into=again.id)
    long_ago = now - timedelta(days=40)
    roof = raises("clerk", "difficulty", "Trụ sở dột", ROOF, at=long_ago)
    due = (long_ago + timedelta(days=10)).date().isoformat()
    asked = {
        "authority": "UBND phường Hồng Bàng",
        "paper": "112/ĐN-PH10",
        "sum": "850000000",
        "answer_due": due,
    }
    steps("logistics", roof, "answer", at=long_ago + HOUR, outcome="asked-authority", **asked)
    raises(
        "clerk",
        "difficulty",
        "Đường truyền chập chờn",
        {"kind": "data-lines", "what": "Mất mạng"},
        at=now - HOUR,
    )
    return crime


def guided(now: datetime) -> None:
    """A guidance out of an answer, asked again since; and a question that it would answer."""
    source = raises("clerk", "difficulty", "Máy in hỏng thì báo ai", PRINTER, at=now - timedelta(days=9))
    wording = Wording(
        question="Máy in hỏng thì báo cho đơn vị nào?", answer="Lập phiếu báo hỏng, gửi Phòng Hậu cần.",
        topics=("equipment",), paper="15/HD-PH10", law=("Thông tư 1",), since=now.date() - timedelta(days=8),
    )  # fmt: skip
    subject, ids = uuid7(), [source.id]
    with writing(who("logistics_head"), at=now - timedelta(days=8), subjects=[subject, *ids], units=["31"],
                 channel="reference") as pen:  # fmt: skip
        guidance = guiding.publish(
            pen,
            entry_id=uuid7(),
            subject=subject,
            wording=wording,
            issuer=LOGISTICS,
            province="31",
            sources=(source,),
        )
    again = raises("neighbour", "difficulty", "Hỏng máy in", PRINTER, at=now - HOUR, at_unit="11329")
    with writing(who("neighbour"), at=now, subjects=[again.id], units=["11329"]) as pen:
        guiding.point(pen, entry_id=uuid7(), subject=again.id, guidance=guidance, how="again")
    raises("clerk", "difficulty", "Máy in kẹt giấy", PRINTER, at=now - HOUR)


def directed(now: datetime) -> None:
    """A plan to two wards, one task reported; a visit of the director and the next one."""
    plan = issued("staff_head", STAFF, "plan", "12/KH-PV01", now - timedelta(days=9))
    for place, text in ((plan.task(0, WARD), "Đã kiểm tra"), (plan.task(1, WARD), "Đã lập danh sách")):
        with writing(who("chief"), at=now, subjects=[place], units=[STAFF]) as pen:
            doing = Doing("report", answers={"done": text})
            take_step(pen, entry_id=uuid7(), subject=place, law=law(), doing=doing)
    visit = issued("director", "31", "visit", "TB 3", now - timedelta(days=8), visited=WARD)
    issued("director", "31", "visit", "TB 7", now - timedelta(days=1), visited=WARD, previous=visit.id)


def issued(account: str, at_unit: str, sort: Sort, number: str, at: datetime, *, visited: str | None = None,
           previous: UUID | None = None) -> Directive:  # fmt: skip
    due: date = at.date() + timedelta(days=20)
    clauses = tuple(ClauseSaid(code=str(n), text=f"Nhiệm vụ số {n}", due=due) for n in (1, 2))
    saying = directing.Saying(
        number=number, title="Kiểm tra nhà trọ", sort=sort, issued=at.date(), signer="Trưởng phòng", clauses=clauses,
        units=(visited,) if visited else (WARD, "11329"), visited=visited, previous=previous,
    )  # fmt: skip
    subject = uuid7()
    with writing(who(account), at=at, subjects=[subject], units=[at_unit]) as pen:
        return directing.issue(
            pen, entry_id=uuid5(subject, "issued"), subject=subject, law=law(),
            unit=unit(at_unit, using="default"), saying=saying,
        )  # fmt: skip


def on_duty(now: datetime) -> None:
    """A shift with a fire, reported by phone, and a call; yesterday's lines are in the bulletin."""
    shift = opens(at=now - 30 * HOUR, hours=24)
    writes("Mất trộm tại chợ Sắt", at=now - 26 * HOUR)
    closes(writes("Đánh nhau tại bến xe", at=now - 25 * HOUR), at=now - 24 * HOUR)
    fire = writes("Cháy kho", at=now - HOUR, case="fire", people="Trần Thị Bê")
    reports(fire, "phone", at=now - HOUR)
    writes("Hỏi thủ tục tạm trú", "call", at=now - HOUR)
    with writing(who("clerk"), at=now, subjects=[shift.id], units=[WARD]) as pen:
        left = ShiftHandedOver(lines=(fire.id,), quick=1, due=1, note="Theo dõi vụ cháy")
        shifts.hand_over(pen, entry_id=uuid7(), shift=shift.id, left=left)


def sheets() -> None:
    """A sheet taken in, and one that is being looked at."""
    taken(handed_in(workbook(SHEET)))
    handed_in(workbook([*SHEET[:1], [1, "04/02/2026", "Cửa kho hỏng khóa", "Trụ sở"]]))


def lists() -> None:
    """Lists of a former district's means: one taken in by the ward, one that is being looked at."""
    tell_database(who("clerk"))
    handed_over(THINGS, "clerk")
    list_in(workbook(PREMISES), "clerk", sort="premises")


def two_truths(now: datetime) -> None:
    """A difficulty about which the department and the ward have decided without seeing each other."""
    torn = raises("clerk", "difficulty", "Nhà xe dột", ROOF, at=now - HOUR)
    steps("logistics", torn, "answer", at=now, outcome="guidance", guidance="Theo mẫu")
    stray = Corrected(facts={}, title="Nhà kho dột", reason="Ghi nhầm")
    strays(folded_matters, torn.id, stray, account="chief", unit=WARD)


def erased(now: datetime) -> None:
    """An ended crime report whose sealed facts were ordered to be erased, and another that still could be."""
    over = Stepped(step="decide", now="decided", outcome="not-opened", ends=True)
    ended = [raises("clerk", "crime-report", title, CRIME, at=now - HOUR) for title in ("Mất ví", "Mất mũ")]
    for its in ended:
        with writing(who("chief"), at=now, subjects=[its.id], units=[WARD]) as pen:
            pen.write(folded_matters, uuid7(), its.id, over, unit=WARD, grant=None)
    with writing(who("director"), at=now, subjects=[ended[0].id], units=[WARD]) as pen:
        erase(pen, entry_id=uuid7(), subject=ended[0].id, ground="Hết thời hạn lưu giữ", paper="5/QĐ")
    apply([ended[0].id], at=now, using="default")


def kept(crime: Matter) -> None:
    """What pages alone keep: a filter, a draft, an act on many that is being looked at, a photo."""
    clerk = browser("clerk")
    sent = {"path": "/matters/", "name": "Vướng mắc đang mở", "query": "procedure=difficulty&open=1"}
    assert clerk.post("/filters/keep/", sent).status_code == 302
    clerk.post("/matters/bulk/", {"subject": [str(crime.id)]})
    photo = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(photo, "JPEG")
    for n, personal in enumerate(("", "1")):
        files = {"files": [SimpleUploadedFile(f"anh{n}.jpg", photo.getvalue())], "about": "cổng chợ"}
        more = {"entry_id": str(uuid7())} | ({"personal": personal} if personal else {})
        assert clerk.post(f"/matters/id/{crime.id}/files/", files | more).status_code == 302
