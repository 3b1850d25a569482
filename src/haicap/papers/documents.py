"""Official papers as PDF: what each must say, and the way from there to A4.

The layout is that of Decree 30/2020/ND-CP, Annex I, kept in `typst/layout.typ`; one short template per paper
stands beside it. Texts reach a template as data, never as code. A paper depends on its data alone: the same
data give the same bytes, so that an issued paper can be made again and compared.

Papers are written in Vietnamese; instants are shown in Vietnamese time.
"""

import json
import threading
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typst
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
)

from haicap.journal.text import clean

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
TEMPLATES = Path(__file__).parent / "typst"
TYPEFACE = "rinoh_typeface_texgyretermes"  # metric-compatible with Times New Roman, all Vietnamese letters


class PaperError(ValueError):
    """A paper cannot be made."""


class UnknownPaper(PaperError):
    """There is no paper of that code."""

    def __init__(self, paper: str) -> None:
        super().__init__(paper)
        self.paper = paper

    def __str__(self) -> str:
        return f"no paper {self.paper!r}; there are {', '.join(sorted(PAPERS))}"


class UnfitPaper(PaperError):
    """The data do not fit the paper: `faults` has a sentence for each field (`head.agency`)."""

    def __init__(self, paper: str, faults: Mapping[str, str]) -> None:
        super().__init__(paper, faults)
        self.paper, self.faults = paper, faults

    def __str__(self) -> str:
        return f"{self.paper}: " + "; ".join(f"{field}: {fault}" for field, fault in self.faults.items())


# Values as papers show them


def day_in_words(day: date) -> str:
    """`ngày 05 tháng 02 năm 2026`: nought before days below 10 and months 1, 2 (Decree 30/2020)."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def moment_in_words(moment: datetime) -> str:
    """`08 giờ 15 phút, ngày 05 tháng 02 năm 2026`, in Vietnamese time, of an aware instant."""
    local = moment.astimezone(VIETNAM)
    return f"{local:%H giờ %M phút}, {day_in_words(local)}"


def deadline_in_words(moment: datetime) -> str:
    """As `moment_in_words`; midnight is `24 giờ 00 phút` of the day that ends (Civil Code art. 148)."""
    local = moment.astimezone(VIETNAM)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return moment_in_words(moment)
    return f"24 giờ 00 phút, {day_in_words(local.date() - timedelta(days=1))}"


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _paragraphs(text: str) -> str:
    return "\n".join(filter(None, map(_line, clean(text).split("\n"))))


Line = Annotated[str, AfterValidator(_line), Field(max_length=500)]
Words = Annotated[Line, Field(min_length=1)]
Text = Annotated[str, AfterValidator(_paragraphs), Field(min_length=1, max_length=20_000)]
Day = Annotated[date, PlainSerializer(day_in_words)]
Moment = Annotated[AwareDatetime, PlainSerializer(moment_in_words)]
Deadline = Annotated[AwareDatetime, PlainSerializer(deadline_in_words)]


class Part(BaseModel):
    """What a paper is made of; nothing is accepted that the paper would not show."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Head(Part):
    """The top of the first page. An empty `number` leaves room to write it by hand."""

    superior: Line = ""
    agency: Words
    number: Line = ""
    symbol: Line = ""
    place: Words
    date: Day


class Signature(Part):
    """`power` is the line before the post (`KT. TRƯỞNG CÔNG AN XÃ`); `name` may stay empty for a signature
    by hand; `hint` stands in italics under the post (`Ký, ghi rõ họ tên`)."""

    power: Line = ""
    post: Words
    name: Line = ""
    hint: Line = ""


class Person(Part):
    """A person as a paper names them: what is empty is not shown."""

    name: Words
    born: Line = ""
    identity: Line = ""
    address: Line = ""
    phone: Line = ""


class Item(Part):
    """A paper or thing that was handed over, and how many of it."""

    name: Words
    count: int = Field(default=1, ge=1)
    note: Line = ""


class LookUp(Part):
    """Where and by which code the giver can follow a matter."""

    code: Words
    address: Line = ""


class Paper(Part):
    """What all papers have. `synthetic` marks data of a demonstration on every page."""

    head: Head
    recipients: tuple[Words, ...] = ()
    synthetic: bool = False


class Receipt(Paper):
    """Receipt of a file with the date of its result; also of a report or a difficulty (`title`)."""

    title: Words = "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
    number: Words
    procedure: Words
    subject: Text
    giver: Person | None = None
    items: tuple[Item, ...] = ()
    received: Moment
    limit: Line = ""
    promised: Deadline | None = None
    collect: Line = ""
    look_up: LookUp | None = None
    signature: Signature


class CrimeReceipt(Paper):
    """Minutes of taking in a report of a crime (Criminal Procedure Code 2015, art. 146(1)); a report
    without a name has no `reporter`."""

    number: Words
    source: Literal["Tố giác về tội phạm", "Tin báo về tội phạm", "Kiến nghị khởi tố"]
    began: Moment
    ended: Moment | None = None
    at: Words
    officer: Words
    office: Words
    by: Words
    reporter: Person | None = None
    content: Text
    items: tuple[Item, ...] = ()
    copies: int = Field(default=2, ge=1, le=9)
    look_up: LookUp | None = None
    signature: Signature


class HandoverSlip(Paper):
    """Slip that passes a report of a crime on to the body competent for it."""

    to: Words
    number: Words
    received: Moment
    reporter: Person | None = None
    content: Text
    done: Text | None = None
    grounds: tuple[Words, ...] = Field(min_length=1)
    items: tuple[Item, ...] = ()
    due: Deadline | None = None
    signature: Signature


class Extension(Paper):
    """Notice that a time limit is made longer; a decision of it is a `Decision`."""

    to: tuple[Words, ...] = Field(min_length=1)
    number: Words
    subject: Words
    grounds: tuple[Words, ...] = Field(min_length=1)
    reason: Text
    was_due: Deadline
    now_due: Deadline
    signature: Signature


class Answer(Paper):
    """Official letter that answers a difficulty or a proposal; `outcome` in one line."""

    to: tuple[Words, ...] = Field(min_length=1)
    subject: Words
    reference: Words
    outcome: Words
    paragraphs: tuple[Text, ...] = Field(min_length=1)
    due: Deadline | None = None
    signature: Signature


class Decision(Paper):
    """A decision: who decides (`authority`, a post), on which grounds, in which articles."""

    subject: Words
    authority: Words
    grounds: tuple[Words, ...] = Field(min_length=1)
    articles: tuple[Text, ...] = Field(min_length=1)
    signature: Signature


class Notice(Paper):
    """Notice of taking in or of the outcome, to the procuracy and to the one who reported."""

    to: tuple[Words, ...] = Field(min_length=1)
    subject: Words
    grounds: tuple[Words, ...] = ()
    paragraphs: tuple[Text, ...] = Field(min_length=1)
    signature: Signature


class Reckoned(Part):
    """One line of a derivation: what was counted, by which rule, to which moment."""

    what: Words
    rule: Line = ""
    moment: Deadline | None = None


class Derivation(Paper):
    """The sheet of a deadline: from what moment, by what rule, over which days it was reckoned.

    `calendar` and `edition` are the SHA-256 of the calendar and of the procedure that were used.
    """

    number: Words
    subject: Words
    clock: Words
    regime: Words
    law: Words
    limit: Words
    starts: Moment
    due: Deadline
    steps: tuple[Reckoned, ...] = Field(min_length=1)
    calendar: Words
    edition: Words
    signature: Signature | None = None


PAPERS: Mapping[str, type[Paper]] = {
    "receipt": Receipt,
    "receipt-crime": CrimeReceipt,
    "handover-slip": HandoverSlip,
    "extension": Extension,
    "answer": Answer,
    "decision": Decision,
    "notice": Notice,
    "derivation": Derivation,
}


def render(paper: str, data: Mapping[str, object]) -> bytes:
    """The PDF (A4, PDF/A-2) of `data` as `paper`, a key of `PAPERS`; the model there tells the fields.

    The day of `head.date` is the day of creation that the file names. Raises `UnknownPaper`, or `UnfitPaper`
    with every field that does not fit.
    """
    model = PAPERS.get(paper)
    if model is None:
        raise UnknownPaper(paper)
    try:
        content = model.model_validate(data)
    except ValidationError as error:
        faults = {".".join(map(str, fault["loc"])): fault["msg"] for fault in error.errors()}
        raise UnfitPaper(paper, faults) from error
    return _compiled(TEMPLATES / f"{paper}.typ", content)


_one_at_a_time = threading.Lock()


def _compiled(template: Path, content: Paper) -> bytes:
    day = content.head.date
    created = datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    inputs = {"data": json.dumps(content.model_dump(mode="json"), ensure_ascii=False)}
    with _one_at_a_time:  # one compiler keeps what it has parsed; it is not made for two threads
        made = _compiler().compile(
            template, sys_inputs=inputs, timestamp=int(created.timestamp()), pdf_standards="a-2a"
        )
    assert isinstance(made, bytes)  # a PDF is one file; only images come as several
    return made


@cache
def _compiler() -> typst.Compiler:
    """System fonts are left out, so that every machine sets the same lines. Where the typeface's package is
    missing, typst's own Libertinus Serif stands in."""
    spec = find_spec(TYPEFACE)  # finds the folder without running the package, which wants its typesetter
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return typst.Compiler(root=TEMPLATES, font_paths=folders, ignore_system_fonts=True)
