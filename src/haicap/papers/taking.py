"""A list taken away from a page: the answer that carries its file."""

from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpResponse

from haicap.papers.sheets import Column, csv_stream, xlsx
from haicap.units.sign_in import today
from haicap.units.vietnamese import fold

FORMS = ("csv", "xlsx")
MOST_WORDS = 10  # of a title, in the name of a file
_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def taken_away(
    form: str, columns: Sequence[Column], rows: Iterable[Mapping[str, object]], title: str
) -> HttpResponse:
    """The rows as a file of one of `FORMS`, whole: what stands on the page's other pages is in it too.

    It is named by its title and the day, without diacritics: `danh-sach-viec-2026-11-22.csv`.
    """
    content = xlsx(columns, rows, title) if form == "xlsx" else csv_stream(columns, rows)
    words = [word for word in fold(title).split() if word.isascii()][:MOST_WORDS]
    name = "-".join([*words, today().isoformat()])
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return HttpResponse(content, content_type=_KINDS[form], headers=headers)
