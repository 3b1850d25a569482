"""Three days of work in a commune without a line: real entries, by the rooms' own actions, for `bench/herd.py`."""

import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256

from exchange_records import text_of, vocabulary
from haicap.duty import log
from haicap.duty.sorts import given
from haicap.journal.bulk import Bulk
from haicap.journal.chain import chain
from haicap.journal.ids import uuid7
from haicap.journal.intake import Item
from haicap.journal.node import Own
from haicap.journal.pen import Pen
from haicap.journal.sealing import key_id
from haicap.matters.afterwards import act_beside, comment
from haicap.matters.attaching.entries import Attached
from haicap.matters.intake import raise_matter
from haicap.matters.law import law
from haicap.units.fold import Unit
from haicap.units.rights import Person
from herd_shelf import Line

# Of each commune in three days: the demonstration's year has 40,000 matters of four entries in 114 of them.
LINES, SEALED, MATTERS = 24, 6, 9
FILES, SIZE = 3, 40_000  # bytes of each
AWAY = timedelta(days=3)


def worked(own: Own, clerk: Person, unit: Unit) -> Line:
    """The work of a unit's clerk on the unit's own node, up to now, in that node's own stream."""
    desk, chance, began = Bulk(own, os.urandom), random.Random(unit.code), datetime.now(UTC) - AWAY
    blobs = {sha256(blob).hexdigest(): blob for blob in (chance.randbytes(SIZE) for _ in range(FILES))}
    acts: list[Callable[[Pen], None]] = [
        partial(write_line, unit=unit, chance=chance, sealed=place < SEALED) for place in range(LINES)
    ]
    acts += [partial(raise_one, unit=unit, blob=blob) for blob in (*blobs, *[None] * (MATTERS - FILES))]
    chance.shuffle(acts)
    for place, act in enumerate(acts):
        act(Pen(clerk, began + place * AWAY / len(acts), desk))
    stream = own.stream(unit.code, "work")
    items = tuple(Item(payload, ciphertext) for _id, payload, ciphertext, _blinds in desk.lines[stream])
    hashes = chain(stream.digest(), stream.id(), 1, (item.payload for item in items))
    keys = {key_id(key).hex(): (subject, key) for subject, key in desk.keys.items()}
    return Line(stream, items, tuple(hashes), keys, blobs)


def write_line(pen: Pen, *, unit: Unit, chance: random.Random, sealed: bool) -> None:
    """A call in the duty log; who called, where that is known, is sealed."""
    entry_id = uuid7(pen.at, pen.desk.entropy)
    log.write_line(
        pen, entry_id=entry_id, subject=log.subject_of(entry_id), unit=unit, sort="call",
        text=text_of(chance, vocabulary()), happened=pen.at, settings=given(), calendar=law(using="worker").calendar,
        people="Người gọi, số máy 09" if sealed else "", synthetic=True,
    )  # fmt: skip


def raise_one(pen: Pen, *, unit: Unit, blob: str | None) -> None:
    """A difficulty with three comments, the last of which gives way to a file where there is one."""
    its, subject = law(using="worker"), uuid7(pen.at, pen.desk.entropy)
    first, second, third, fourth = (uuid7(pen.at, pen.desk.entropy) for _ in range(4))
    matter = raise_matter(
        pen, entry_id=first, subject=subject, law=its, procedure=its.procedure("difficulty", pen.at), unit=unit,
        by="unit", received=pen.at, title="Trụ sở dột khi mưa", synthetic=True,
        answers={"kind": "headquarters", "what": "Mái dột ba phòng, nước chảy vào tủ hồ sơ"},
    )  # fmt: skip
    comment(
        pen, entry_id=second, subject=subject, law=its, text="Đã che tạm bằng bạt, chờ cấp trên cho ý kiến"
    )
    comment(pen, entry_id=third, subject=subject, law=its, text="Đã báo Hậu cần qua điện thoại")
    if blob is None:
        comment(pen, entry_id=fourth, subject=subject, law=its, text="Hậu cần hẹn xem vào tuần sau")
        return
    body = Attached(
        blob=blob, size=SIZE, media="image/jpeg", name="mai-dot.jpg", personal=False, about="", picture=""
    )
    act_beside(pen, fourth, matter, "matter.note", body)
