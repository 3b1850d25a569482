"""Directives issued to many units at once, followed up by clause and unit, and visits that open with the last one."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid5

import pytest

from cast import unit
from haicap.clocks.models import Owed
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.journal.projection import from_row
from haicap.matters.directing import actions, queries
from haicap.matters.directing.actions import Saying
from haicap.matters.directing.entries import ClauseSaid
from haicap.matters.directing.fold import Directive
from haicap.matters.directing.models import DirectiveRow
from haicap.matters.fold import matters
from haicap.matters.intake import NotOpenHere
from haicap.matters.law import law
from haicap.matters.models import MatterRow
from haicap.matters.queries import filtered, told
from haicap.matters.state import Matter
from haicap.units.acting import Unsaid
from haicap.units.actions import SPACE
from haicap.units.rights import Refused, tell_database
from matters.acting import DAY, raises, steps, who
from matters.browsing import browser, hidden, text_of
from pages import in_days

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
STAFF, WARD, NEXT = "31-PV01", "11311", "11329"


def saying(units: tuple[str, ...] = (WARD, NEXT), count: int = 2, **other: Any) -> Saying:
    said = tuple(
        ClauseSaid(
            code=str(n), text=f"Nhiệm vụ số {n}", due=date(2026, 8, 20), target="100 %" if n == 1 else ""
        )
        for n in range(1, count + 1)
    )
    given = {
        "number": "12/KH-PV01", "title": "Kiểm tra nhà trọ", "sort": "plan", "issued": date(2026, 8, 3),
        "signer": "Trưởng phòng", "clauses": said, "units": units,
    }  # fmt: skip
    return Saying(**(given | other))


def issued(
    account: str = "staff_head", its: Saying | None = None, *, at: datetime = DAY, at_unit: str = STAFF
) -> Directive:
    subject = uuid7()
    with writing(who(account), at=at, subjects=[subject], units=[at_unit]) as pen:
        return actions.issue(
            pen, entry_id=uuid5(subject, "issued"), subject=subject, law=law(), unit=unit(at_unit, using="default"),
            saying=its or saying(),
        )  # fmt: skip


def task(directive: Directive, clause: int, to: str, account: str = "staff_head") -> Matter:
    tell_database(who(account))
    row = MatterRow.objects.get(pk=directive.task(clause, to))
    state = from_row(matters, row).state
    assert state is not None
    return state


def test_every_clause_becomes_a_task_of_every_unit_with_numbers_that_go_on() -> None:
    before = raises(
        "staff_head",
        "directive",
        "Khác",
        {"directive": "1/X", "clause": "1", "what": "x", "due": "2026-08-20"},
        at_unit=STAFF,
        to_unit=WARD,
    )
    directive = issued()
    after = raises(
        "staff_head",
        "directive",
        "Khác",
        {"directive": "2/X", "clause": "1", "what": "x", "due": "2026-08-20"},
        at_unit=STAFF,
        to_unit=WARD,
    )
    tell_database(who("staff_head"))
    its = [task(directive, clause, to) for clause in (0, 1) for to in (WARD, NEXT)]
    numbers = [it.number for it in (before, *its, after)]
    assert len(set(numbers)) == 6
    assert numbers == sorted(numbers)
    assert [(it.holder, it.facts["clause"], it.raised_by) for it in its] == [
        (WARD, "1", STAFF), (NEXT, "1", STAFF), (WARD, "2", STAFF), (NEXT, "2", STAFF),
    ]  # fmt: skip
    assert its[0].facts["measure"] == "100 %"
    assert Owed.objects.filter(subject=its[0].id, clock="do", unit=WARD).exists()
    assert matters(told(its[3].id)).state == its[3]


def test_issued_twice_is_issued_once() -> None:
    subject, entry = uuid7(), uuid7()
    for _time in range(2):
        with writing(who("staff_head"), at=DAY, subjects=[subject], units=[STAFF]) as pen:
            actions.issue(
                pen,
                entry_id=entry,
                subject=subject,
                law=law(),
                unit=unit(STAFF, using="default"),
                saying=saying(),
            )
    tell_database(who("staff_head"))
    assert MatterRow.objects.filter(procedure="directive").count() == 4


def test_all_of_a_province_at_once_or_nothing(django_assert_max_num_queries: Any) -> None:
    units = tuple(code for code, _name, level in queries.addressees("31") if level == "commune")
    with django_assert_max_num_queries(60) as asked:
        directive = issued(its=saying(units, 10))
    assert not any("TEMP TABLE" in each["sql"] for each in asked)  # the serving role makes none
    tell_database(who("director"))
    assert MatterRow.objects.filter(procedure="directive").count() == len(units) * 10 == 1140
    (found,) = queries.matrix(who("director"), [directive.number], at=DAY).values()
    assert found.all == {"open": 1140}
    assert set(found.by_unit) == set(units)


def test_who_may_not_issue_and_what_lacks_something() -> None:
    for account, at_unit, error in (
        ("clerk", WARD, NotOpenHere), ("logistics_head", STAFF, Refused), ("auditor", "31", Refused),
    ):  # fmt: skip
        with pytest.raises(error):
            issued(account, at_unit=at_unit)
    for lacks in (
        {"number": " "},
        {"title": ""},
        {"clauses": ()},
        {"units": ()},
        {"issued": date(2026, 9, 1)},
    ):
        with pytest.raises(Unsaid):
            issued(its=saying(**lacks))
    assert not MatterRow.objects.filter(procedure="directive").exists()
    assert issued("director", at_unit="31").issuer == "31"


def test_report_verify_send_back_and_every_figure_is_its_list() -> None:
    directive = issued()
    first, second = task(directive, 0, WARD), task(directive, 1, WARD)
    steps("chief", first, "report", at=DAY + timedelta(days=3), done="Đã kiểm tra 40 nhà trọ")
    steps("staff_head", first, "verify", at=DAY + timedelta(days=4))
    steps("chief", second, "report", at=DAY + timedelta(days=3), done="Đã xong")
    steps(
        "staff_head", second, "return", at=DAY + timedelta(days=5), reason="Thiếu số liệu", due="2026-09-30"
    )
    at, person = DAY + timedelta(days=30), who("staff_head")
    tell_database(person)
    its = queries.matrix(person, [directive.number], at=at)[directive.number]
    assert its.all == {"done": 1, "open": 1, "overdue": 2}
    assert its.by_unit[NEXT] == {"overdue": 2}
    assert its.by_clause["2"] == {"open": 1, "overdue": 1}
    assert its.tasks[WARD, "1"].done == "Đã kiểm tra 40 nhà trọ"
    for kind, clause, to, n in (
        ("any", "", "", 4),
        ("overdue", "", "", 2),
        ("open", "2", "", 1),
        ("any", "", NEXT, 2),
    ):
        url = queries.tasks_url(directive.number, kind=kind, clause=clause, unit=to)
        assert filtered(person, dict(parse_qsl(urlsplit(url).query)), at=at).count() == n


def test_reminding_is_a_remark_on_each_open_task() -> None:
    directive = issued()
    steps("chief", task(directive, 0, WARD), "report", at=DAY + timedelta(days=3), done="Xong")
    client = browser("staff_head")
    entry = str(uuid7())
    for _time in range(2):
        answer = client.post(
            f"/matters/directives/{directive.id}/remind/", {"entry_id": entry, "text": "Báo cáo ngay"}
        )
        assert answer.status_code == 302
    assert task(directive, 0, WARD).comments == 0
    assert task(directive, 1, NEXT).comments == 1
    row = DirectiveRow.objects.get(pk=directive.id)
    assert [it["tasks"] for it in row.state["reminders"]] == [3]  # type: ignore[index]
    assert "Báo cáo ngay" in text_of(browser("neighbour").get(f"/matters/id/{directive.task(1, NEXT)}/"))
    assert (
        browser("chief")
        .post(f"/matters/directives/{directive.id}/remind/", {"entry_id": str(uuid7())})
        .status_code
        == 403
    )


def test_who_sees_a_directive_and_of_it_only_their_own_tasks() -> None:
    directive = issued()
    for account, status in (
        ("staff_head", 200), ("chief", 200), ("neighbour", 200), ("director", 200), ("auditor", 200),
        ("crime", 404), ("outsider", 404),
    ):  # fmt: skip
        for page in ("", "paper.pdf"):
            answer = browser(account).get(f"/matters/directives/{directive.id}/{page}")
            assert answer.status_code == status, account
    tell_database(who("neighbour"))
    its = queries.matrix(who("neighbour"), [directive.number], at=DAY)[directive.number]
    assert set(its.by_unit) == {NEXT}
    tell_database(who("outsider"))
    assert not DirectiveRow.objects.exists()
    assert not queries.seen(who("outsider")).exists()


ISSUED, DUE = in_days(-3), in_days(38)
FORM = {
    "rows": "3", "sort": "plan", "issuer": STAFF, "number": "7/KH-PV01", "title": "Kiểm tra", "issued": f"{ISSUED}",
    "signer": "Trưởng phòng", "due": f"{DUE}", "code_0": "1", "text_0": "Rà soát nhà trọ", "code_1": "2",
    "text_1": "Báo cáo số liệu", "due_1": f"{in_days(27)}", "to": "some", "list": "Công an phường Hồng Bàng\n11329 · x",
}  # fmt: skip
NEW = "/matters/directives/new/"


def test_the_form_looks_ahead_and_gives_all_at_once() -> None:
    client = browser("staff_head")
    entry = hidden(client.get(NEW), "entry_id")
    more = client.post(NEW, FORM | {"entry_id": entry, "more": "1"})
    assert 'name="text_5"' in text_of(more)
    assert "Rà soát nhà trọ" in text_of(more)
    ahead = client.post(NEW, FORM | {"entry_id": entry, "preview": "1"})
    assert "2 đơn vị × 2 khoản = 4 nhiệm vụ" in text_of(ahead)
    assert f"{DUE:%d/%m/%Y}" in text_of(ahead)
    assert not DirectiveRow.objects.exists()
    sent = client.post(NEW, FORM | {"entry_id": entry})
    subject = uuid5(SPACE, f"directive/{entry}")
    assert sent["Location"] == f"/matters/directives/{subject}/"
    assert client.post(NEW, FORM | {"entry_id": entry})["Location"] == sent["Location"]
    tell_database(who("staff_head"))
    assert MatterRow.objects.filter(procedure="directive").count() == 4
    page = text_of(client.get(sent["Location"]))
    assert "Rà soát nhà trọ" in page
    assert "7/KH-PV01" in text_of(client.get("/matters/directives/"))
    again = client.post(NEW, FORM | {"entry_id": str(uuid7())})
    assert again.status_code == 422
    assert "đã có văn bản mang số này" in text_of(again)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"number": ""}, "Số, ký hiệu"),
        ({"text_0": "", "text_1": ""}, "Ghi ít nhất một nhiệm vụ."),
        ({"due": "", "due_1": ""}, "Ghi hạn riêng, hoặc hạn chung ở trên."),
        ({"due_1": f"{in_days(-22)}"}, "Hạn không được trước ngày ban hành."),
        ({"code_1": "1"}, "Hai nhiệm vụ cùng một mục, khoản."),
        ({"list": "Công an nơi không có"}, "Không rõ đơn vị: Công an nơi không có."),
        ({"list": ""}, "Chọn ít nhất một đơn vị."),
    ],
)
def test_what_is_wrong_with_the_form_is_said(wrong: dict[str, str], says: str) -> None:
    answer = browser("staff_head").post(NEW, FORM | wrong | {"entry_id": str(uuid7())})
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert "Kiểm tra" in text_of(answer)


def test_all_communes_and_only_those_who_may() -> None:
    ahead = browser("staff_head").post(
        NEW, FORM | {"entry_id": str(uuid7()), "to": "communes", "preview": "1"}
    )
    assert "114 đơn vị × 2 khoản = 228 nhiệm vụ" in text_of(ahead)
    for account in ("clerk", "chief", "auditor", "operator"):
        assert browser(account).get(NEW).status_code == 403


def test_the_next_visit_opens_with_what_became_of_the_last() -> None:
    said = {
        "sort": "visit",
        "visited": WARD,
        "units": (WARD,),
        "number": "3/TB-CAT",
        "title": "Làm việc tại phường",
    }
    directive = issued("director", saying(**said), at_unit="31")
    first = task(directive, 0, WARD, "director")
    steps("chief", first, "report", at=DAY + timedelta(days=3), done="Đã phân công trực đủ ba ca")
    client = browser("director")
    form = client.get(f"{NEW}?sort=visit&unit={WARD}")
    page = text_of(form)
    assert page.index("Lần làm việc trước đã chỉ đạo") < page.index('name="number"')
    assert "Đã phân công trực đủ ba ca" in page
    sent = {
        "entry_id": hidden(form, "entry_id"), "rows": "3", "sort": "visit", "issuer": "31", "number": "9/TB-CAT",
        "title": "Làm việc lần hai", "issued": f"{ISSUED}", "signer": "Phó Giám đốc", "visited": WARD, "code_0": "1",
        "text_0": "Bổ sung bảng phân công", "due_0": f"{in_days(22)}", "to": "visited",
    }  # fmt: skip
    assert "1 đơn vị × 1 khoản = 1 nhiệm vụ" in text_of(client.post(NEW, sent | {"preview": "1"}))
    where = client.post(NEW, sent)["Location"]
    row = DirectiveRow.objects.get(number="9/TB-CAT")
    assert UUID(row.state["previous"]) == directive.id  # type: ignore[index]
    assert "Làm việc tại phường" in text_of(client.get(where))
    for lang in ("vi", "en"):
        listed = text_of(browser("chief", lang).get("/matters/directives/visits/"))
        assert listed.index("9/TB-CAT") < listed.index("3/TB-CAT")
    assert browser("chief").get(f"/matters/directives/{directive.id}/state.pdf").content[:5] == b"%PDF-"
    assert browser("neighbour").get(f"/matters/directives/{directive.id}/state.pdf").status_code == 404
    assert "Đã phân công" in b"".join(client.get("/matters/directives/visits/?format=csv")).decode()


def test_pages_in_both_languages_and_as_files(django_assert_max_num_queries: Any) -> None:
    directive = issued()
    for lang in ("vi", "en"):
        for account in ("staff_head", "chief", "director"):
            client = browser(account, lang)
            assert "Nhiệm vụ số 1" in text_of(client.get(f"/matters/directives/{directive.id}/"))
            assert client.get("/matters/directives/visits/").status_code == 200
    client = browser("staff_head")
    with django_assert_max_num_queries(16):  # with session, person and the frame
        client.get(f"/matters/directives/{directive.id}/")
    assert "Hồng Bàng" in b"".join(client.get(f"/matters/directives/{directive.id}/?format=csv")).decode()
    assert client.get(f"/matters/directives/{directive.id}/?format=xlsx").content[:2] == b"PK"
    assert client.get("/matters/directives/").status_code == 200


def test_units_are_meant_by_name_code_or_place() -> None:
    units = [
        ("11311", "Công an phường Hồng Bàng", "commune"),
        ("11329", "Công an xã An Biên", "commune"),
        ("2", "Công an phường An Biên", "commune"),
    ]
    lines = ["hong bang", "11329 · Công an xã An Biên", "CONG AN PHUONG AN BIEN", "", "An Biên", "Xã Lạ"]
    assert queries.meant(lines, units) == (["11311", "11329", "2"], ["An Biên", "Xã Lạ"])
