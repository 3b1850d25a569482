"""The pages of sheets of matters, and their addresses."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils import formats
from django.utils.translation import ngettext

from haicap.matters import queries, work
from haicap.matters.models import MatterRow
from haicap.matters.sheets.room import MATTERS
from haicap.matters.sheets.works import import_sheet, undo_sheet
from haicap.matters.state import RETRACTED
from haicap.papers.sheets_in.fold import Batch
from haicap.papers.sheets_in.pages import Later, Pages, Standing
from haicap.papers.sheets_in.urls import addresses
from haicap.units.rights import Person


def counted(n: int) -> str:
    """So many matters in words."""
    number = formats.number_format(n, use_l10n=True, force_grouping=True)
    return ngettext("%(n)s việc", "%(n)s việc", n) % {"n": number}


def named(person: Person, subjects: Collection[UUID]) -> Mapping[UUID, tuple[str, str]]:
    """The numbers of matters that the database shows to the person, and their pages."""
    rows = MatterRow.objects.filter(pk__in=subjects).values_list("pk", "number")
    return {pk: (number, reverse("matters:id", args=[pk])) for pk, number in rows} if subjects else {}


def standing(person: Person, batch: Batch) -> Standing:
    """The matters of a sheet, and the lists of them."""
    rows = queries.seen(person).filter(pk__in=batch.subjects)
    here = list(rows.values_list("status", flat=True))
    url = f"{reverse('matters:list')}?sheet={batch.id}"
    back = here.count(RETRACTED)
    return Standing(len(here) - back, back, url, f"{url}&status={RETRACTED}")


def later(person: Person, which: Later, id: UUID, total: int, result: str) -> str:
    """The page of the long work that is begun."""
    what = import_sheet if which == "import" else undo_sheet
    return reverse("work:one", args=[work.begin(person, what, id=id, total=total, result=result).id])


app_name = "sheets"
urlpatterns = addresses(Pages(MATTERS, app_name, counted, named, standing, later))
