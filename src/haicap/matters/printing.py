"""From a matter to its papers: which layout each paper of a procedure has, and what it says.

Papers are Vietnamese whatever the page is. Sealed facts stand on a paper only where the one who prints it may
open them; that opening is an entry with the paper as its purpose, in the same transaction as the issue.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils import translation

from haicap.clocks.calendars import Calendar
from haicap.clocks.sheet import said
from haicap.journal.history import history
from haicap.journal.ids import uuid7
from haicap.journal.pen import Pen
from haicap.journal.sealing import Destroyed, open_sealed
from haicap.matters import acts, running
from haicap.matters.afterwards import issue, unseal
from haicap.matters.fold import Clock, Matter
from haicap.matters.handling import found
from haicap.matters.law import Law
from haicap.matters.parts import VIETNAM
from haicap.matters.schema import Procedure
from haicap.matters.showing import Names, limit_words, shown
from haicap.matters.telling import BY
from haicap.papers.documents import render
from haicap.units import register
from haicap.units.fold import Unit
from haicap.units.rights import Person

Facts = Mapping[str, Any]
Data = dict[str, Any]

LAYOUTS: dict[str, str] = {
    "receipt-record": "receipt-crime",
    "receipt": "receipt",
    "confirmation": "receipt",
    "na17": "receipt",
    "handover-slip": "handover-slip",
    "extension": "extension",
    "answer-letter": "answer",
    "decision": "decision",
    "assignment": "decision",
    "resumption": "decision",
}
"""The layout of each paper that has one of its own; for others their name tells (`laid_out`)."""

KINDS = ("Thông báo ", "Quyết định ")  # stands above the name already, in capitals

SOURCES = {
    "denunciation": "Tố giác về tội phạm",
    "information": "Tin báo về tội phạm",
    "proposal": "Kiến nghị khởi tố",
}
MARKS = {"verified": "", "memory": " (chưa kiểm chứng)", "setting": " (mức do nơi vận hành đặt)"}
LEADERS = frozenset({"leader", "department-head", "director"})
NOT_HERE = "Nội dung được niêm phong trong hồ sơ."


class NoSuchPaper(LookupError):
    """The matter's procedure has no paper of this code."""


@dataclass(frozen=True, slots=True)
class Office:
    """The unit that issues a paper, and the one above it."""

    unit: Unit
    above: str
    holder: str
    raiser: str

    @property
    def place(self) -> str:
        """The place that stands before the date: the territory's or the province's own name."""
        if self.unit.territories:
            return register.territory(self.unit.territories[0]).short
        return register.province(self.unit.province).short if self.unit.province else "Hà Nội"


@dataclass(frozen=True, slots=True)
class Printing:
    """All that a paper is made of; `opened` holds the newest sealed facts, empty where they stay sealed."""

    matter: Matter
    procedure: Procedure
    law: Law
    office: Office
    person: Person
    at: datetime
    opened: Facts

    @property
    def title(self) -> str:
        """What the matter is, in one line."""
        return self.matter.title or str(self.opened.get("title", "")) or self.procedure.name.vi

    @property
    def content(self) -> str:
        """What was told, or where it can be found."""
        what = self.opened.get("what") or self.matter.facts.get("what")
        title = self.matter.title or self.opened.get("title")
        return str(what or title or (NOT_HERE if self.matter.sealed else self.procedure.name.vi))

    def lines(self) -> list[str]:
        """What a paper that goes to others may say, `label: value`: public facts, and what was found at steps.

        Never who reported, and not what was told: a notice or decision names those whom it is addressed to only.
        """
        found = {code: it for code, it in self.opened.items() if self._found_at_step(code)}
        known = {**self.matter.facts, **found}
        asked = [field for code, field in self.procedure.field.items() if code in known]
        pairs = [("Kết quả", self.outcome), *((it.vi, shown(it, known[it.code], Names())) for it in asked)]
        return [f"{label}: {value}" for label, value in pairs if value]

    @property
    def outcome(self) -> str:
        """The label of the outcome that the matter had last; empty where it has none."""
        outcomes = (step.outcome.get(self.matter.outcome or "") for step in self.procedure.step.values())
        return next((it.vi for it in outcomes if it), "")

    def _found_at_step(self, code: str) -> bool:
        field = self.procedure.field.get(code)
        return field is not None and field.asked == "step" and field.type != "person"

    @property
    def promised(self) -> Clock | None:
        """The running clock that ends last: when all is to be done."""
        dated = [
            clock for clock in self.matter.clocks if clock.runs and clock.due and clock.binds == "holder"
        ]
        return max(dated, key=lambda clock: str(clock.due), default=None)

    def giver(self) -> Data | None:
        """The first person of the sealed facts: who reported, applied or complained."""
        for code, field in self.procedure.field.items():
            if field.type == "person" and isinstance(its := self.opened.get(code), Mapping):
                return {
                    "name": its["name"], "identity": its.get("id_number", ""), "address": its.get("address", ""),
                    "phone": its.get("phone", ""),
                }  # fmt: skip
        return None


def print_paper(pen: Pen, *, subject: UUID, law: Law, paper: str, office: Office) -> bytes:
    """The PDF of a paper of the matter's procedure, recorded as issued with its SHA-256.

    `pen.person` is somebody; where they may open the sealed facts, that is recorded too. Raises `Refused`,
    `NoSuchPaper`.
    """
    matter = found(pen, subject)
    procedure = law.pinned(matter.edition)
    if paper not in procedure.paper or not isinstance(pen.person, Person):
        raise NoSuchPaper(paper)
    opened: Facts = {}
    if matter.sealed and acts.may_open(pen.person, matter):
        purpose = f"In giấy tờ: {procedure.paper[paper].vi}"
        unseal(pen, entry_id=uuid7(), subject=subject, purpose=purpose)
        opened = newest(subject)
    with translation.override("vi"):
        its = Printing(matter, procedure, law, office, pen.person, pen.at, opened)
        pdf = render(*laid_out(paper, its))
    issue(pen, entry_id=uuid7(), subject=subject, paper=paper, sha256=sha256(pdf).hexdigest())
    return pdf


def newest(subject: UUID) -> dict[str, Any]:
    """The sealed facts as they stand: of each the latest; comments are none. The opening has been recorded."""
    facts: dict[str, Any] = {}
    for entry in history(subject):
        if entry.sealed is not None:
            try:
                facts |= open_sealed(subject, entry.id, entry.sealed)
            except Destroyed:
                continue
    facts.pop("comment", None)
    return facts


def laid_out(paper: str, its: Printing) -> tuple[str, Data]:
    """Layout and data of a paper, for `papers.documents.render`."""
    named = its.procedure.paper[paper].vi
    layout = LAYOUTS.get(paper) or ("notice" if named.startswith("Thông báo") else "receipt")
    if layout == "receipt-crime" and its.matter.facts.get("source") not in SOURCES:
        layout = "receipt"
    if layout == "extension" and longest(its.matter) is None:
        layout = "notice"
    make = {
        "receipt-crime": _crime_receipt, "receipt": _receipt, "handover-slip": _handover, "extension": _extension,
        "answer": _answer, "decision": _decision, "notice": _notice,
    }[layout]  # fmt: skip
    return layout, _common(its) | make(paper, its)


def derivation(
    matter: Matter, procedure: Procedure, clock: Clock, calendar: Calendar, office: Office, at: datetime
) -> bytes:
    """The PDF of a clock's derivation sheet; nothing sealed stands on it. The clock has an end."""
    with translation.override("vi"):
        its = running.sheet(procedure, clock, matter.branch, calendar)
        steps = [said(step).partition(" — ") for step in its.reckoned.steps]
        head = {
            "agency": office.unit.name.vi,
            "superior": office.above,
            "place": office.place,
            "date": _day(at),
        }
        return render(
            "derivation",
            {
                "head": head, "number": matter.number, "subject": matter.title or procedure.name.vi,
                "clock": its.name.vi, "regime": its.reckoned.regime.name.vi,
                "law": its.article.vi + MARKS[its.mark], "limit": limit_words(clock.limit), "starts": clock.since,
                "due": clock.due, "steps": [{"what": what, "rule": rule} for what, _dash, rule in steps],
                "calendar": clock.calendar, "edition": matter.edition, "synthetic": matter.synthetic,
            },
        )  # fmt: skip


def longest(matter: Matter) -> Clock | None:
    """The clock that was made longer last; None where none was."""
    made = [clock for clock in matter.clocks if clock.longer and clock.due]
    return made[-1] if made else None


def _common(its: Printing) -> Data:
    office = its.office
    return {
        "head": {
            "superior": office.above, "agency": office.unit.name.vi, "place": office.place, "date": _day(its.at)
        },
        "recipients": ["Như trên", f"Lưu: hồ sơ {its.matter.number}"],
        "synthetic": its.matter.synthetic,
        "signature": {"post": _post(its.person), "hint": "Ký tên, đóng dấu"},
    }  # fmt: skip


def _day(at: datetime) -> Any:
    return at.astimezone(VIETNAM).date()


def _post(person: Person) -> str:
    return person.post_name if person.roles & LEADERS else "Thủ trưởng đơn vị"


def _received_by(its: Printing) -> Data:
    return {"post": "Người tiếp nhận", "name": its.person.name, "hint": "Ký, ghi rõ họ tên"}


def _look_up(its: Printing) -> Data:
    return {"code": its.matter.number}


def _crime_receipt(paper: str, its: Printing) -> Data:
    return {
        "number": its.matter.number, "source": SOURCES[str(its.matter.facts["source"])],
        "began": its.matter.received, "at": its.office.unit.name.vi, "officer": its.person.name,
        "office": its.office.unit.name.vi, "by": _way(its.matter), "reporter": its.giver(), "content": its.content,
        "look_up": _look_up(its), "signature": _received_by(its), "recipients": [],
    }  # fmt: skip


def _way(matter: Matter) -> str:
    way = BY[matter.by]()
    return way[:1].upper() + way[1:]


def _receipt(paper: str, its: Printing) -> Data:
    clock = its.promised
    return {
        "title": its.procedure.paper[paper].vi, "number": its.matter.number, "procedure": its.procedure.name.vi,
        "subject": "\n".join([its.content, *its.lines()]), "giver": its.giver(), "received": its.matter.received,
        "limit": limit_words(clock.limit) if clock else "", "promised": clock.due if clock else None,
        "collect": its.office.unit.name.vi, "look_up": _look_up(its), "signature": _received_by(its),
        "recipients": [],
    }  # fmt: skip


def _handover(paper: str, its: Printing) -> Data:
    due = next((it.due for it in its.matter.clocks if it.code == "hand-over"), None)
    to = its.matter.facts.get("referred_to") or its.matter.facts.get("agency") or its.office.holder
    return {
        "to": to, "number": its.matter.number, "received": its.matter.received, "reporter": its.giver(),
        "content": its.content, "done": its.opened.get("check_result"), "grounds": _grounds(its), "due": due,
    }  # fmt: skip


def _extension(paper: str, its: Printing) -> Data:
    clock = longest(its.matter)
    assert clock is not None
    before = replace(clock, longer=clock.longer[:-1])
    was = running.reckoned(before, its.law.calendar_edition(clock.calendar)).due
    last = clock.longer[-1]
    return {
        "to": _to(paper, its), "number": its.matter.number, "subject": its.title,
        "grounds": [f"Căn cứ {last.law}{MARKS[last.mark]};"], "reason": last.ground or its.content,
        "was_due": was, "now_due": clock.due,
    }  # fmt: skip


def _answer(paper: str, its: Printing) -> Data:
    answered = [
        f"{field.vi}: {shown(field, its.matter.facts[code], Names())}"
        for code, field in its.procedure.field.items()
        if field.asked == "step" and code in its.matter.facts
    ]
    sealed = [str(its.opened[code]) for code in ("answer", "reason") if code in its.opened]
    received = f"{its.matter.received.astimezone(VIETNAM):%d/%m/%Y}"
    return {
        "to": _to(paper, its), "subject": f"trả lời {its.procedure.name.vi.lower()}",
        "reference": f"{its.procedure.name.vi.lower()} số {its.matter.number} ngày {received}: {its.title}",
        "outcome": its.outcome or "Đang xem xét",
        "paragraphs": [*answered, *sealed] or ["Nội dung trả lời ghi trong hồ sơ."],
    }  # fmt: skip


def _decision(paper: str, its: Printing) -> Data:
    return {
        "subject": _subject(its, paper), "authority": _post(its.person), "grounds": _grounds(its),
        "articles": [
            "\n".join([f"{its.procedure.name.vi} số {its.matter.number}: {its.title}.", *its.lines()]),
            f"Giao {its.office.holder} tổ chức thực hiện.",
            "Quyết định có hiệu lực kể từ ngày ký.",
        ],
    }  # fmt: skip


def _notice(paper: str, its: Printing) -> Data:
    received = f"{its.matter.received.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"
    state = (
        its.procedure.states[its.matter.state].vi.lower() if its.matter.state in its.procedure.states else ""
    )
    what = f"{its.procedure.name.vi.lower()}, số {its.matter.number}"
    opening = f"{its.office.unit.name.vi} đã tiếp nhận {what}, lúc {received}."
    clock = its.promised
    due = (
        f"Thời hạn giải quyết: {clock.due.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}."
        if clock and clock.due
        else ""
    )
    return {
        "to": _to(paper, its), "subject": _subject(its, paper), "grounds": _grounds(its)[:1],
        "paragraphs": [it for it in (opening, *its.lines(), f"Tình trạng: {state}." if state else "", due) if it],
    }  # fmt: skip


def _subject(its: Printing, paper: str) -> str:
    """The paper's name without the kind that stands above it."""
    name = its.procedure.paper[paper].vi
    for kind in KINDS:
        name = name.removeprefix(kind)
    return name[:1].upper() + name[1:]


def _to(paper: str, its: Printing) -> list[str]:
    """To whom a paper goes: the procuracy where its name says so, the unit that raised it, or the person."""
    if "procuracy" in paper:
        return ["Viện kiểm sát nhân dân có thẩm quyền"]
    if its.matter.by == "unit":
        return [its.office.raiser]
    person = its.giver()
    return [str(person["name"])] if person else ["Người gửi (theo hồ sơ)"]


def _grounds(its: Printing) -> list[str]:
    """The rules of the clocks of this matter, each once, with how sure they are."""
    laws = [
        its.procedure.clock[clock.code].law_for(its.matter.branch)
        for clock in its.matter.clocks
        if its.procedure.clock[clock.code].limit_for(its.matter.branch)
    ]
    texts = [f"Căn cứ {law.rule.vi}{MARKS[law.mark]};" for law in laws if law.by_law]
    return list(dict.fromkeys(texts)) or [f"Căn cứ {its.procedure.name.vi.lower()} số {its.matter.number};"]
