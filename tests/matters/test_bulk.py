"""One act on many matters: looked at before, done once, each by itself, told matter by matter, brought back."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from haicap.matters.bulk import doing, judging, views
from haicap.matters.bulk.models import Bulk, BulkLine
from haicap.matters.models import MatterRow
from haicap.matters.queries import people_of
from haicap.units.rights import tell_database
from pages import browser, crime_report, difficulty, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])


def gather(client: Client, *subjects: UUID, **more: str) -> str:
    """The address of a new bulk."""
    response = client.post("/matters/bulk/", {"subject": [str(it) for it in subjects], **more})
    assert response.status_code == 302
    return str(response.headers["Location"])


def tell(client: Client, address: str, **told: str) -> list[views.Line]:
    """What would happen to each when this is told."""
    response = client.post(address, told)
    assert response.status_code == 302, response.context["form"].errors
    return list(client.get(address).context["lines"])


def outcome(client: Client, address: str) -> list[tuple[str, str]]:
    """What came of each when it was confirmed."""
    client.post(f"{address}do/")
    return [(it.verdict.kind, it.verdict.why) for it in client.get(address).context["lines"]]


def row(subject: UUID) -> MatterRow:
    tell_database(person("director"))
    return MatterRow.objects.get(pk=subject)


def test_nothing_is_written_before_it_is_confirmed() -> None:
    one, two = difficulty("Dột mái"), difficulty("Mất điện")
    officer = browser("logistics")
    address = gather(officer, one, two)
    lines = tell(officer, address, act="receive")
    assert [it.verdict.kind for it in lines] == ["would", "would"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM journal_entry WHERE kind = 'matter.received' AND subject = ANY(%s)",
            [[one, two]],
        )
        assert cursor.fetchone() == (0,)


def test_each_is_done_by_itself_and_says_what_came_of_it() -> None:
    one, seen = difficulty("Dột mái"), difficulty("Mất điện")
    officer = browser("logistics")
    assert outcome(officer, ready(officer, seen, act="receive")) == [("done", "")]
    address = ready(officer, one, seen, act="receive")
    assert outcome(officer, address) == [("done", ""), ("not-now", "Đã xác nhận nhận từ trước.")]
    page = html(officer, address)
    assert row(one).number in page
    assert "không hoàn lại cùng lúc được" in page


def ready(client: Client, *subjects: UUID, **told: str) -> str:
    address = gather(client, *subjects)
    tell(client, address, **told)
    return address


def test_confirmed_twice_it_is_done_once() -> None:
    subject = difficulty("Dột mái")
    clerk = browser("clerk")
    address = ready(clerk, subject, act="comment", text="Đã gọi hỏi.")
    outcome(clerk, address)
    BulkLine.objects.update(verdict="", why="")  # as after a power cut between the entry and its note
    assert outcome(clerk, address) == [("done", "")]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM journal_entry WHERE kind = 'matter.commented' AND subject = %s", [subject]
        )
        assert cursor.fetchone() == (1,)


def test_what_is_refused_says_why_before_and_after() -> None:
    subject = crime_report("Mất xe")
    clerk = browser("clerk")
    address = gather(clerk, subject)
    (line,) = tell(clerk, address, act="assign", assignee="")
    assert line.verdict.kind in ("refused", "not-now")
    assert outcome(clerk, address)[0][0] == line.verdict.kind


def test_an_assignment_can_be_brought_back() -> None:
    one, two = crime_report("Mất xe"), crime_report("Mất trâu")
    chief = browser("chief")
    (who, _name), *_others = people_of(row(one).holder)
    address = ready(chief, one, two, act="assign", assignee=who)
    assert outcome(chief, address) == [("done", ""), ("done", "")]
    assert {row(one).assignee, row(two).assignee} == {UUID(who)}
    back = chief.post(f"{address}undo/").headers["Location"]
    assert [it.verdict.kind for it in chief.get(back).context["lines"]] == ["would", "would"]
    assert outcome(chief, back) == [("done", ""), ("done", "")]
    assert {row(one).assignee, row(two).assignee} == {None}


def test_a_step_that_asks_nothing_is_offered_and_taken() -> None:
    subjects = [difficulty("Dột mái"), difficulty("Mất điện")]
    officer = browser("logistics")
    address = gather(officer, *subjects)
    form = officer.get(address).context["form"]
    offered = dict(form.fields["step"].choices) if "step" in form.fields else {}
    procedures = {code.split("/")[0] for code in offered if code}
    assert procedures <= {"difficulty"}
    for code in filter(None, offered):
        lines = tell(officer, address, act="step", step=code)
        assert {it.verdict.kind for it in lines} <= {"would", "not-now"}


def test_what_an_act_needs_must_be_said() -> None:
    clerk = browser("clerk")
    address = gather(clerk, difficulty("Dột mái"))
    response = clerk.post(address, {"act": "comment", "text": " "})
    assert response.status_code == 422
    assert "text" in response.context["form"].errors


def test_all_that_fit_the_filter_can_be_chosen() -> None:
    wanted = {difficulty("Dột mái"), difficulty("Mất điện")}
    crime_report("Mất xe")
    clerk = browser("clerk")
    address = gather(clerk, scope="all", query=urlencode({"procedure": "difficulty"}))
    bulk = Bulk.objects.get(pk=address.split("/")[-2])
    assert {line.subject for line in doing.lines_of(bulk)} == wanted


def test_the_whole_page_can_be_chosen_without_scripts() -> None:
    one, two = difficulty("Dột mái"), difficulty("Mất điện")
    address = gather(browser("clerk"), scope="page", page=f"{one},{two},nonsense")
    assert BulkLine.objects.filter(bulk=address.split("/")[-2]).count() == 2


def test_nothing_chosen_goes_back_to_the_list_with_a_word() -> None:
    response = browser("clerk").post("/matters/bulk/", {"query": "open=1"}, follow=True)
    assert response.redirect_chain[-1][0] == "/matters/?open=1"
    assert "Chưa chọn việc nào" in response.content.decode()


def test_many_are_done_by_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 1)
    clerk = browser("clerk")
    address = ready(clerk, difficulty("Dột mái"), difficulty("Mất điện"), act="comment", text="Đã rõ.")
    response = clerk.post(f"{address}do/")
    assert response.headers["Location"].startswith("/jobs/")
    assert "Xem kết quả" in html(clerk, response.headers["Location"])
    assert [it.verdict.kind for it in clerk.get(address).context["lines"]] == ["done", "done"]


def test_another_person_sees_nothing_of_it() -> None:
    address = ready(browser("clerk"), difficulty("Dột mái"), act="receive")
    other = browser("chief")
    assert other.get(address).status_code == 404
    assert other.post(f"{address}do/").status_code == 404


def test_what_is_out_of_reach_is_told_without_a_word_of_it() -> None:
    subject = crime_report("Mất xe")
    outsider = browser("logistics")
    address = gather(outsider, subject)
    (line,) = tell(outsider, address, act="receive")
    assert (line.number, line.url, line.verdict.kind) == ("–", "", "refused")


def test_the_comment_lies_sealed_until_it_is_sent() -> None:
    clerk = browser("clerk")
    ready(clerk, difficulty("Dột mái"), act="comment", text="Ông Nguyễn Văn A")
    (bulk,) = Bulk.objects.all()
    assert "Nguyễn".encode() not in bytes(bulk.sealed)
    assert doing.told_of(bulk) == judging.Told("comment", text="Ông Nguyễn Văn A")


def test_the_result_can_be_taken_away() -> None:
    clerk = browser("clerk")
    address = ready(clerk, difficulty("Dột mái"), act="comment", text="Đã rõ.")
    outcome(clerk, address)
    assert "đã làm" in b"".join(clerk.get(f"{address}?format=csv")).decode()


def test_no_number_of_queries_grows_with_the_matters() -> None:
    def asked(n: int) -> int:
        clerk = browser("clerk")
        address = ready(clerk, *(difficulty(f"Việc {i}") for i in range(n)), act="comment", text="x")
        clerk.get(address)
        with CaptureQueriesContext(connection) as found:
            clerk.get(address)
        return len(found)

    few, many = asked(1), asked(4)
    assert few == many


def test_what_is_old_is_forgotten(settings: Any) -> None:
    clerk = browser("clerk")
    ready(clerk, difficulty("Dột mái"), act="comment", text="x")
    (bulk,) = Bulk.objects.all()
    doing.forget(int((bulk.asked_at + doing.KEPT).timestamp()) + 60)
    assert not Bulk.objects.exists()
    assert not BulkLine.objects.exists()
    assert person("clerk")
