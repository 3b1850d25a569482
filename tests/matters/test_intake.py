"""Taking a matter in: chosen by keyboard, who comes, emergencies that stop the form, what is alike, what follows."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cast import WARD, unit
from haicap.journal.history import history
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.journal.sealing import open_sealed
from haicap.matters.alike import offers
from haicap.matters.coming import Coming, NotWithoutName
from haicap.matters.emergency import CallFirst, emergency
from haicap.matters.entries import EmergencyShown, Raised
from haicap.matters.fields import Unanswered
from haicap.matters.guidance.actions import publish
from haicap.matters.guidance.entries import Wording
from haicap.matters.guidance.fold import Guidance
from haicap.matters.intake import raise_matter
from haicap.matters.law import law
from haicap.matters.queries import matter_of, one
from haicap.matters.schema import Procedure
from haicap.matters.state import Matter
from haicap.units.rights import tell_database
from matters.acting import raises, steps, who
from matters.browsing import browser, hidden, text_of

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
NEEDS = {"kind": "headquarters", "what": "Dột khi mưa"}
CRIME = {
    "source": "information", "what": "Hai nhóm đang đánh nhau", "severity": "serious", "group": "social-order",
    "place": "Chợ Sắt",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    with translation.override("vi"):
        yield
    tell_database(None)


def now() -> datetime:
    return datetime.now(UTC)


def procedure(code: str) -> Procedure:
    return law().procedure(code, now())


def taken_in(code: str, answers: dict[str, str], coming: Coming, entry_id: UUID | None = None) -> Matter:
    entry_id = entry_id or uuid7()
    subject = uuid5(entry_id, "subject")
    with writing(who("clerk"), at=now(), subjects=[subject], units=[WARD]) as pen:
        return raise_matter(
            pen, entry_id=entry_id, subject=subject, law=law(), procedure=procedure(code),
            unit=unit(WARD, using="default"), by="desk", received=now() - timedelta(minutes=1), title="Đánh nhau",
            answers=answers, coming=coming,
        )  # fmt: skip


def entries(matter: Matter) -> list[Any]:
    tell_database(who("clerk"))
    return history(matter.id)


def form(client: Client, code: str) -> Any:
    return client.get(f"/matters/new/{code}/", follow=True)


def send(client: Client, code: str, answers: dict[str, str], **more: str) -> Any:
    page = form(client, code)
    at = f"{now() + timedelta(hours=7, minutes=-1):%Y-%m-%dT%H:%M}"
    own = {
        "entry_id": hidden(page, "entry_id"),
        "title": "Trụ sở dột",
        "by": "desk",
        "received": at,
        "unit": WARD,
    }
    return client.post(f"/matters/new/{code}/", own | answers | more)


def sent(answer: Any) -> Matter:
    """The matter that a form which was sent became; its page is where one is led."""
    assert answer.status_code == 302, text_of(answer)
    assert answer["Location"].endswith("/taken/")
    row = one(who("clerk"), UUID(answer["Location"].split("/")[-3]))
    assert row is not None
    return matter_of(row)


# The choice


@pytest.mark.parametrize("typed", ["kho khan", "Khó khăn", "kk", "kkvm", "difficulty"])
def test_a_few_letters_lead_to_the_form(typed: str) -> None:
    answer = browser("clerk").get("/matters/new/", {"q": typed})
    assert answer["Location"] == "/matters/new/difficulty/"


def test_letters_that_several_have_show_those() -> None:
    html = text_of(browser("clerk").get("/matters/new/", {"q": "cu tru"}))
    assert "/matters/new/residence-confirmation-known/" in html
    assert "/matters/new/difficulty/" not in html
    assert "Không có thủ tục nào" in text_of(browser("clerk").get("/matters/new/", {"q": "xyz"}))


def test_what_was_used_last_is_number_one() -> None:
    client = browser("clerk")
    for code, answers in (("difficulty", NEEDS), ("crime-report", CRIME)):
        raises("clerk", code, "Việc", answers, at=now() - timedelta(hours=2 if code == "difficulty" else 1))
    assert client.get("/matters/new/", {"q": "1"})["Location"] == "/matters/new/crime-report/"
    assert client.get("/matters/new/", {"q": "2"})["Location"] == "/matters/new/difficulty/"
    assert client.get("/matters/new/", {"q": "99"}).status_code == 200


def test_while_typing_only_the_list_is_sent() -> None:
    part = browser("clerk").get("/matters/new/", {"q": "kk"}, headers={"HX-Request": "true"})
    assert "Khó khăn" in text_of(part)
    assert "<html" not in text_of(part)


# Who comes


def test_whoever_speaks_for_another_is_sealed_and_told() -> None:
    coming = Coming(speaker={"speaker.name": "Lê Văn Cường", "speaker.phone": "0912345678"})
    matter = taken_in("crime-report", CRIME | {"reporter.name": "Trần Thị Bê"}, coming)
    assert matter.facts["on_behalf"] is True
    raised = entries(matter)[0]
    facts = open_sealed(matter.id, raised.id, raised.sealed)
    assert facts["speaker"] == {"name": "Lê Văn Cường", "phone": "0912345678"}
    assert facts["reporter"] == {"name": "Trần Thị Bê"}
    assert "Cường" not in str(raised.body)


def test_a_speaker_has_a_name() -> None:
    with pytest.raises(Unanswered) as fault:
        taken_in("crime-report", CRIME, Coming(speaker={"speaker.phone": "0912345678"}))
    assert fault.value.fields == {"speaker.name": "needed"}


def test_who_gives_no_name_leaves_none() -> None:
    matter = taken_in("crime-report", CRIME | {"reporter.name": "Trần Thị Bê"}, Coming(anonymous=True))
    assert matter.facts["anonymous"] is True
    raised = entries(matter)[0]
    assert "reporter" not in open_sealed(matter.id, raised.id, raised.sealed)


@pytest.mark.parametrize("code", ["denunciation", "complaint", "difficulty"])
def test_without_a_name_only_where_the_procedure_says_so(code: str) -> None:
    rule = procedure(code).anonymous
    assert rule is None or not rule.taken
    with pytest.raises(NotWithoutName):
        taken_in("difficulty", NEEDS, Coming(anonymous=True))


def test_the_form_says_what_follows_and_keeps_no_name() -> None:
    client = browser("clerk")
    assert "vẫn được tiếp nhận đầy đủ" in text_of(form(client, "crime-report"))
    matter = sent(send(client, "crime-report", CRIME, anonymous="on", **{"reporter.name": "Trần Thị Bê"}))
    raised = entries(matter)[0]
    assert "reporter" not in open_sealed(matter.id, raised.id, raised.sealed)
    html = text_of(client.get(f"/matters/id/{matter.id}/"))
    assert "không ghi tên" in html
    chief = text_of(form(browser("chief"), "denunciation"))
    assert "không xử lý theo trình tự tố cáo" in chief
    assert 'name="anonymous"' not in chief


def test_a_speaker_comes_through_the_form_and_stays_sealed_on_the_page() -> None:
    client = browser("clerk")
    person = {"reporter.name": "Trần Thị Bê", "speaker.name": "Lê Văn Cường"}
    matter = sent(send(client, "crime-report", CRIME, **person))
    html = text_of(client.get(f"/matters/id/{matter.id}/"))
    assert "Cường" not in html
    assert "Người đến nói thay" in html


def test_forms_without_people_ask_for_none() -> None:
    html = text_of(form(browser("clerk"), "difficulty"))
    assert "speaker" not in html
    assert "anonymous" not in html
    assert 'value="unit" id="id_by_4" checked' in html or 'value="unit"' in html


def test_what_was_typed_of_people_survives_in_the_draft() -> None:
    client = browser("clerk")
    page = form(client, "crime-report")
    typed = {
        "title": "Đánh nhau",
        "reporter.name": "Trần Thị Bê",
        "speaker.name": "Lê Văn Cường",
        "emergency": "fire",
    }
    own = {name: hidden(page, name) for name in ("entry_id", "subject", "procedure", "act")}
    assert client.post("/matters/drafts/", own | typed, headers={"HX-Request": "true"}).status_code == 200
    again = text_of(browser("clerk").get(f"/matters/new/crime-report/?draft={own['entry_id']}"))
    for said in ("Trần Thị Bê", "Lê Văn Cường", "Đánh nhau"):
        assert said in again
    assert "tel:114" in again  # the emergency that was marked stops the form again
    assert "<details" in again.split("Người đến nói thay")[0]


# Emergencies


def test_an_emergency_is_found_by_its_mark() -> None:
    crime = procedure("crime-report")
    its = emergency(crime, {"emergency": "fire"})
    assert its is not None
    assert its.call == ("114",)
    assert {number for each in crime.emergency.values() for number in each.call} == {"113", "114", "115"}
    assert emergency(crime, {"emergency": "none"}) is None
    assert emergency(crime, {}) is None
    assert emergency(procedure("difficulty"), {"emergency": "fire"}) is None


def test_it_is_called_in_before_it_is_taken_in_and_that_is_written_down() -> None:
    with pytest.raises(CallFirst) as stopped:
        taken_in("crime-report", CRIME, Coming(emergency="life"))
    assert stopped.value.emergency.call == ("113",)
    matter = taken_in("crime-report", CRIME, Coming(emergency="life", done="called"))
    assert matter.emergency == "life"
    raised, shown = (entry.body for entry in entries(matter))
    assert isinstance(raised, Raised)
    assert shown == EmergencyShown(emergency="life", numbers=("113",), done="called")


def test_sent_twice_it_is_written_down_once() -> None:
    entry_id = uuid7()
    for _time in range(2):
        matter = taken_in("crime-report", CRIME, Coming(emergency="life", done="passed"), entry_id)
    assert len(entries(matter)) == 2


def test_the_form_stops_shows_the_number_and_goes_on_when_it_was_called() -> None:
    client = browser("clerk")
    stopped = send(client, "crime-report", CRIME, emergency="fire")
    html = text_of(stopped)
    assert stopped.status_code == 422
    assert "tel:114" in html
    assert "Gọi trước" in html
    assert "Hai nhóm đang đánh nhau" in html  # what was typed is still there
    matter = sent(send(client, "crime-report", CRIME, emergency="fire", emergency_done="called"))
    assert matter.emergency == "fire"
    assert "114" in text_of(client.get(f"/matters/id/{matter.id}/"))


def test_the_stop_comes_as_soon_as_it_is_marked() -> None:
    client = browser("clerk")
    part = client.post("/matters/new/crime-report/emergency/", {"emergency": "hurt"})
    assert "tel:115" in text_of(part)
    assert "tel:" not in text_of(client.post("/matters/new/crime-report/emergency/", {"emergency": ""}))
    assert (
        client.post("/matters/new/denunciation/emergency/", {}).status_code == 404
    )  # not the clerk's to open


# What is alike


def difficulty(title: str, account: str = "clerk", at_unit: str = WARD) -> Matter:
    return raises(account, "difficulty", title, NEEDS, at=now() - timedelta(days=2), at_unit=at_unit)


def test_an_alike_difficulty_is_offered_with_its_answer() -> None:
    known = difficulty("Trụ sở xuống cấp, mái dột khi mưa")
    difficulty("Máy in hỏng")
    steps(
        "logistics",
        known,
        "answer",
        at=now(),
        outcome="guidance",
        guidance="Lập dự toán gửi PH10.\nTrước 30/11.",
    )
    part = text_of(browser("clerk").post("/matters/new/difficulty/alike/", {"title": "nha lam viec bi dot"}))
    assert "mái dột khi mưa" in part
    assert "Lập dự toán gửi PH10." in part
    assert "Trước 30/11" not in part
    assert "Máy in hỏng" not in part
    assert f"same:{known.id}" in part
    assert f"again:{known.id}" in part


def test_nothing_is_offered_of_what_may_not_be_seen() -> None:
    difficulty("Trụ sở xuống cấp, mái dột khi mưa")
    for account in ("neighbour", "logistics_head"):
        part = text_of(
            browser(account).post("/matters/new/difficulty/alike/", {"title": "Trụ sở dột khi mưa"})
        )
        assert ("mái dột" in part) is (account != "neighbour")


def test_nothing_is_offered_where_titles_are_sealed() -> None:
    applied = {"applicant.name": "Trần Thị Bê", "case": "first"}
    raises("clerk", "identity-card", "Cấp thẻ cho bà Bê", applied, at=now() - timedelta(hours=1))
    tell_database(who("clerk"))
    assert offers(who("clerk"), law(), procedure("identity-card"), "Cấp thẻ cho bà Bê", at=now()) == []
    assert 'hx-post="/matters/new/identity-card/alike/"' not in text_of(
        form(browser("clerk"), "identity-card")
    )


def test_the_same_is_joined_at_once_and_both_numbers_are_found() -> None:
    known = difficulty("Trụ sở dột khi mưa")
    client = browser("clerk")
    answer = send(client, "difficulty", NEEDS, alike=f"same:{known.id}")
    matter = sent(answer)
    assert matter.joined == known.id
    assert known.number in text_of(client.get(answer["Location"]))
    assert matter.number in text_of(client.get(f"/matters/id/{known.id}/"))
    assert client.get(f"/matters/{matter.number}/").status_code == 200


def test_asked_again_is_tied_to_the_answer() -> None:
    known = difficulty("Trụ sở dột khi mưa")
    steps("logistics", known, "answer", at=now(), outcome="guidance", guidance="Lập dự toán")
    matter = sent(send(browser("clerk"), "difficulty", NEEDS, alike=f"again:{known.id}"))
    assert matter.joined is None
    assert [(link.to, link.how) for link in matter.links] == [(known.id, "about")]


def guidance() -> Guidance:
    """An answer for all communes of the province."""
    subject = uuid7()
    wording = Wording(
        question="Trụ sở bị dột thì sửa bằng nguồn nào?", answer="Dùng kinh phí sửa chữa nhỏ.\nQuá mức thì gửi PH10.",
        topics=("headquarters",), procedures=("difficulty",), since=now().date() - timedelta(days=30),
    )  # fmt: skip
    at = {"at": now(), "subjects": [subject], "units": ["31"], "channel": "reference"}
    with writing(who("logistics_head"), **at) as pen:  # type: ignore[arg-type]
        return publish(
            pen, entry_id=uuid7(), subject=subject, wording=wording, issuer="31-PH10", province="31"
        )


def test_a_published_answer_is_offered_to_every_commune_and_asked_again_it_is_counted() -> None:
    its = guidance()
    for account in ("clerk", "neighbour"):
        part = text_of(
            browser(account).post("/matters/new/difficulty/alike/", {"title": "nha lam viec bi dot"})
        )
        assert "Dùng kinh phí sửa chữa nhỏ." in part
        assert f"guidance:{its.id}" in part
    matter = sent(send(browser("clerk"), "difficulty", NEEDS, alike=f"guidance:{its.id}"))
    assert [(each.guidance, each.how) for each in matter.guided] == [(its.id, "again")]


def test_what_may_not_be_seen_cannot_be_chosen() -> None:
    known = difficulty("Trụ sở dột khi mưa", "neighbour", "11329")
    answer = send(browser("clerk"), "difficulty", NEEDS, alike=f"same:{known.id}")
    assert answer.status_code == 422
    assert "hãy chọn lại" in text_of(answer)


def test_without_scripts_a_button_shows_what_is_alike() -> None:
    difficulty("Trụ sở dột khi mưa")
    answer = send(browser("clerk"), "difficulty", NEEDS, look="1")
    assert answer.status_code == 200
    assert "Trụ sở dột khi mưa" in text_of(answer)
    assert "Dột khi mưa" in text_of(answer)


def test_the_number_of_queries_does_not_grow_with_what_is_compared() -> None:
    client = browser("clerk")

    def asked() -> int:
        client.post("/matters/new/difficulty/alike/", {"title": "Trụ sở dột"})
        with CaptureQueriesContext(connection) as its:
            client.post("/matters/new/difficulty/alike/", {"title": "Trụ sở dột"})
        return len(its)

    difficulty("Trụ sở dột một")
    before = asked()
    for number in range(8):
        difficulty(f"Trụ sở dột {number}")
    assert asked() == before <= 12


# After sending


def test_one_page_says_number_holder_and_due() -> None:
    client = browser("clerk")
    answer = send(client, "crime-report", CRIME)
    matter = sent(answer)
    html = text_of(client.get(answer["Location"]))
    for said in (matter.number, "Hồng Bàng", f"/matters/id/{matter.id}/paper/receipt-record.pdf"):
        assert said in html
    for key in ("p", "t", "o"):
        assert f'aria-keyshortcuts="{key}"' in html
    assert text_of(browser("neighbour").get(answer["Location"])).count(matter.number) == 0
