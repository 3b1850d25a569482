"""What can be written down of documents: calendars, procedures, tables of competence, each in editions."""

from datetime import date
from typing import Literal

from haicap.journal.kinds import Body, kind

Sort = Literal["calendar", "procedure", "competence"]


@kind("document.published", version=1)
class DocumentPublished(Body):
    """An edition of a document, in force from `since` on; `sha256` is that of its text in UTF-8."""

    sort: Sort
    code: str
    sha256: str
    text: str
    since: date
    note: str = ""
