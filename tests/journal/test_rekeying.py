"""This node's keys are changed: what the file keeps of the earlier ones, and what a cut leaves."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pyrage
import pytest

from foreign import AT, UNIT, raised, stepped
from haicap.journal import rekeying
from haicap.journal.ids import uuid7
from haicap.journal.incarnations import begun
from haicap.journal.models import Checkpoint, Node
from haicap.journal.node import keys, own, public_key
from haicap.journal.pen import writing
from haicap.journal.rekeying import OPENS, cut_off, heard, rekey, renewals, unheard
from haicap.matters.fold import matters
from haicap.units.loading import Founder
from journals import Journal


class PowerCut(Exception):
    """The machine is off."""


SUBJECT = UUID(int=1 << 120)


def write() -> None:
    with writing(Founder(own().id), at=AT, subjects=[SUBJECT], units=[UNIT]) as pen:
        body = stepped("b") if pen.state(matters, SUBJECT) else raised("a")
        pen.write(matters, uuid7(), SUBJECT, body, unit=UNIT, grant=None)


def in_file(journal: Journal) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads((journal.home / "node.json").read_text())
    return kept


def test_new_keys_begin_a_new_incarnation_and_what_was_signed_stays_signed(journal: Journal) -> None:
    write()
    journal.checkpoint()
    first, before, old = own(), public_key(), keys()
    second = rekey(at=AT, below=True)
    row = Node.objects.using("worker").get(ours=True)
    assert second == own()
    assert second.incarnation > first.incarnation
    assert bytes(row.public_key) == public_key() != before
    assert row.recipient == str(keys().receiving.to_public())
    its = begun("worker")
    assert its is not None
    assert its.reason == "key"
    assert journal.problems(refold=True) == []
    write()
    journal.checkpoint()
    assert journal.problems(refold=True) == []
    (led,) = renewals()
    assert (led.before, led.public_key, led.genuine(first.id)) == (before, public_key(), True)
    assert not led.genuine(UUID(int=1))
    assert [it.public_key().public_bytes_raw() for it in unheard()] == [before]
    late = pyrage.encrypt(b"late", [old.receiving.to_public()])
    assert pyrage.decrypt(late, keys().identities) == b"late"
    assert (journal.home / "node.json").stat().st_mode & 0o777 == 0o600


def test_earlier_keys_are_destroyed_when_they_are_needed_no_more(journal: Journal) -> None:
    first, old = public_key(), in_file(journal)
    assert first is not None
    rekey(at=AT, below=True)
    heard(first, at=AT)
    assert len(unheard()) == 1, "another key is believed than the present one"
    present = public_key()
    assert present is not None
    heard(present, at=AT + OPENS - timedelta(seconds=1))
    assert unheard() == ()
    assert len(keys().earlier) == 1
    assert old["signing"] not in (journal.home / "node.json").read_text()
    heard(present, at=AT + OPENS)
    assert keys().earlier == ()
    assert old["receiving"] not in (journal.home / "node.json").read_text()
    assert len(renewals()) == 1, "children may come late"


def test_a_node_without_parent_keeps_no_signing_key(journal: Journal) -> None:
    rekey(at=AT, below=False)
    rekey(at=AT, below=False)
    assert unheard() == ()
    first, second = renewals()
    assert first.public_key == second.before


def test_cut_off_between_file_and_database_it_is_finished(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    journal.checkpoint()
    first = own()

    def power_cut(*_: object, **__: object) -> None:
        raise PowerCut

    with monkeypatch.context() as cut:
        cut.setattr(rekeying, "begin_incarnation", power_cut)
        with pytest.raises(PowerCut):
            rekey(at=AT, below=True)
    assert own() == first
    assert cut_off("worker")
    kept = in_file(journal)
    journal.checkpoint()  # the server has signed with the new key meanwhile
    second = rekey(at=AT, below=True)
    assert in_file(journal) == kept, "no further keys"
    assert second.incarnation > first.incarnation
    assert not cut_off("worker")
    assert journal.problems(refold=True) == []
    assert Checkpoint.objects.using("worker").exists()


def test_cut_off_before_the_file_is_in_its_place_nothing_has_changed(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, first = in_file(journal), own()
    with monkeypatch.context() as cut:
        cut.setattr("haicap.journal.node.Path.replace", lambda *_: (_ for _ in ()).throw(PowerCut))
        with pytest.raises(PowerCut):
            rekey(at=AT, below=True)
    assert (in_file(journal), own()) == (kept, first)
    rekey(at=AT, below=True)
    assert own() != first
