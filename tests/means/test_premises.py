"""Premises: what is recorded, surveyed, lent and handed over; who may; and what the pages count."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cast import WARD, unit
from haicap.clocks.wall import day_of
from haicap.journal import blob_check
from haicap.journal.ids import uuid7
from haicap.journal.pen import Pen, writing
from haicap.matters.queries import told
from haicap.means.holdings import SOURCES, Held
from haicap.means.premises import entries as e
from haicap.means.premises import queries, recording, using
from haicap.means.premises.fold import Site, sites
from haicap.means.premises.models import SiteRow, SpaceRow
from haicap.units.acting import NotSo, NotYet, Unsaid
from haicap.units.rights import Refused, tell_database
from means.premises_histories import DETAILS, HOUSE, ROOMS
from pages import asked, browser, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
NOW = datetime.now(UTC)
TODAY = day_of(NOW)
NEXT = "11329"
Does = Callable[[Pen], Site]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def does(account: str, subject: UUID, act: Does, at: datetime = NOW) -> Site:
    """One act of somebody of the cast on a site in the ward's file."""
    who = person(account)
    tell_database(who)
    with writing(who, at=at, subjects=[subject], units=[WARD]) as pen:
        return act(pen)


def recorded(account: str = "clerk", details: e.Details = DETAILS) -> UUID:
    """The ward's site with no building."""
    subject = uuid7()
    does(
        account, subject,
        lambda pen: recording.record_site(
            pen, entry_id=uuid7(), subject=subject, unit=unit(WARD), details=details
        ),
    )  # fmt: skip
    return subject


def built(details: e.Details = DETAILS) -> UUID:
    """The ward's site with a house of three rooms."""
    subject = recorded(details=details)
    does("clerk", subject, lambda pen: recording.record_building(
        pen, entry_id=uuid7(), subject=subject, building=HOUSE.building
    ))  # fmt: skip
    does("clerk", subject, lambda pen: recording.set_rooms(
        pen, entry_id=uuid7(), subject=subject, building="A", rooms=ROOMS.rooms
    ))  # fmt: skip
    return subject


def surveyed(subject: UUID, condition: e.Condition, on: date = TODAY, **more: Any) -> Site:
    body = e.Surveyed(building="A", on=on, condition=condition, **({"wrong": "Nứt tường"} | more))
    return does("clerk", subject, lambda pen: using.survey(pen, entry_id=uuid7(), subject=subject, body=body))


def lent(subject: UUID, rooms: tuple[str, ...], *, shared: bool) -> Site:
    body = e.Lent(building="A", rooms=rooms, to="UBND phường", shared=shared, since=date(2026, 7, 1))
    return does("clerk", subject, lambda pen: using.lend(pen, entry_id=uuid7(), subject=subject, body=body))


def holding(kind: str, at_unit: str = WARD) -> Held | None:
    tell_database(person("logistics"))
    source = SOURCES["premises"]
    return next((it for it in source.held(person("logistics"), [at_unit]) if it.kind == kind), None)


def test_rooms_count_by_their_use_and_those_without_a_kind_count_to_none() -> None:
    subject = built()
    assert holding("reception-area") == Held(WARD, "reception-area", Decimal("38.5"), Decimal("38.5"))
    assert holding("working-area") == Held(WARD, "working-area", Decimal(200), Decimal(200))
    row = SiteRow.objects.get(pk=subject)
    assert (row.floor, row.land, row.unsurveyed, row.condition) == (470, 820, 1, None)
    assert SpaceRow.objects.filter(subject=subject, kind="common").get().area == 60


@pytest.mark.parametrize(
    ("condition", "fit"), [("good", 200), ("worn", 200), ("damaged", 0), ("unusable", 0)]
)
def test_what_is_damaged_is_held_but_not_fit(condition: e.Condition, fit: int) -> None:
    surveyed(built(), condition)
    assert holding("working-area") == Held(WARD, "working-area", Decimal(200), Decimal(fit))


def test_the_survey_of_the_latest_day_counts_whenever_it_is_written() -> None:
    subject = built()
    surveyed(subject, "damaged", TODAY)
    site = surveyed(subject, "good", TODAY - timedelta(days=90))
    assert site.buildings[0].condition == "damaged"
    newest = site.buildings[0].newest
    assert newest is not None
    site = does("clerk", subject, lambda pen: using.withdraw_survey(
        pen, entry_id=uuid7(), subject=subject, survey=newest.id, reason="Nhầm nhà"
    ))  # fmt: skip
    assert site.buildings[0].condition == "good"


def test_what_is_lent_is_not_counted_what_is_shared_is() -> None:
    subject = built()
    lent(subject, ("101",), shared=False)
    site = lent(subject, ("102",), shared=True)
    assert holding("reception-area") is None
    working = holding("working-area")
    assert working is not None
    assert working.all == 200
    row = SiteRow.objects.get(pk=subject)
    assert (row.lent, row.shared) == (True, True)
    with pytest.raises(NotSo):
        lent(subject, (), shared=False)  # a part of it is lent already
    away = next(it for it in site.buildings[0].lent if not it.said.shared)
    does("clerk", subject, lambda pen: using.take_back(
        pen, entry_id=uuid7(), subject=subject, lending=away.id, since=TODAY
    ))  # fmt: skip
    assert holding("reception-area") is not None


def test_what_was_given_away_or_stands_empty_is_not_counted() -> None:
    subject = built()
    for fate, counted in (("empty", False), ("commune-police", True), ("authority", False)):
        body = e.Became(fate=fate, to="UBND quận", since=date(2026, 3, 1))  # type: ignore[arg-type]
        does("clerk", subject, lambda pen, body=body: recording.say_became(  # type: ignore[misc]
            pen, entry_id=uuid7(), subject=subject, body=body
        ))  # fmt: skip
        assert (holding("working-area") is not None) is counted, fate


def test_a_building_given_up_counts_no_more_and_is_not_acted_on() -> None:
    subject = built()
    does("clerk", subject, lambda pen: recording.give_up(
        pen, entry_id=uuid7(), subject=subject, building="A", since=TODAY, why="demolished"
    ))  # fmt: skip
    assert holding("working-area") is None
    with pytest.raises(NotSo):
        surveyed(subject, "good")
    assert SiteRow.objects.get(pk=subject).buildings == 0


def test_rooms_have_no_more_floor_than_their_building() -> None:
    subject = built()
    large = (e.Room(code="1", name="", use="working-area", area="470.5"),)
    with pytest.raises(Unsaid, match="sum"):
        does("clerk", subject, lambda pen: recording.set_rooms(
            pen, entry_id=uuid7(), subject=subject, building="A", rooms=large
        ))  # fmt: skip


@pytest.mark.parametrize(
    ("room", "lacks"),
    [
        (e.Room(code="", name="", use="common", area="5"), "code"),
        (e.Room(code="101", name="", use="computer", area="5"), "use"),
        (e.Room(code="101", name="", use="common", area="-5"), "area"),
        (e.Room(code="101", name="", use="common", area="NaN"), "area"),
        (e.Room(code="101", name="", use="common", area="1e9"), "area"),
    ],
)
def test_a_room_says_its_code_its_use_and_its_area(room: e.Room, lacks: str) -> None:
    subject = built()
    with pytest.raises(Unsaid, match=lacks):
        does("clerk", subject, lambda pen: recording.set_rooms(
            pen, entry_id=uuid7(), subject=subject, building="A", rooms=(room,)
        ))  # fmt: skip


def test_nothing_is_surveyed_on_a_day_to_come_and_damage_is_said() -> None:
    subject = built()
    with pytest.raises(NotYet):
        surveyed(subject, "good", TODAY + timedelta(days=1))
    with pytest.raises(Unsaid, match="wrong"):
        surveyed(subject, "damaged", wrong=" ")
    with pytest.raises(Unsaid, match="estimate"):
        surveyed(subject, "worn", estimate="5,9 tỷ")


def test_a_building_said_anew_takes_a_reason() -> None:
    subject = built()
    wider = HOUSE.building.model_copy(update={"area": "552"})
    with pytest.raises(Unsaid, match="reason"):
        does("clerk", subject, lambda pen: recording.record_building(
            pen, entry_id=uuid7(), subject=subject, building=wider
        ))  # fmt: skip
    site = does("clerk", subject, lambda pen: recording.record_building(
        pen, entry_id=uuid7(), subject=subject, building=wider, reason="Đo lại"
    ))  # fmt: skip
    assert (site.floor, len(site.buildings), len(site.buildings[0].rooms)) == (552, 1, 3)


@pytest.mark.parametrize("account", ["neighbour", "outsider", "crime", "director", "auditor", "operator"])
def test_who_records_elsewhere_records_nothing_here(account: str) -> None:
    subject = built()
    with pytest.raises(Refused):
        recorded(account)
    with pytest.raises(Refused):
        does(account, subject, lambda pen: using.survey(
            pen, entry_id=uuid7(), subject=subject, body=e.Surveyed(building="A", on=TODAY, condition="good")
        ))  # fmt: skip


@pytest.mark.parametrize(("account", "sees"), [
    ("clerk", 1), ("chief", 1), ("logistics", 1), ("director", 1), ("auditor", 1), ("neighbour", 0), ("outsider", 0),
])  # fmt: skip
def test_a_site_is_seen_by_its_unit_and_those_above(account: str, sees: int) -> None:
    subject = built()
    tell_database(person(account))
    assert queries.seen(person(account)).count() == sees
    assert (
        SiteRow.objects.count() == SpaceRow.objects.filter(kind="common").count() == sees
    )  # the database's own
    html(browser(account), f"/means/premises/{subject}/", 200 if sees else 404)


def over(subject: UUID, account: str = "chief") -> Site:
    return does(account, subject, lambda pen: using.hand_over(
        pen, entry_id=uuid7(), subject=subject, to=unit(NEXT), on=TODAY, paper="4/BB"
    ))  # fmt: skip


def test_a_handover_moves_the_site_when_both_have_signed() -> None:
    subject = built()
    with pytest.raises(Refused):
        over(subject, "clerk")  # who records does not sign
    assert over(subject).holder == WARD
    with pytest.raises(NotSo):
        over(subject)  # one waits already
    tell_database(person("neighbour"))
    assert queries.seen(person("neighbour")).filter(pk=subject).exists()
    with pytest.raises(Refused):
        does("neighbour", subject, lambda pen: using.accept(pen, entry_id=uuid7(), subject=subject))
    site = does("logistics_head", subject, lambda pen: using.accept(pen, entry_id=uuid7(), subject=subject))
    assert (site.holder, site.unit, site.moves[0].giver) == (NEXT, WARD, WARD)
    assert holding("working-area") is None
    assert holding("working-area", NEXT) is not None
    with pytest.raises(Refused):
        surveyed(subject, "good")  # it is the neighbour's to say now


@pytest.mark.parametrize("how", ["withdrawn", "declined"])
def test_a_handover_that_does_not_come_about_leaves_the_site_where_it_was(how: e.Ended) -> None:
    subject = built()
    over(subject)
    site = does("logistics_head", subject, lambda pen: using.end_handover(
        pen, entry_id=uuid7(), subject=subject, how=how, reason="Thiếu hồ sơ đất"
    ))  # fmt: skip
    assert (site.holder, site.handover) == (WARD, None)
    with pytest.raises(NotSo):
        does("logistics_head", subject, lambda pen: using.accept(pen, entry_id=uuid7(), subject=subject))


def test_a_form_sent_twice_is_one_entry() -> None:
    subject, entry_id = built(), uuid7()
    body = e.Surveyed(building="A", on=TODAY, condition="worn")
    for _time in range(2):
        site = does(
            "clerk", subject, lambda pen: using.survey(pen, entry_id=entry_id, subject=subject, body=body)
        )
    assert len(site.buildings[0].surveys) == 1


def test_a_site_taken_back_counts_no_more_and_nothing_is_done_about_it() -> None:
    subject, batch = built(), uuid7()
    entries = [entry.id for entry in told(subject)]
    does("clerk", subject, lambda pen: recording.withdraw(  # type: ignore[arg-type,return-value]
        pen, entry_id=uuid7(), subject=subject, batch=batch, reason="Nhầm bảng", recorded=entries
    ))  # fmt: skip
    assert holding("working-area") is None
    with pytest.raises(NotSo):
        surveyed(subject, "good")
    page = html(browser("clerk"), f"/means/premises/{subject}/")
    assert "Nhầm bảng" in page
    assert "survey/?building" not in page


# Pages


def photo(day: str = "2026:11:19 08:00:00") -> SimpleUploadedFile:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = day
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("nut tuong.jpg", out.getvalue(), "image/jpeg")


def sent(subject: UUID, address: str, given: dict[str, Any], account: str = "clerk") -> Any:
    given = {"entry_id": str(uuid7())} | given
    return browser(account).post(f"/means/premises/{subject}/{address}", given)


def site_of(subject: UUID) -> Site:
    tell_database(person("logistics"))
    row = SiteRow.objects.get(pk=subject)
    return sites.form.validate_python(row.state, strict=False)


def test_a_survey_with_photos_is_sent_seen_and_printed() -> None:
    subject = built()
    given = {
        "on": TODAY.isoformat(), "condition": "damaged", "wrong": "Nứt tường", "estimate": "350 triệu",
        "evidence": [photo(), photo("")], "taken": "",
    }  # fmt: skip
    assert sent(subject, "survey/?building=A", given).status_code == 302
    survey = site_of(subject).buildings[0].surveys[0]
    first, second = survey.said.evidence
    assert (survey.said.estimate, first.taken, second.taken) == ("350000000", date(2026, 11, 19), None)
    page = html(browser("clerk"), f"/means/premises/{subject}/")
    assert "350.000.000 đ" in page
    assert "chụp ngày 19/11/2026" in page
    for blob, media in ((first.blob, "image/jpeg"), (first.picture, "image/jpeg")):
        address = f"/means/premises/{subject}/evidence/{blob}/"
        answer = browser("clerk").get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, media)
        assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).format == "JPEG"  # type: ignore[attr-defined]
        html(browser("neighbour"), address, 404)
    html(browser("clerk"), f"/means/premises/{subject}/evidence/{'0' * 64}/", 404)
    pdf = browser("clerk").get(f"/means/premises/{subject}/survey/{survey.id}/record.pdf")
    assert pdf.status_code == 200
    assert pdf.content.startswith(b"%PDF")
    assert blob_check.look(using="default") == blob_check.Found(4, (), (), ())


def test_a_photo_of_a_withdrawn_survey_is_shown_no_more() -> None:
    subject = built()
    sent(subject, "survey/?building=A", {"on": TODAY.isoformat(), "condition": "good", "evidence": [photo()]})
    survey = site_of(subject).buildings[0].surveys[0]
    given = {"reason": "Chụp nhầm"}
    assert sent(subject, f"withdraw-survey/?which={survey.id}", given).status_code == 302
    blob = survey.said.evidence[0].blob
    html(browser("clerk"), f"/means/premises/{subject}/evidence/{blob}/", 404)


def test_what_is_no_photo_is_said_and_what_was_typed_stays() -> None:
    subject = built()
    bad = SimpleUploadedFile("a.exe", b"MZ", "application/octet-stream")
    answer = sent(
        subject, "survey/?building=A",
        {"on": TODAY.isoformat(), "condition": "worn", "wrong": "Thấm trần", "evidence": [bad]},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Thấm trần" in answer.content.decode()
    assert site_of(subject).buildings[0].surveys == ()


def test_a_site_its_house_and_rooms_are_recorded_on_pages() -> None:
    client = browser("clerk")
    given = {
        "entry_id": str(uuid7()), "unit": WARD, "name": "Trụ sở chính", "address": "12 Đinh Tiên Hoàng",
        "area": "1.200,5", "title": "none", "latitude": "20,8587", "longitude": "106.6823",
    }  # fmt: skip
    answer = client.post("/means/premises/new/", given)
    assert answer.status_code == 302
    again = client.post("/means/premises/new/", given)
    assert again["Location"] == answer["Location"]
    subject = UUID(answer["Location"].split("/")[-2])
    its = site_of(subject).details
    assert its.land.area == "1200.5"
    assert its.place is not None
    assert its.place.latitude == "20.8587"
    house = {
        "code": "A",
        "name": "Nhà chính",
        "use": "office",
        "storeys": "2",
        "area": "445",
        "tenure": "own",
    }
    assert sent(subject, "building/", house).status_code == 302
    rows = {
        "rooms-TOTAL_FORMS": "2", "rooms-INITIAL_FORMS": "0", "rooms-0-code": "101", "rooms-0-use": "working-area",
        "rooms-0-area": "20,5", "rooms-0-name": "Phòng trực", "rooms-1-code": "",
    }  # fmt: skip
    assert sent(subject, "rooms/?building=A", rows).status_code == 302
    assert [room.area for room in site_of(subject).buildings[0].rooms] == ["20.5"]
    wrong = sent(subject, "rooms/?building=A", rows | {"rooms-0-use": ""})
    assert wrong.status_code == 422


ACTS = ("correct", "building", "became", "hand-over", "rooms/?building=A", "lend/?building=A", "give-up/?building=A",
        "survey/?building=A")  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_forms_are_for_those_who_may(act: str) -> None:
    subject = built()
    address = f"/means/premises/{subject}/{act if '?' in act else act + '/'}"
    html(browser("logistics_head"), address)
    html(browser("auditor"), address, 404)
    html(browser("neighbour"), address, 404)
    html(
        browser("logistics_head"), address.replace("building=A", "building=Z"), 200 if "?" not in act else 404
    )


def test_both_sides_sign_on_pages() -> None:
    subject = built()
    given = {"to": NEXT, "on": TODAY.isoformat(), "paper": "4/BB"}
    assert sent(subject, "hand-over/", given, "chief").status_code == 302
    html(browser("clerk"), f"/means/premises/{subject}/accept/", 404)
    page = html(browser("logistics_head"), f"/means/premises/{subject}/")
    assert "Ký nhận" in page
    assert "Rút bàn giao" in page
    assert sent(subject, "accept/", {"note": "Đủ"}, "logistics_head").status_code == 302
    assert site_of(subject).holder == NEXT
    assert "Đủ" in html(browser("neighbour"), f"/means/premises/{subject}/")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2), ("q=dinh+tien+hoang", 1), ("q=quan+hong+bang", 1), ("condition=damaged", 1), ("condition=none", 1),
        ("use=shared", 1), ("use=own", 1), ("former=district", 1), ("former=any", 1), ("fate=undecided", 1),
        ("title=applied", 1), ("title=none", 1), ("space=working-area", 1), ("space=archive-area", 0),
        (f"unit={WARD}", 2), ("unit=11329", 0), ("waiting=1", 0), ("condition=x", 2),
    ],
)  # fmt: skip
def test_the_list_is_what_its_address_says_and_its_files_hold_the_same(query: str, found: int) -> None:
    subject = built()
    surveyed(subject, "damaged")
    lent(subject, ("102",), shared=True)
    plain = e.Details(name="Trạm", address="Bến Bính", land=e.Land(title="none"))
    other = recorded(details=plain)
    does("clerk", other, lambda pen: recording.record_building(
        pen, entry_id=uuid7(), subject=other, building=HOUSE.building
    ))  # fmt: skip
    client = browser("clerk")
    assert html(client, f"/means/premises/?{query}").count('class="open"') == found
    for form in ("csv", "xlsx"):
        answer = client.get(f"/means/premises/?{query}&format={form}")
        assert answer.status_code == 200
        if form == "csv":
            assert answer.content.decode().count("\r\n") == found + 1


def test_the_list_that_a_holding_links_to_counts_the_same() -> None:
    subject = built()
    surveyed(subject, "damaged")
    page = html(browser("logistics"), queries.held_url(WARD, "working-area"))
    assert "Diện tích làm việc</a>: 200 m²" in page
    assert "(dùng được 0 m²)" in page


@pytest.mark.parametrize(
    "address", ["/means/premises/", "/means/premises/{}/", "/means/premises/{}/correct/"]
)
def test_pages_ask_few_questions_and_no_more_for_more_sites(address: str) -> None:
    subject, client = built(), browser("logistics_head")
    surveyed(subject, "damaged")
    few = asked(client, address.format(subject))
    for _more in range(3):
        built()
    assert asked(client, address.format(subject)) == few <= 12


def test_offices_of_public_programmes_count_as_their_papers_say() -> None:
    """Facts 5: main floor of 470-552 m² (Bà Rịa - Vũng Tàu), 445 m² in two storeys with a living part (Cẩm Thanh)."""
    subject = recorded()
    parts = [("B", "470", "230"), ("C", "552", "276"), ("D", "445", "120.5")]
    for code, area, working in parts:
        frame = e.Frame(code=code, name="Nhà làm việc", use="mixed", storeys=2, area=area, year=2024)
        rooms = (
            e.Room(code=f"{code}1", name="", use="working-area", area=working),
            e.Room(code=f"{code}2", name="", use="living-area", area="80"),
        )
        does("clerk", subject, lambda pen, it=frame: recording.record_building(  # type: ignore[misc]
            pen, entry_id=uuid7(), subject=subject, building=it
        ))  # fmt: skip
        does("clerk", subject, lambda pen, it=rooms, of=code: recording.set_rooms(  # type: ignore[misc]
            pen, entry_id=uuid7(), subject=subject, building=of, rooms=it
        ))  # fmt: skip
    assert site_of(subject).floor == 470 + 552 + 445
    working, living = holding("working-area"), holding("living-area")
    assert working is not None
    assert working.all == Decimal("626.5")
    assert living is not None
    assert living.fit == 240
