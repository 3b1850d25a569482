"""An entry that taking-in holds: who sees it, and who lets it count."""

from datetime import UTC, datetime
from uuid import UUID

from cast import WARD
from haicap.journal.chain import Description, chain
from haicap.journal.entry import payload
from haicap.journal.history import history
from haicap.journal.ids import uuid7
from haicap.journal.intake import Batch, Item, receive
from haicap.matters.entries import Commented
from haicap.nodes.models import Member
from nodes.world import joined
from pages import browser, difficulty, html


def held_one() -> tuple[UUID, UUID]:
    """An entry of the ward's node, held; with the matter that it is about."""
    subject, member = difficulty("Dột mái"), joined()
    assert member.node is not None
    assert member.now is not None
    line = Description(member.node, member.now.id, WARD, "work")
    entry, body = uuid7(), Commented(text="Đã gọi thợ")
    data = payload(
        entry_id=entry, salt=bytes(16), subject=subject, after=None, body=body, actor=uuid7(), grant=uuid7(),
        at=datetime.now(UTC),
    )  # fmt: skip
    head = chain(line.digest(), line.id(), 1, [data])[-1]
    receive(Batch(line, 0, (Item(data),), head), {entry: "grant-unknown"})
    return entry, subject


def test_a_held_entry_is_shown_with_its_reason_and_let_count(own_database: str) -> None:
    entry, subject = held_one()
    client = browser("operator")
    member = Member.objects.get()
    address = f"/nodes/{member.pk}/held/{entry}/release/"
    page = html(client, f"/nodes/{member.pk}/")
    assert "chưa thấy quyết định giao quyền" in page
    assert address in page
    assert address not in html(browser("auditor"), f"/nodes/{member.pk}/")
    assert browser("auditor").post(address).status_code == 404
    assert entry not in {it.id for it in history(subject, "worker")}
    for _ in range(2):
        assert client.post(address).status_code == 302
    assert entry in {it.id for it in history(subject, "worker")}
    assert "Không giữ mục nào" in html(client, f"/nodes/{member.pk}/")
