"""The editions of papers' texts and of units' letterheads: which is in use, and publishing a new one.

Both are published documents of the sort `paper`: `answer` are texts for everybody, `answer_31-PH10` those of one
unit, `letterhead_31-PH10` its letterhead. Until something is published, what comes with haicap is in use.
"""

import json
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from haicap.clocks import documents
from haicap.clocks.fold import Document, Edition
from haicap.clocks.fold import documents as document_fold
from haicap.clocks.models import DocumentRow
from haicap.journal.pen import Pen
from haicap.papers.texts import Texts, parse, shipped
from haicap.papers.wording import Line
from haicap.units.rights import Person, Scope, decide, require

LETTERHEAD = "letterhead"
PUBLISH = "document.publish"


class Letterhead(BaseModel):
    """What a unit's papers say about the unit: what is empty is taken from the register of units.

    `symbol` follows the number (`…/CAP`), `post` is the chief's, `power` stands above it (`TL. Giám đốc`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    superior: Line = ""
    agency: Line = ""
    place: Line = ""
    symbol: Line = ""
    power: Line = ""
    post: Line = ""

    def toml(self) -> str:
        """The document that says it."""
        rows = [f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in self if text]
        return "\n".join(['name = { vi = "Tiêu đề văn bản", en = "Letterhead" }', *rows]) + "\n"


FROM_REGISTER = Letterhead()


@dataclass(frozen=True, slots=True)
class InUse:
    """The texts that a paper of a unit is made with, their edition (SHA-256), and the unit's letterhead."""

    texts: Texts
    sha256: str
    letterhead: Letterhead


def code_of(paper: str, unit: str = "") -> str:
    """The code of the document: a unit's own, or everybody's."""
    return f"{paper}_{unit}" if unit else paper


def editions(codes: Collection[str]) -> dict[str, tuple[Edition, ...]]:
    """What has been published under these codes, oldest first. One query."""
    rows = DocumentRow.objects.filter(sort="paper", code__in=codes)
    found = [document_fold.form.validate_python(row.state) for row in rows]
    return {it.code: it.editions for it in found}


def in_use(paper: str, unit: str, day: date) -> InUse:
    """What a paper of `unit` is made with on `day`: the unit's own texts, else everybody's. One query."""
    own, letterhead = code_of(paper, unit), code_of(LETTERHEAD, unit)
    found = editions([own, paper, letterhead])
    text = next((it for code in (own, paper) if (it := newest(found.get(code, ()), day))), None) or shipped(
        paper
    )
    return InUse(
        parse(paper, text), sha256(text.encode()).hexdigest(), read_letterhead(newest(found.get(letterhead, ()), day))
    )  # fmt: skip


def letterhead_of(unit: str, day: date) -> Letterhead:
    """The letterhead of a unit that is in force on `day`; all from the register where it has none. One query."""
    code = code_of(LETTERHEAD, unit)
    return read_letterhead(newest(editions([code]).get(code, ()), day))


def newest(its: tuple[Edition, ...], day: date) -> str:
    """The text in force on `day`; empty where none is."""
    try:
        return documents.in_force(its, day).text
    except documents.NotInForce:
        return ""


def read_letterhead(text: str) -> Letterhead:
    """The letterhead that a document's text is; all from the register where there is none."""
    data = tomllib.loads(text)
    data.pop("name", None)
    return Letterhead.model_validate(data)


def may_publish(person: Person, unit: str) -> bool:
    """Whether `person` may change texts of `unit`; empty: those of everybody."""
    return decide(person, PUBLISH, _scope(person, unit)).allowed


def publish(
    pen: Pen, *, entry_id: UUID, person: Person, paper: str, unit: str, text: str, since: date, note: str = ""
) -> Document:
    """Publish texts or a letterhead (`paper` is `LETTERHEAD`), in force from `since`. `text` has been proved.

    Raises `Refused`.
    """
    require(decide(person, PUBLISH, _scope(person, unit)))
    code = code_of(paper, unit)
    return documents.publish(
        pen, entry_id=entry_id, sort="paper", code=code, text=text, since=since, note=note
    )


def _scope(person: Person, unit: str) -> Scope:
    return Scope.of(unit or person.province or documents.NATION)
