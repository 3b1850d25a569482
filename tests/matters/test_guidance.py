"""Guidance: published by whoever may, read by everybody, found while one asks, and counted when asked again."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid5

import pytest

from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters.guidance import actions, queries
from haicap.matters.guidance.difference import difference
from haicap.matters.guidance.entries import Wording
from haicap.matters.guidance.fold import Guidance
from haicap.matters.guidance.models import GuidanceRow
from haicap.matters.queries import filtered
from haicap.matters.state import Matter
from haicap.units.acting import Unsaid
from haicap.units.actions import SPACE
from haicap.units.rights import Refused, tell_database
from matters.acting import DAY, raises, steps, who
from matters.browsing import browser, hidden, text_of

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
WORDING = Wording(
    question="Máy in hỏng thì báo cho đơn vị nào?", answer="Lập phiếu báo hỏng, gửi Phòng Hậu cần.",
    topics=("equipment",),
    paper="15/HD-PH10", law=("Thông tư 1",), since=date(2026, 8, 1),
)  # fmt: skip
ASKED = {"kind": "equipment", "what": "Máy in không lên nguồn"}


def published(
    account: str = "logistics_head", *sources: Matter, wording: Wording = WORDING, at: datetime = DAY
) -> Guidance:
    subject = uuid7()
    subjects = [subject, *(it.id for it in sources)]
    with writing(who(account), at=at, subjects=subjects, units=["31"], channel="reference") as pen:
        return actions.publish(
            pen, entry_id=uuid7(), subject=subject, wording=wording, issuer=who(account).unit, province="31",
            sources=sources,
        )  # fmt: skip


def point(account: str, matter: Matter, guidance: Guidance, how: Any = "again") -> Matter:
    with writing(who(account), at=DAY, subjects=[matter.id], units=[matter.unit]) as pen:
        return actions.point(pen, entry_id=uuid7(), subject=matter.id, guidance=guidance, how=how)


def test_only_heads_and_the_director_publish() -> None:
    for account in ("clerk", "chief", "logistics", "auditor"):
        with pytest.raises(Refused):
            published(account)
    assert published("logistics_head").now.issuer == "31-PH10"
    assert published("director").now.issuer == "31"


def test_what_is_not_said_is_not_published() -> None:
    for missing in ({"question": " "}, {"answer": ""}, {"topics": ()}, {"until": date(2026, 8, 1)}):
        with pytest.raises(Unsaid):
            published(wording=WORDING.model_copy(update=missing))


def test_a_second_sending_changes_nothing() -> None:
    subject, entry = uuid7(), uuid7()
    for _time in range(2):
        with writing(who("director"), at=DAY, subjects=[subject], units=["31"], channel="reference") as pen:
            actions.publish(pen, entry_id=entry, subject=subject, wording=WORDING, issuer="31", province="31")
    assert len(GuidanceRow.objects.get(pk=subject).state["versions"]) == 1  # type: ignore[index]


def test_versions_and_withdrawal() -> None:
    its = published()
    with writing(who("logistics_head"), at=DAY, subjects=[its.id], units=["31"], channel="reference") as pen:
        new = WORDING.model_copy(update={"answer": "Gửi Phòng Hậu cần qua phần mềm."})
        its = actions.revise(
            pen, entry_id=uuid7(), subject=its.id, wording=new, issuer="31-PH10", changed="Qua phần mềm"
        )
        assert (len(its.versions), its.now.changed, its.since) == (2, "Qua phần mềm", date(2026, 8, 1))
        its = actions.withdraw(
            pen, entry_id=uuid7(), subject=its.id, reason="Có quy định mới", since=date(2026, 9, 1)
        )
        assert its.until == date(2026, 9, 1)
        with pytest.raises(actions.Gone):
            actions.withdraw(pen, entry_id=uuid7(), subject=its.id, reason="Lại", since=date(2026, 9, 1))
    assert [queries.found("may in hong", day=date(2026, month, 31)) != [] for month in (8, 10)] == [
        True,
        False,
    ]


def test_everybody_reads_it_also_in_another_province() -> None:
    its = published()
    for account in ("clerk", "outsider", "operator"):
        assert WORDING.question in text_of(browser(account).get(f"/guidance/{its.id}/"))


def test_found_without_diacritics_and_by_what_it_says() -> None:
    its = published()
    published(
        wording=WORDING.model_copy(
            update={"question": "Đăng ký tạm trú cho công nhân thế nào?", "answer": "Theo Luật."}
        )
    )
    for text in ("máy in bị hỏng", "may in hong khong in duoc", "phieu bao hong"):
        assert queries.found(text, day=date(2026, 8, 9))[0].id == its.id
    assert queries.found("trụ sở dột", day=date(2026, 8, 9)) == []
    assert queries.found("  ", day=date(2026, 8, 9)) == []
    assert queries.found("máy in hỏng", day=date(2026, 7, 31)) == []


def test_asked_again_is_what_came_in_after_it_was_answered() -> None:
    first = raises("clerk", "difficulty", "Máy in hỏng", ASKED, at=DAY - timedelta(days=20))
    its = published(
        "logistics_head",
        steps(
            "logistics", first, "answer", at=DAY - timedelta(days=10), outcome="guidance", guidance="Báo PH10"
        ),
    )
    late = raises("clerk", "difficulty", "Máy in lại hỏng", ASKED, at=DAY)
    other = raises("chief", "difficulty", "Máy in thứ hai hỏng", ASKED, at=DAY)
    raises("chief", "difficulty", "Xe máy hỏng", ASKED, at=DAY)
    point("clerk", late, its)
    point("clerk", late, its)
    point("chief", other, its, "answered")
    person = who("chief")
    tell_database(person)
    at = DAY + timedelta(days=1)
    (topic,) = queries.by_topic(person, at=at)
    assert (topic.code, topic.guidances, topic.before.n, topic.since.n, topic.again.n) == (
        "equipment",
        1,
        1,
        3,
        2,
    )
    assert topic.rate == pytest.approx(200 / 3)
    for figure in (topic.before, topic.since, topic.again):
        params = dict(parse_qsl(urlsplit(figure.url).query))
        assert filtered(person, params, at=at).count() == figure.n
    assert queries.again_counts(person, [its.id]) == {its.id: 2}
    listed = dict(parse_qsl(urlsplit(queries.again_url(its.id)).query))
    assert set(filtered(person, listed, at=at).values_list("pk", flat=True)) == {late.id, other.id}
    tell_database(who("outsider"))
    assert queries.again_counts(who("outsider"), [its.id]) == {}


def test_answering_with_a_guidance_is_the_step_and_the_link() -> None:
    its = published()
    matter = raises("clerk", "difficulty", "Máy in hỏng", ASKED)
    client = browser("logistics")
    page = client.get(f"/matters/id/{matter.id}/")
    assert "Trả lời bằng hướng dẫn này" in text_of(page)
    form = client.get(f"/guidance/{its.id}/answer/{matter.id}/")
    assert WORDING.answer in text_of(form)
    sent = {"entry_id": hidden(form, "entry_id"), "text": WORDING.answer}
    for _time in range(2):
        answer = client.post(f"/guidance/{its.id}/answer/{matter.id}/", sent)
        assert answer.status_code == 302
    state = queries.filtered(who("logistics"), {}, at=DAY).get(pk=matter.id).state
    assert state["facts"]["guidance_paper"] == "15/HD-PH10"  # type: ignore[index]
    assert [it["how"] for it in state["guided"]] == ["answered"]  # type: ignore[index]


def test_publishing_from_an_answer_fills_the_form_and_links_the_matter() -> None:
    matter = raises("clerk", "difficulty", "Máy in hỏng", ASKED)
    steps(
        "logistics",
        matter,
        "answer",
        at=DAY + timedelta(days=1),
        outcome="guidance",
        guidance="Gửi phiếu báo hỏng",
    )
    client = browser("logistics_head")
    assert "Công bố cho mọi xã" in text_of(client.get(f"/matters/id/{matter.id}/"))
    assert "Công bố cho mọi xã" not in text_of(browser("clerk").get(f"/matters/id/{matter.id}/"))
    form = client.get(f"/guidance/new/?matter={matter.id}")
    assert "Gửi phiếu báo hỏng" in text_of(form)
    sent = {
        "entry_id": hidden(form, "entry_id"), "matter": str(matter.id), "question": "Máy in hỏng thì sao?",
        "answer": "Gửi phiếu báo hỏng", "topics": ["equipment"], "since": "2026-08-05", "issuer": "31-PH10",
    }  # fmt: skip
    assert client.post("/guidance/new/", sent | {"question": ""}).status_code == 422
    answer = client.post("/guidance/new/", sent)
    subject = uuid5(SPACE, f"guidance/{sent['entry_id']}")
    assert answer["Location"] == f"/guidance/{subject}/"
    assert matter.number in text_of(client.get(answer["Location"]))
    assert client.post("/guidance/new/", sent)["Location"] == answer["Location"]
    assert "Công bố cho mọi xã" not in text_of(client.get(f"/matters/id/{matter.id}/"))


def test_the_raiser_says_that_the_guidance_does_not_help() -> None:
    its, matter = published(), raises("clerk", "difficulty", "Máy in hỏng", ASKED)
    page = browser("clerk").get(f"/matters/id/{matter.id}/")
    assert "Đã đọc, vẫn cần hỏi" in text_of(page)
    address = f"/guidance/{its.id}/again/{matter.id}/"
    assert browser("neighbour").post(address, {"entry_id": str(uuid7())}).status_code == 404
    assert browser("clerk").post(address, {"entry_id": str(uuid7())}).status_code == 302
    assert "hỏi lại dù đã có hướng dẫn" in text_of(browser("clerk").get(f"/matters/id/{matter.id}/"))


def test_pages_in_both_languages_and_as_files() -> None:
    its = published()
    for lang in ("vi", "en"):
        for account in ("clerk", "director", "operator"):
            client = browser(account, lang)
            for address in (
                "/guidance/",
                f"/guidance/{its.id}/",
                "/guidance/?q=may%20in&topic=equipment&sort=-title",
            ):
                assert WORDING.question in text_of(client.get(address))
    client = browser("logistics_head")
    for address in ("/guidance/new/", f"/guidance/{its.id}/revise/", f"/guidance/{its.id}/withdraw/"):
        assert client.get(address).status_code == 200
        assert browser("clerk").get(address).status_code == 403
    assert "Máy in" in b"".join(client.get("/guidance/?format=csv")).decode()
    assert client.get("/guidance/?format=xlsx").content[:2] == b"PK"
    assert "Không có hướng dẫn nào" in text_of(client.get("/guidance/?q=khong-co"))
    assert client.get(f"/guidance/{UUID(int=5)}/").status_code == 404


def test_revising_and_withdrawing_by_form() -> None:
    its, client = published(), browser("logistics_head")
    form = client.get(f"/guidance/{its.id}/revise/")
    sent = {
        "entry_id": hidden(form, "entry_id"), "question": WORDING.question, "answer": "Gửi qua phần mềm.",
        "topics": ["equipment"], "since": "2026-09-01", "until": "2026-12-31", "issuer": "31-PH10",
        "changed": "Nhận qua phần mềm",
    }  # fmt: skip
    assert client.post(f"/guidance/{its.id}/revise/", sent | {"until": "2026-08-01"}).status_code == 422
    assert client.post(f"/guidance/{its.id}/revise/", sent).status_code == 302
    page = text_of(client.get(f"/guidance/{its.id}/"))
    assert "<ins>" in page
    assert "Nhận qua phần mềm" in page
    form = client.get(f"/guidance/{its.id}/withdraw/")
    said = {"entry_id": hidden(form, "entry_id"), "reason": "Đã có luật", "since": "2026-10-01"}
    assert client.post(f"/guidance/{its.id}/withdraw/", said).status_code == 302
    assert "Đã có luật" in text_of(client.get(f"/guidance/{its.id}/"))
    assert client.get(f"/guidance/{its.id}/revise/").status_code == 403


def test_queries_do_not_grow_with_rows(django_assert_max_num_queries: Any) -> None:
    client = browser("chief")
    published()
    client.get("/guidance/")
    for _more in range(12):
        published()
    with django_assert_max_num_queries(18):  # with session, person and the frame
        client.get("/guidance/")


def test_difference_word_by_word() -> None:
    assert difference("Gửi phiếu báo hỏng.", "Gửi đơn báo hỏng!") == [
        ("same", "Gửi "), ("gone", "phiếu"), ("new", "đơn"), ("same", " báo hỏng"), ("gone", "."), ("new", "!"),
    ]  # fmt: skip
