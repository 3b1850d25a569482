"""What can be written down of documents: calendars, procedures, tables of competence, papers, each in editions."""

from datetime import date
from typing import Any, Literal

from haicap.journal.kinds import Body, kind, upcast

Sort = Literal["calendar", "procedure", "competence", "paper"]


@kind("document.published", version=2, channel="reference")
class DocumentPublished(Body):
    """An edition of a document, in force from `since` on; `sha256` is that of its text in UTF-8."""

    sort: Sort
    code: str
    sha256: str
    text: str
    since: date
    note: str = ""


@upcast("document.published", 1)
def _without_papers(body: dict[str, Any]) -> dict[str, Any]:
    """The texts of papers came with version 2; what was published before says the same in it."""
    return body
