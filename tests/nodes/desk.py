"""What the tests with real processes run within an installation: `python desk.py WORK …` in its HAICAP_HOME.

`found` makes a small province. `serve` is `haicap serve` with people at their desks: it reads what they are to do
from standard input, one command a line, and tells each thing done on standard output once it is committed.
"""

import io
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any
from uuid import UUID

from haicap.config import prepare
from haicap.config.cli import say as tell

PROVINCE, WARD, DEPARTMENT = "31", "11311", "31-PH10"
CAST = (("clerk", WARD, "clerk"), ("chief", WARD, "leader"), ("officer", DEPARTMENT, "department-officer"))
PAUSE = 0.05  # seconds between two deeds
SIDE_BY_SIDE = 0.1  # seconds between two looks at what has come
SMALL = (160, 120)  # pixels of a photo; random bytes behind it make it as large as is asked for


def found() -> None:
    """A province without a ministry, one department, one ward, the documents, and three people in post."""
    from haicap.journal.bulk import Bulk
    from haicap.journal.ids import uuid7
    from haicap.journal.node import become, own
    from haicap.journal.pen import Pen
    from haicap.matters.founding import load_documents
    from haicap.units.actions import open_unit, unit_id
    from haicap.units.entries import Label, UnitOpened
    from haicap.units.fold import units
    from haicap.units.loading import ACT, BEGIN, FOUNDED, Founder, put_in_post

    become("Công an tỉnh")
    desk = Bulk(own("worker"), os.urandom)
    pen = Pen(Founder(desk.own.id), FOUNDED, desk)
    body = UnitOpened(code=PROVINCE, name=Label(vi="Tỉnh", en="Province"), level="province", sort="province",
                      parent=None, province=PROVINCE, since=BEGIN, act=ACT)  # fmt: skip
    top = pen.write(units, uuid7(), unit_id(PROVINCE), body, unit=PROVINCE, grant=None, channel="reference")
    below: dict[str, Any] = {"parent": top, "since": BEGIN, "act": ACT}
    its = {
        DEPARTMENT: open_unit(pen, entry_id=uuid7(), code=DEPARTMENT, name=Label(vi="Phòng Hậu cần", en="Logistics"),
                              level="department", sort="department", **below),
        WARD: open_unit(pen, entry_id=uuid7(), code=WARD, name=Label(vi="Phường", en="Ward"), level="commune",
                        sort="ward", territories=(WARD,), **below),
    }  # fmt: skip
    for account, code, role in CAST:
        put_in_post(
            pen, account=account, name=account, unit=its[code], role=role, label=Label(vi=account, en=account)
        )
    desk.load("worker")
    load_documents()


class Desk:
    """Somebody at work: deeds, each a transaction of its own, told when it is committed."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say

    def raise_(self, entry: UUID, subject: UUID) -> None:
        """The clerk takes a matter in."""
        with _writing("clerk", subject) as pen:
            _raised_by(pen, entry, subject)

    def remark(self, entry: UUID, subject: UUID, account: str) -> None:
        """Somebody adds a remark."""
        from haicap.matters import afterwards
        from haicap.matters.law import law

        with _writing(account, subject) as pen:
            afterwards.comment(pen, entry_id=entry, subject=subject, law=law(), text=f"Đã xem {entry}")

    def step(
        self, entry: UUID, subject: UUID, account: str, step: str, outcome: str | None, **answers: str
    ) -> None:
        """Somebody decides."""
        from haicap.matters.handling import Doing, take_step
        from haicap.matters.law import law

        with _writing(account, subject) as pen:
            doing = Doing(step, outcome, None, answers, None)
            take_step(pen, entry_id=entry, subject=subject, law=law(), doing=doing)

    def do(self, deed: str, entry: UUID, subject: UUID) -> None:
        """One deed by its name; the same again with the same entry changes nothing. Raises `NotNow` and what fails."""
        {
            "raise": lambda: self.raise_(entry, subject),
            "remark": lambda: self.remark(entry, subject, "chief"),
            "withdraw": lambda: self.step(entry, subject, "chief", "withdraw", None, reason="Đã tự sửa"),
            "advise": lambda: self.remark(entry, subject, "officer"),
            "answer": lambda: self.step(entry, subject, "officer", "answer", "guidance", guidance="Theo mẫu"),
        }[deed]()

    def photo(self, subject: UUID, size: int, chance: Random) -> None:
        """The clerk attaches a photo of `size` bytes, most of them as good as random."""
        from PIL import Image

        from haicap.matters.attaching.files import attach
        from haicap.matters.models import MatterRow
        from haicap.matters.queries import matter_of
        from haicap.papers.keeping import Upload

        picture = io.BytesIO()
        Image.effect_noise(SMALL, 60).convert("RGB").save(picture, "JPEG")
        data = picture.getvalue()
        source = io.BytesIO(data + chance.randbytes(max(0, size - len(data))))
        upload = Upload("anh.jpg", len(source.getvalue()), source)
        now, matter = datetime.now(UTC), matter_of(MatterRow.objects.using("worker").get(pk=subject))
        attach(_person("clerk"), matter, [upload], entry_id=_new(), at=now, about="", personal=False)


SIDES = {
    "commune": ("raise", "raise", "raise", "remark", "withdraw"),
    "province": ("advise", "advise", "answer"),
}


class Service:
    """What can be asked of an installation on standard input; each answer is a line on standard output."""

    def __init__(self) -> None:
        self.desk = Desk(say)

    def listen(self) -> None:
        """Do what is asked, one thing after the other, until there is nothing more."""
        for line in sys.stdin:
            word, *rest = line.split()
            getattr(self, word)(*rest)

    def deeds(self, side: str, seed: str, *again: str) -> None:
        """Work without end: `try DEED ENTRY SUBJECT` before, `done ENTRY` after; `again` is done once more first.

        While the database is away the same deed is tried until it is done, as a person would.
        """
        chance, asked = Random(seed), again
        while True:
            deed = asked or self._next(side, chance)
            asked = ()
            if deed:
                self._surely(*deed)
            time.sleep(PAUSE)

    def _next(self, side: str, chance: Random) -> tuple[str, str, str] | None:
        from django.db import connections

        from haicap.matters.models import MatterRow

        deed = chance.choice(SIDES[side])
        if deed == "raise":
            return deed, str(_new()), str(_new())
        try:
            last = list(
                MatterRow.objects.using("worker").order_by("-received").values_list("id", flat=True)[:20]
            )
        except Exception as error:  # the database is away
            tell(f"{type(error).__name__}: {error}")
            connections.close_all()
            return None
        return (deed, str(_new()), str(chance.choice(last))) if last else None

    def _surely(self, deed: str, entry: str, subject: str) -> None:
        from django.db import connections

        from haicap.matters.handling import NotNow

        say(f"try {deed} {entry} {subject}")
        while True:
            try:
                self.desk.do(deed, UUID(entry), UUID(subject))
                return say(f"done {entry}")
            except NotNow:
                return say(f"not {entry}")
            except Exception as error:  # the database is away
                tell(f"{type(error).__name__}: {error}")
                connections.close_all()
                time.sleep(0.2)

    def matters(self, count: str) -> None:
        """So many matters; `raised SUBJECT MONOTONIC` of each."""
        for _ in range(int(count)):
            subject = _new()
            self.desk.raise_(_new(), subject)
            say(f"raised {subject} {time.monotonic()}")

    def photos(self, count: str, least: str, most: str, seed: str) -> None:
        """So many photos, from `least` to `most` bytes, each beside another of the newest matters."""
        from haicap.matters.models import MatterRow

        chance = Random(seed)
        rows = MatterRow.objects.using("worker").order_by("-received").values_list("id", flat=True)
        for subject in list(rows[: int(count)]):
            self.desk.photo(subject, chance.randint(int(least), int(most)), chance)
        say(f"attached {count}")

    def watch(self) -> None:
        """Tell from now on when something has come: `there MONOTONIC MATTERS FILES BYTES`, the bytes of all files.

        The matters are asked for last: of a matter that is there the bytes are those before it came.
        """
        Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        told = None
        while True:
            now = (*_files(), _raised())
            if now != told:
                files, size, matters = told = now
                say(f"there {time.monotonic()} {matters} {files} {size}")
            time.sleep(SIDE_BY_SIDE)


def _files() -> tuple[int, int]:
    """How many files lie here whole, and the bytes of all, begun ones too."""
    from haicap.journal import blobs

    its = [it for it in blobs.folder().rglob("*") if it.is_file()]
    whole = [it for it in its if len(it.name) == 64 and it.parent.name == it.name[:2]]
    return len(whole), sum(it.stat().st_size for it in its if it.exists())


def _raised() -> int:
    from haicap.matters.models import MatterRow

    return MatterRow.objects.using("worker").count()


def _new() -> UUID:
    from haicap.journal.ids import uuid7

    return uuid7()


def _person(account: str) -> Any:
    from haicap.units.rights import person_of

    person = person_of(account, datetime.now(UTC).date())
    assert person is not None, account
    return person


def _writing(account: str, subject: UUID) -> Any:
    from haicap.journal.pen import writing

    return writing(_person(account), at=datetime.now(UTC), subjects=[subject], units=[WARD])


def _ward() -> Any:
    from haicap.units.queries import unit_now

    return unit_now(WARD)


def say(line: str) -> None:
    """A line on standard output, at once and whole."""
    os.write(1, f"{line}\n".encode())


def serve(host: str = "127.0.0.1", *hasty: str) -> None:
    """`haicap serve`, and what is asked meanwhile. `hasty`: a child does not wait between contacts, nor long after
    one that failed."""
    from haicap.config import serving
    from haicap.nodes import calling

    if hasty:
        calling.GLANCE = calling.LEAST = 0.05
        calling.FIRST, calling.MOST = 0.1, 0.5
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # ends as the command does
    Thread(target=Service().listen, daemon=True).start()
    serving.serve(host, serving.port(), say)


def bulk(count: str) -> None:
    """So many matters of the ward, written at once."""
    from haicap.clocks.wall import VIETNAM
    from haicap.journal.bulk import Bulk
    from haicap.journal.node import own
    from haicap.journal.pen import Pen

    now, desk = datetime.now(UTC), Bulk(own("worker"), os.urandom)
    desk.count_from(WARD, now.astimezone(VIETNAM).year, 100_000)
    pen = Pen(_person("clerk"), now, desk)
    for _ in range(int(count)):
        _raised_by(pen, _new(), _new())
    desk.load("worker")


def _raised_by(pen: Any, entry: UUID, subject: UUID) -> None:
    """A matter as the clerk of the ward takes it in."""
    from haicap.matters.intake import raise_matter
    from haicap.matters.law import law

    its = law()
    raise_matter(
        pen, entry_id=entry, subject=subject, law=its, procedure=its.procedure("difficulty", pen.at),
        unit=_ward(), by="desk", received=pen.at, title=f"Máy in hỏng {entry}",
        answers={"kind": "equipment", "what": f"Không lên nguồn, phiếu {entry}"},
    )  # fmt: skip


def written() -> None:
    """The ids of all entries that lie here."""
    from haicap.journal.models import Entry

    for entry in Entry.objects.using("worker").values_list("id", flat=True):
        say(str(entry))


def raised() -> None:
    """How many matters lie here."""
    say(str(_raised()))


WORK: dict[str, Callable[..., None]] = {
    "found": found,
    "serve": serve,
    "bulk": bulk,
    "raised": raised,
    "written": written,
}


def main() -> None:
    """Do one work in this installation."""
    os.environ.setdefault("HAICAP_HOME", str(Path.cwd()))
    work, *rest = sys.argv[1:]
    with prepare.installation():
        WORK[work](*rest)


if __name__ == "__main__":
    main()
