"""Sheets made for tests: as workbooks or CSV, taken in by somebody of the cast."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import xlsxwriter

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.matters.sheets.models import Upload
from haicap.matters.sheets.room import MATTERS
from haicap.papers.books import open_book
from haicap.papers.sheets_in import plans, uploads
from haicap.papers.sheets_in.fold import Batch
from haicap.papers.sheets_in.judging import Judged, judged, table_of
from haicap.papers.sheets_in.taking import take_in
from matters.acting import who

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def workbook(rows: Sequence[Sequence[Any]], merged: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """A workbook of one sheet; `merged` areas (first line, first column, last line, last column) from 0."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Danh sách")
        for area in merged:
            sheet.merge_range(*area, "")
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell not in (None, ""):
                    sheet.write(line, column, cell)
    return out.getvalue()


def csv_of(rows: Sequence[Sequence[Any]], sign: str = ";") -> bytes:
    """A CSV as offices save it."""
    return "\r\n".join(sign.join(str(cell or "") for cell in row) for row in rows).encode("utf-8-sig")


def handed_in(
    data: bytes, account: str = "clerk", *, procedure: str = "difficulty", unit: str = WARD, id: UUID | None = None,
    **said: Any,
) -> Upload:  # fmt: skip
    """A file handed in with the plan that haicap guesses, and what somebody says beside it."""
    upload = uploads.keep(
        Upload,
        who(account),
        data,
        id=id or uuid7(),
        name="danh-sach.xlsx",
        procedure=procedure,
        unit=unit,
        at=NOW,
    )
    its = MATTERS.sort(procedure, NOW)
    table = table_of(open_book(data), plans.Plan(), its)
    guessed = plans.guess(table, its.targets)
    uploads.say(upload, plans.Plan(**{"columns": guessed, **said}))
    return upload


def dry(upload: Upload, account: str = "clerk") -> list[Judged]:
    """What would become of each line."""
    its, plan, person = MATTERS.sort(upload.procedure, NOW), uploads.plan_of(upload), who(account)
    table = table_of(open_book(uploads.data_of(upload)), plan, its)
    return judged(MATTERS, its, table, MATTERS.ground(person, its, plan, upload.unit, NOW), person, upload.id)


def taken(upload: Upload, account: str = "clerk") -> Batch:
    """The sheet, taken in."""
    return take_in(MATTERS, upload, who(account), at=NOW)
