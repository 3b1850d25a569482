"""Erasure: only the authority's order destroys; every holder is named; the chain stays whole."""

import json
import os
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid5

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connections, transaction

from cast import WARD
from haicap.journal import blobs, erasing
from haicap.journal.blob_check import look
from haicap.journal.chain import Description, link
from haicap.journal.entry import payload
from haicap.journal.erasing import KeyDestroyed, KeyErased, order_of
from haicap.journal.holders import KeyGiven
from haicap.journal.ids import uuid7
from haicap.journal.models import Ciphertext, Node, SubjectKey
from haicap.journal.node import own
from haicap.journal.pen import writing
from haicap.journal.sealing import Destroyed, key_for
from haicap.journal.verify import verify
from haicap.matters.afterwards import comment
from haicap.matters.drafts import Draft
from haicap.matters.law import law
from haicap.matters.state import Matter
from haicap.units.rights import tell_database
from matters.acting import raises, who
from pages import browser

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"], transaction=True)
NOW = datetime.now(UTC)
CRIME = {
    "source": "information", "what": "Mất xe", "place": "Chợ", "severity": "serious", "group": "drugs",
    "reporter.name": "Nguyễn Văn A", "reporter.id_number": "031099001234",
}  # fmt: skip
OTHER = UUID(int=77)


@pytest.fixture
def matter(own_database: str) -> Matter:
    """A crime report with a sealed reporter, a sealed remark, a photo and a draft."""
    its = raises("clerk", "crime-report", "Mất xe", CRIME, at=NOW)
    with writing(who("clerk"), at=NOW, subjects=[its.id], units=[WARD]) as pen:
        its = comment(pen, entry_id=uuid7(), subject=its.id, law=law(), text="Anh A vắng nhà")
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n")
    browser("clerk").post(
        f"/matters/id/{its.id}/files/", {"entry_id": str(uuid7()), "files": [file], "about": "x"}
    )
    Draft.objects.create(
        entry_id=uuid7(), person=who("clerk").id, subject=its.id, procedure="crime-report", act="comment",
        sealed=b"x", saved_at=NOW,
    )  # fmt: skip
    return its


def orders(matter: Matter, node: UUID | None = None) -> None:
    """The order as the authority writes it; as another node does where `node` is given."""
    body = KeyErased(ground="Hết thời hạn lưu giữ", paper="5/QĐ")
    if node is None:
        with writing(who("director"), at=NOW, subjects=[matter.id], units=[WARD]) as pen:
            erasing.write_beside(pen, uuid7(), matter.id, body, unit=WARD)
        return
    data = payload(
        entry_id=uuid7(),
        salt=bytes(16),
        subject=matter.id,
        after=None,
        body=body,
        actor=node,
        grant=None,
        at=NOW,
    )
    stream = Description(node, node, WARD, "work")
    Node.objects.using("owner").create(id=node, name="x", incarnation=node, public_key=b"", recipient="")
    with connections["owner"].cursor() as cursor:
        digest = stream.digest()
        cursor.execute(
            "INSERT INTO journal_stream VALUES (%s, %s, %s, %s, 'work', 1, %s)",
            [stream.id(), node, node, WARD, link(digest, stream.id(), 1, sha256(data).digest())],
        )  # fmt: skip
        it = json.loads(data)
        cursor.execute(
            "INSERT INTO journal_entry (stream_id, seq, payload, hash, unit, channel, id, subject, kind, version,"
            " actor, at) SELECT id, 1, %s, hash, unit, channel, %s, %s, %s, 1, %s, %s"
            " FROM journal_stream WHERE id = %s",
            [data, it["id"], it["subject"], it["kind"], node, NOW, stream.id()],
        )  # fmt: skip


def left(matter: Matter) -> tuple[int, int, int]:
    """Keys, ciphertexts and drafts that are still there of it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM journal_ciphertext c JOIN journal_entry e ON e.sealed = c.sha256"
            " WHERE e.subject = %s",
            [matter.id],
        )  # fmt: skip
        (texts,) = cursor.fetchone()
    return (
        SubjectKey.objects.filter(subject=matter.id).count(),
        texts,
        Draft.objects.filter(subject=matter.id).count(),
    )


def test_nothing_goes_without_an_order(matter: Matter) -> None:
    assert left(matter) == (1, 3, 1)
    assert erasing.apply([matter.id], at=NOW) == []
    for using in ("default", "worker"):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(using=using),
            connections[using].cursor() as cursor,
        ):
            cursor.execute("SELECT journal_destroy(%s)", [matter.id])
    orders(matter, OTHER)
    assert erasing.apply([matter.id], at=NOW) == []
    assert left(matter) == (1, 3, 1)
    tell_database(who("director"))
    assert order_of(matter.id) is None


def test_the_order_takes_all_and_leaves_the_chain_whole(matter: Matter) -> None:
    tell_database(who("director"))
    names = set(erasing._blobs(matter.id, "worker"))
    assert all(blobs.path_of(name).exists() for name in names)
    assert names
    orders(matter)
    assert erasing.apply([matter.id], at=NOW) == [matter.id]
    assert left(matter) == (0, 0, 0)
    assert not any(blobs.path_of(name).exists() for name in names)
    assert look().missing == ()
    with connections["worker"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_ciphertext WHERE blind <> '{}'")
        assert cursor.fetchone() == (0,)
    report = verify(processes=1)
    assert report.problems == []


def test_every_key_that_a_subject_has_is_destroyed(matter: Matter) -> None:
    SubjectKey.objects.using("worker").create(key_id=bytes(32), subject=matter.id, wrapped=b"w")
    assert left(matter)[0] == 2
    orders(matter)
    erasing.apply([matter.id], at=NOW)
    assert left(matter)[:2] == (0, 0)


def test_done_again_it_changes_nothing_and_what_comes_late_goes_too(matter: Matter) -> None:
    key = erasing_key(matter)
    orders(matter)
    for _ in range(2):
        erasing.apply([matter.id], at=NOW)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_entry WHERE kind = 'key.destroyed'")
        assert cursor.fetchone() == (1,)
        cursor.execute(
            "SELECT sealed FROM journal_entry WHERE subject = %s AND sealed IS NOT NULL", [matter.id]
        )
        name = cursor.fetchall()[0][0]
        cursor.execute("INSERT INTO journal_ciphertext (sha256, data) VALUES (%s, 'late')", [name])
        cursor.execute(
            "INSERT INTO journal_subjectkey (key_id, subject, wrapped) VALUES (%s, %s, %s)",
            [key, matter.id, b"w"],
        )
    assert left(matter)[:2] == (1, 1)
    erasing.apply([matter.id], at=NOW)
    assert left(matter)[:2] == (0, 0)
    assert not Ciphertext.objects.filter(sha256=name).exists()


def erasing_key(matter: Matter) -> bytes:
    return bytes(SubjectKey.objects.get(subject=matter.id).key_id)


def test_nothing_of_it_is_sealed_again(matter: Matter) -> None:
    orders(matter)
    erasing.apply([matter.id], at=NOW)
    with pytest.raises(Destroyed), transaction.atomic():
        key_for(matter.id, os.urandom, "default")


def test_the_order_names_every_holder_until_the_last_has_said_so(matter: Matter) -> None:
    mine = own("default").id
    with writing(who("director"), at=NOW, subjects=[matter.id], units=[WARD]) as pen:
        erasing.give(pen, matter.id, OTHER, unit=WARD)
        erasing.give(pen, matter.id, OTHER, unit=WARD)
    orders(matter)
    tell_database(who("director"))
    order = order_of(matter.id)
    assert order is not None
    assert {it.node: it.destroyed for it in order.holders} == {mine: None, OTHER: None}
    assert (order.done, order.backups) == (False, None)
    erasing.apply([matter.id], at=NOW)
    tell_database(who("director"))
    order = order_of(matter.id)
    assert order is not None
    assert [it.node for it in order.holders if it.destroyed is None] == [OTHER]
    later = NOW + timedelta(days=3)
    with writing(who("director"), at=later, subjects=[matter.id], units=[WARD]) as pen:
        erasing.write_beside(pen, uuid5(matter.id, "theirs"), matter.id, KeyDestroyed(node=OTHER), unit=WARD)
    tell_database(who("director"))
    order = order_of(matter.id)
    assert order is not None
    assert order.done
    assert order.backups == later + timedelta(days=35)


def test_who_holds_a_key_changes_no_state(matter: Matter) -> None:
    with writing(who("director"), at=NOW, subjects=[matter.id], units=[WARD]) as pen:
        erasing.write_beside(pen, uuid7(), matter.id, KeyGiven(node=OTHER), unit=WARD)
    assert verify(processes=1).problems == []
