"""What offices make of papers and files in the year: a letterhead, a text of their own, photos beside difficulties."""

import io
from datetime import datetime
from uuid import UUID, uuid5

from PIL import Image, ImageDraw

from haicap.clocks.documents import NATION, document_id
from haicap.journal.pen import writing
from haicap.matters.attaching.files import attach
from haicap.matters.models import MatterRow
from haicap.matters.queries import matter_of
from haicap.matters.year.people import Crew, crew
from haicap.matters.year.running import Year
from haicap.papers.documents import render
from haicap.papers.editions import LETTERHEAD, Letterhead, code_of, publish
from haicap.papers.keeping import Upload
from haicap.papers.samples import SAMPLES
from haicap.papers.texts import parse, shipped

WARD = "11311"  # Hồng Bàng
PHOTOS = 6
ABOUT = "Ảnh hiện trạng (hình vẽ minh họa)"


def load_papers(year: Year, province: str, *, using: str = "worker") -> None:
    """Publish a ward's letterhead and closing words, and attach drawn photos; what is there stays."""
    people = crew(province, year.last, using=using)
    letterhead = Letterhead(place="Hồng Bàng", symbol="CAP-TH", post="Trưởng Công an phường")
    _publish(people, year.end, LETTERHEAD, letterhead.toml(), "Theo mẫu con dấu mới", using)
    notice = parse("notice", shipped("notice"))
    body = (*notice.body[:-1], "Mọi vướng mắc xin liên hệ trực ban {agency}./.")
    own = notice.model_copy(update={"body": body})
    _publish(people, year.end, "notice", own.toml(), "Ghi nơi liên hệ theo yêu cầu của người dân", using)
    rows = MatterRow.objects.using(using).filter(
        procedure="difficulty",
        province=province,
        synthetic=True,
        conflicts=0,
        title__gt="",
        received__lt=year.end,
    )
    rows = rows.filter(topic="headquarters")
    ward = rows.filter(raised_by=WARD).order_by("-received", "id")[:1]
    others = rows.exclude(raised_by=WARD).order_by("-received", "id")
    for place, row in enumerate([*ward, *others[: PHOTOS - 1]]):
        matter = matter_of(row)
        files = [_upload("hien-trang.jpg", _drawn(place))]
        if place == 0:
            files.append(_upload("khao-sat.pdf", render("notice", SAMPLES["notice"] | {"synthetic": True})))
        attach(
            people.who(matter.raised_by, "clerk"), matter, files, entry_id=uuid5(matter.id, "attached"),
            at=year.end, about=ABOUT, personal=False, using=using,
        )  # fmt: skip


def _publish(people: Crew, at: datetime, paper: str, text: str, note: str, using: str) -> None:
    subject: UUID = document_id("paper", code_of(paper, WARD))
    person = people.who(people.units[WARD].province or NATION, "operator")
    with writing(person, at=at, subjects=[subject], units=[NATION], channel="reference", using=using) as pen:
        publish(
            pen, entry_id=uuid5(subject, text), person=person, paper=paper, unit=WARD, text=text,
            since=at.date(), note=note,
        )  # fmt: skip


def _upload(name: str, data: bytes) -> Upload:
    return Upload(name, len(data), io.BytesIO(data))


def _drawn(place: int) -> bytes:
    """A wall with a damp stain, a little different each time: nobody takes it for a photograph."""
    image = Image.new("RGB", (1280, 960), "#d8d2c4")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 1280, 300), fill="#8a5a44")
    pen.rectangle((140, 420, 460, 900), fill="#5b6b73")
    pen.ellipse((620 + 40 * place, 240, 1040, 620 + 30 * place), fill="#a39a80")
    pen.rectangle((700, 480, 1100, 800), outline="#5b6b73", width=18)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
