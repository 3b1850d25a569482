"""Who may order an erasure, when, and what its pages and its receipt say."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from cast import WARD
from haicap.journal import reference
from haicap.journal.erasing import order_of
from haicap.journal.ids import uuid7
from haicap.journal.models import Ciphertext, Node, SubjectKey
from haicap.journal.pen import writing
from haicap.matters.conflicts.actions import NotHere
from haicap.matters.entries import Stepped
from haicap.matters.erasure.actions import erase
from haicap.matters.fold import matters
from haicap.matters.handling import NotNow
from haicap.matters.state import Matter
from haicap.units.acting import Unsaid
from haicap.units.rights import Refused, tell_database
from haicap.units.sign_in import PEOPLE
from matters.acting import raises, who
from pages import browser, html

pytestmark = pytest.mark.django_db(databases=["default", "worker"])
NOW = datetime.now(UTC)
CRIME = {
    "source": "information", "what": "Mất xe", "place": "Chợ", "severity": "serious", "group": "drugs",
    "reporter.name": "Nguyễn Văn A",
}  # fmt: skip
ORDER = {"ground": "Hết thời hạn lưu giữ", "paper": "5/QĐ-CATP ngày 20/11/2026", "sure": "on"}


def going_on() -> Matter:
    return raises("clerk", "crime-report", "Mất xe", CRIME, at=NOW)


def ended() -> Matter:
    matter = going_on()
    with writing(who("chief"), at=NOW, subjects=[matter.id], units=[WARD]) as pen:
        over = Stepped(step="decide", now="decided", outcome="not-opened", ends=True)
        return pen.write(matters, uuid7(), matter.id, over, unit=WARD, grant=None)


def erases(account: str, matter: Matter, ground: str = "Hết hạn", paper: str = "5/QĐ") -> Matter:
    with writing(who(account), at=NOW, subjects=[matter.id], units=[WARD]) as pen:
        return erase(pen, entry_id=uuid7(), subject=matter.id, ground=ground, paper=paper)


def test_the_director_orders_it_and_nobody_else() -> None:
    matter = ended()
    for account in ("clerk", "chief", "crime_head", "auditor", "neighbour", "outsider"):
        with pytest.raises(Refused):
            erases(account, matter)
    erases("director", matter)


def test_it_takes_a_ground_a_paper_and_an_ended_matter() -> None:
    matter = ended()
    for said in ({"ground": " "}, {"paper": ""}):
        with pytest.raises(Unsaid):
            erases("director", matter, **said)
    with pytest.raises(NotNow):
        erases("director", going_on())
    with pytest.raises(NotNow):
        erases(
            "director", raises("clerk", "difficulty", "Dột", {"kind": "headquarters", "what": "Dột"}, at=NOW)
        )
    erases("director", matter)
    with pytest.raises(NotNow):
        erases("director", matter)


def test_only_the_authoritys_node_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    matter, node = ended(), Node.objects.get(ours=True)
    node.authority = uuid4()
    monkeypatch.setattr(reference, "ours", lambda using: node)
    with pytest.raises(NotHere):
        erases("director", matter)
    assert "Lệnh xóa được ghi trên máy của tỉnh" in html(browser("director"), f"/erasures/{matter.id}/")


def test_the_pages_order_show_who_is_open_and_print() -> None:
    matter, client = ended(), browser("director")
    page = html(client, f"/matters/id/{matter.id}/")
    assert f"/erasures/{matter.id}/" in page
    faulty = client.post(f"/erasures/{matter.id}/", ORDER | {"entry_id": str(uuid7()), "sure": ""})
    assert faulty.status_code == 422
    assert SubjectKey.objects.filter(subject=matter.id).exists()
    assert client.get(f"/erasures/{matter.id}/receipt.pdf").status_code == 404
    done = client.post(f"/erasures/{matter.id}/", ORDER | {"entry_id": str(uuid7())})
    assert done["Location"] == f"/erasures/{matter.id}/"
    assert not SubjectKey.objects.filter(subject=matter.id).exists()
    assert not Ciphertext.objects.exists()
    receipt = html(client, f"/erasures/{matter.id}/")
    tell_database(who("director"))
    order = order_of(matter.id)
    assert order is not None
    assert order.done
    last = order.at.astimezone(PEOPLE) + timedelta(days=35)
    assert f"{last:%d/%m/%Y}" in receipt
    assert "Hết thời hạn lưu giữ" in receipt
    assert matter.number in html(browser("auditor"), "/erasures/")
    pdf = client.get(f"/erasures/{matter.id}/receipt.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert "xem biên bản" in html(browser("clerk"), f"/matters/id/{matter.id}/")


def test_nothing_is_sealed_in_it_again_and_the_page_says_so() -> None:
    matter = ended()
    browser("director").post(f"/erasures/{matter.id}/", ORDER | {"entry_id": str(uuid7())})
    sent = {"entry_id": str(uuid7()), "text": "Anh A gọi lại"}
    answer = browser("chief").post(f"/matters/id/{matter.id}/act/comment/", sent, follow=True)
    assert "đã được xóa theo lệnh" in answer.content.decode()
    tell_database(who("chief"))
    assert not SubjectKey.objects.filter(subject=matter.id).exists()


def test_others_see_no_order() -> None:
    matter = ended()
    for account in ("clerk", "neighbour", "outsider"):
        assert browser(account).get(f"/erasures/{matter.id}/").status_code == 404
    assert browser("clerk").get("/erasures/").status_code == 404
