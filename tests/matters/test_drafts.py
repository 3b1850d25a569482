"""Drafts: sealed, one's own, gone once sent."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag

from haicap.journal.ids import uuid7
from haicap.journal.models import Entry
from haicap.matters import drafts
from haicap.matters.drafts import LONGEST, Draft, TooLong
from matters.acting import who

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TYPED = {"title": "Trụ sở dột", "what": "Bà Nguyễn Thị Lan nói"}


def saved(account: str = "clerk", entry_id: UUID | None = None, **typed: str) -> UUID:
    its = entry_id or uuid7()
    kept = drafts.save(
        who(account), entry_id=its, subject=UUID(int=4), procedure="difficulty", act="raise", answers=typed or TYPED,
        at=NOW,
    )  # fmt: skip
    assert kept
    return its


def test_what_was_typed_comes_back() -> None:
    draft = drafts.kept(who("clerk"), entry_id=str(saved()))
    assert draft is not None
    assert drafts.answers(draft) == TYPED
    assert drafts.kept(who("clerk"), subject=UUID(int=4), act="raise") == draft
    assert drafts.kept(who("clerk"), subject=UUID(int=4), act="answer") is None
    assert drafts.kept(who("clerk"), entry_id="no id") is None


def test_one_that_was_saved_after_its_form_was_sent_is_gone() -> None:
    written = Entry.objects.filter(channel="reference").first()
    assert written is not None
    its = saved(entry_id=written.id)
    assert drafts.kept(who("clerk"), subject=UUID(int=4), act="raise") is None
    assert drafts.kept(who("clerk"), entry_id=str(its)) is None


def test_saving_again_replaces() -> None:
    its = saved()
    saved(entry_id=its, title="Trụ sở dột nặng")
    assert Draft.objects.count() == 1
    draft = drafts.kept(who("clerk"), entry_id=str(its))
    assert draft is not None
    assert drafts.answers(draft) == {"title": "Trụ sở dột nặng"}


def test_nothing_typed_lies_in_the_open() -> None:
    saved()
    data = bytes(Draft.objects.get().sealed)
    for text in TYPED.values():
        assert text.encode() not in data


def test_a_draft_is_its_author_s_alone() -> None:
    its = saved()
    assert drafts.kept(who("chief"), entry_id=str(its)) is None
    assert not drafts.of(who("chief")).exists()
    assert not drafts.save(
        who("chief"),
        entry_id=its,
        subject=UUID(int=4),
        procedure="difficulty",
        act="raise",
        answers={"a": "b"},
        at=NOW,
    )
    drafts.drop(who("chief"), its)
    assert Draft.objects.filter(pk=its).exists()
    drafts.drop(who("clerk"), its)
    assert not Draft.objects.exists()


def test_a_row_moved_to_another_person_does_not_open() -> None:
    draft = Draft.objects.get(pk=saved())
    draft.person = who("chief").id
    with pytest.raises(InvalidTag):
        drafts.answers(draft)


def test_too_much_is_refused() -> None:
    with pytest.raises(TooLong):
        saved(what="a" * (LONGEST + 1))
