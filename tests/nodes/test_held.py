"""An entry that taking-in holds: who sees it, and who lets it count."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.urls import reverse

from cast import WARD
from haicap.journal.chain import Description, chain
from haicap.journal.entry import payload
from haicap.journal.history import history
from haicap.journal.ids import uuid7
from haicap.journal.intake import Batch, Item, NotHeld, receive
from haicap.journal.kinds import Body
from haicap.journal.models import Entry
from haicap.matters.entries import Commented
from haicap.matters.transferring.entries import OutcomeTold
from haicap.nodes import views
from haicap.nodes.models import Member
from nodes.world import joined
from pages import browser, difficulty, html

REMARK = Commented(text="Đã gọi thợ")


def held_one(body: Body = REMARK, reason: str = "grant-unknown") -> tuple[UUID, UUID]:
    """An entry of the ward's node, held; with the matter that it is about."""
    subject, member = difficulty("Dột mái"), joined()
    assert member.node is not None
    assert member.now is not None
    line = Description(member.node, member.now.id, WARD, "work")
    entry = uuid7()
    data = payload(
        entry_id=entry, salt=bytes(16), subject=subject, after=None, body=body, actor=uuid7(), grant=uuid7(),
        at=datetime.now(UTC),
    )  # fmt: skip
    head = chain(line.digest(), line.id(), 1, [data])[-1]
    receive(Batch(line, 0, (Item(data),), head), {entry: reason})
    return entry, subject


def test_a_held_entry_is_shown_with_its_reason_and_let_count(own_database: str) -> None:
    entry, subject = held_one()
    client = browser("operator")
    member = Member.objects.get()
    address = f"/nodes/{member.pk}/held/{entry}/release/"
    page = html(client, f"/nodes/{member.pk}/")
    assert "chưa thấy quyết định giao quyền" in page
    assert "hồ sơ vụ việc: " in page  # what it is, in words
    assert address in page
    assert address not in html(browser("auditor"), f"/nodes/{member.pk}/")
    assert browser("auditor").post(address).status_code == 404
    assert entry not in {it.id for it in history(subject, "worker")}
    for _ in range(2):
        assert client.post(address).status_code == 302
    assert entry in {it.id for it in history(subject, "worker")}
    assert "Không giữ mục nào" in html(client, f"/nodes/{member.pk}/")


def test_of_two_who_let_it_count_at_once_the_second_is_told_so(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, _subject = held_one()

    def late(*_args: object, **_keys: object) -> None:
        raise NotHeld(entry)

    monkeypatch.setattr(views, "release_entry", late)
    address = f"/nodes/{Member.objects.get().pk}/held/{entry}/release/"
    assert "không còn bị giữ" in browser("operator").post(address, follow=True).content.decode()


def test_days_that_nobody_reckons_with_lie_there_and_break_no_page(own_database: str) -> None:
    ended = datetime(9999, 12, 31, 23, tzinfo=UTC)
    entry, subject = held_one(
        OutcomeTold(unit=WARD, now="x", outcome=None, ended=ended, of=uuid7()), "out-of-time"
    )
    assert "ngoài các năm 1800–2200" in html(browser("operator"), f"/nodes/{Member.objects.get().pk}/")
    html(browser("clerk"), reverse("matters:id", args=[subject]))
    row = Entry.objects.using("worker").get(id=entry)
    html(browser("auditor"), reverse("journal:entry", args=[row.stream_id, row.seq]))


@pytest.mark.parametrize("reason", ["out-of-time", "id-of-another"])
def test_days_that_nobody_reckons_with_are_let_count_by_nobody(own_database: str, reason: str) -> None:
    """Also where it is held for a graver reason besides."""
    ended = datetime(9999, 12, 31, 23, tzinfo=UTC)
    entry, subject = held_one(OutcomeTold(unit=WARD, now="x", outcome=None, ended=ended, of=uuid7()), reason)
    client, member = browser("operator"), Member.objects.get()
    address = f"/nodes/{member.pk}/held/{entry}/release/"
    assert (address in html(client, f"/nodes/{member.pk}/")) is (reason != "out-of-time")
    assert "Không thể cho tính" in client.post(address, follow=True).content.decode()
    assert entry not in {it.id for it in history(subject, "worker")}
    assert not Entry.objects.using("worker").filter(kind="journal.released").exists()
