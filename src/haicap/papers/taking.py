"""A list taken away from a page: the answer that carries its file."""

from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpResponse

from haicap.papers.sheets import Column, csv_stream, xlsx

FORMS = ("csv", "xlsx")
_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def taken_away(
    form: str, columns: Sequence[Column], rows: Iterable[Mapping[str, object]], title: str
) -> HttpResponse:
    """The rows as a file of one of `FORMS`, whole: what stands on the page's other pages is in it too."""
    content = xlsx(columns, rows, title) if form == "xlsx" else csv_stream(columns, rows)
    name = {"Content-Disposition": f'attachment; filename="haicap.{form}"'}
    return HttpResponse(content, content_type=_KINDS[form], headers=name)
