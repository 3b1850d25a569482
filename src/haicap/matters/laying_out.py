"""What each paper of a matter says: which layout it has, and the data for it.

Papers are Vietnamese whatever the page is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings

from haicap.clocks.wall import VIETNAM
from haicap.matters import running
from haicap.matters.law import Law
from haicap.matters.schema import Procedure
from haicap.matters.showing import Names, limit_words, shown
from haicap.matters.state import Clock, Matter
from haicap.matters.telling import BY
from haicap.papers.editions import FROM_REGISTER, Letterhead
from haicap.papers.heads import head
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
LOOK_UP = "/tra-cuu/"  # where the public pages are
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


@dataclass(frozen=True, slots=True)
class Office:
    """The unit that issues a paper, and the one above it."""

    unit: Unit
    above: str
    holder: str
    raiser: str
    letterhead: Letterhead = FROM_REGISTER

    def head(self, at: datetime) -> Data:
        """The head of a paper that the unit makes at `at` (aware)."""
        return head(self.unit, self.above, at, self.letterhead)


@dataclass(frozen=True, slots=True)
class Printing:
    """All that a paper is made of; `opened` holds the newest sealed facts, empty where they stay sealed.

    `code` is the look-up code, empty where none is to be printed.
    """

    matter: Matter
    procedure: Procedure
    law: Law
    office: Office
    person: Person
    at: datetime
    opened: Facts
    code: str = ""

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


def laid_out(paper: str, its: Printing) -> tuple[str, Data]:
    """Layout and data of a paper, for `papers.documents.render`."""
    layout = layout_of(paper, its.matter, its.procedure)
    make = {
        "receipt-crime": _crime_receipt, "receipt": _receipt, "handover-slip": _handover, "extension": _extension,
        "answer": _answer, "decision": _decision, "notice": _notice,
    }[layout]  # fmt: skip
    return layout, _common(its) | make(paper, its)


def layout_of(paper: str, matter: Matter, procedure: Procedure) -> str:
    """The layout that a paper has, as this matter is."""
    named = procedure.paper[paper].vi
    layout = LAYOUTS.get(paper) or ("notice" if named.startswith("Thông báo") else "receipt")
    if layout == "receipt-crime" and matter.facts.get("source") not in SOURCES:
        return "receipt"
    if layout == "extension" and longest(matter) is None:
        return "notice"
    return layout


def longest(matter: Matter) -> Clock | None:
    """The clock that was made longer last; None where none was."""
    made = [clock for clock in matter.clocks if clock.longer and clock.due]
    return made[-1] if made else None


def _common(its: Printing) -> Data:
    return {
        "head": its.office.head(its.at), "number": its.matter.number, "look_up": _look_up(its),
        "synthetic": its.matter.synthetic, "signature": _signed(its),
    }  # fmt: skip


def _signed(its: Printing) -> Data:
    """Who signs: a deputy for the chief (`KT.`), or by the power that the letterhead states."""
    post, its_own = _post(its), its.office.letterhead
    power = f"KT. {its_own.post}" if its_own.post and post.startswith("Phó ") else its_own.power
    return {"power": power, "post": post, "hint": "Ký tên, đóng dấu"}


def _post(its: Printing) -> str:
    return (
        its.person.post_name
        if its.person.roles & LEADERS
        else its.office.letterhead.post or "Thủ trưởng đơn vị"
    )


def _received_by(its: Printing) -> Data:
    return {"post": "Người tiếp nhận", "name": its.person.name, "hint": "Ký, ghi rõ họ tên"}


def _look_up(its: Printing) -> Data | None:
    if not its.code:
        return None
    address = f"{settings.PUBLIC_ADDRESS}{LOOK_UP}" if settings.PUBLIC_ADDRESS else ""
    return {"number": its.matter.number, "code": f"{its.code[:4]}-{its.code[4:]}", "address": address}


def _crime_receipt(paper: str, its: Printing) -> Data:
    return {
        "source": SOURCES[str(its.matter.facts["source"])],
        "began": its.matter.received, "at": its.office.unit.name.vi, "officer": its.person.name,
        "office": its.office.unit.name.vi, "by": _way(its.matter), "reporter": its.giver(), "content": its.content,
        "signature": _received_by(its),
    }  # fmt: skip


def _way(matter: Matter) -> str:
    way = BY[matter.by]()
    return way[:1].upper() + way[1:]


def _receipt(paper: str, its: Printing) -> Data:
    clock = its.promised
    return {
        "title": its.procedure.paper[paper].vi, "procedure": its.procedure.name.vi,
        "subject": "\n".join([its.content, *its.lines()]), "giver": its.giver(), "received": its.matter.received,
        "limit": limit_words(clock.limit) if clock else "", "promised": clock.due if clock else None,
        "collect": its.office.unit.name.vi, "signature": _received_by(its),
    }  # fmt: skip


def _handover(paper: str, its: Printing) -> Data:
    due = next((it.due for it in its.matter.clocks if it.code == "hand-over"), None)
    to = its.matter.facts.get("referred_to") or its.matter.facts.get("agency") or its.office.holder
    return {
        "to": to, "received": its.matter.received, "reporter": its.giver(),
        "content": its.content, "done": its.opened.get("check_result"), "grounds": _grounds(its), "due": due,
    }  # fmt: skip


def _extension(paper: str, its: Printing) -> Data:
    clock = longest(its.matter)
    assert clock is not None
    before = replace(clock, longer=clock.longer[:-1])
    was = running.reckoned(before, its.law.calendar_edition(clock.calendar)).due
    last = clock.longer[-1]
    return {
        "to": _to(paper, its), "subject": its.title,
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
        "subject": _subject(its, paper), "authority": _post(its), "grounds": _grounds(its),
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
