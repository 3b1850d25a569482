"""What each official paper says, as typed data: the models that a paper is made from, by code in `PAPERS`."""

from collections.abc import Mapping
from typing import ClassVar, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from haicap.papers.wording import Day, Deadline, Line, Moment, Text, Words


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
    """By which number and code a matter can be followed, and at which address (`https://…/tra-cuu/`); an installation
    that has none leaves it empty."""

    number: Words
    code: Words
    address: Line = ""

    @property
    def link(self) -> str:
        """What the QR code holds: the look-up with the number filled in; number and code where there is none.

        The code never stands in an address: those are kept by browsers and servers.
        """
        if not self.address:
            return f"{self.number} {self.code}"
        return f"{self.address}?{urlencode({'number': self.number})}"


class Paper(Part):
    """What all papers have. `number` is the matter's; `synthetic` marks data of a demonstration on every page.

    `dated` says whether place and day stand in the head; `second` who signs beside the issuer.
    """

    dated: ClassVar[bool] = True

    head: Head
    number: Line = ""
    recipients: tuple[Words, ...] = ()
    look_up: LookUp | None = None
    synthetic: bool = False

    @property
    def second(self) -> str | None:
        """The name under a second signature, empty for one by hand; None where nobody else signs."""
        return None


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
    signature: Signature

    @property
    def second(self) -> str:
        """Whoever handed the file in."""
        return self.giver.name if self.giver else ""


class CrimeReceipt(Paper):
    """Minutes of taking in a report of a crime (Criminal Procedure Code 2015, art. 146(1)); a report
    without a name has no `reporter`."""

    dated: ClassVar[bool] = False

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
    signature: Signature

    @property
    def second(self) -> str | None:
        """Whoever reported, if they gave their name."""
        return self.reporter.name if self.reporter else None


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


class Clause(Part):
    """One clause of a directive: what is to be done, by whom, until when; `measure` is the target to reach."""

    number: Words
    what: Text
    by: tuple[Words, ...] = ()
    due: Deadline | None = None
    measure: Line = ""


class Directive(Paper):
    """Official letter that directs: its clauses with those who are to do them and the dates.

    `annex` names the addressees on a list behind it, where they are more than a letter can name.
    """

    to: tuple[Words, ...] = Field(min_length=1)
    annex: tuple[Words, ...] = ()
    subject: Words
    grounds: tuple[Words, ...] = ()
    paragraphs: tuple[Text, ...] = ()
    clauses: tuple[Clause, ...] = Field(min_length=1)
    report: Deadline | None = None
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


class ListColumn(Part):
    """A column of a list: its head, its width in millimetres (0: what is left over), and whether it holds figures."""

    label: Words
    width: int = Field(default=0, ge=0, le=120)
    right: bool = False


class ListGroup(Part):
    """Some rows of a list under a heading; every row has a cell for each column."""

    title: Line = ""
    rows: tuple[tuple[str, ...], ...] = ()


class Listing(Paper):
    """A list across an A4 page: requests to an authority, what became of a visit's directions."""

    title: Words
    summary: Line = ""
    lines: tuple[Line, ...] = ()
    columns: tuple[ListColumn, ...] = Field(min_length=1)
    groups: tuple[ListGroup, ...] = ()
    signature: Signature | None = None


PAPERS: Mapping[str, type[Paper]] = {
    "receipt": Receipt,
    "receipt-crime": CrimeReceipt,
    "handover-slip": HandoverSlip,
    "extension": Extension,
    "answer": Answer,
    "decision": Decision,
    "notice": Notice,
    "directive": Directive,
    "derivation": Derivation,
    "listing": Listing,
}
