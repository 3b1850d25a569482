"""The pages of lists of means, and their addresses."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haicap.matters import work
from haicap.means.handover.room import MEANS
from haicap.means.handover.works import import_handover, undo_handover
from haicap.means.lines import queries as lines
from haicap.means.premises import queries as premises
from haicap.means.things import queries as things
from haicap.papers.sheets_in.fold import Batch
from haicap.papers.sheets_in.pages import Later, Pages, Standing
from haicap.papers.sheets_in.urls import addresses
from haicap.units.rights import Person

LISTS = {"things": "things:list", "files": "things:list", "premises": "premises:list", "lines": "lines:list"}


def counted(n: int) -> str:
    """So many lines in words."""
    number = formats.number_format(n, use_l10n=True, force_grouping=True)
    return ngettext("%(n)s dòng", "%(n)s dòng", n) % {"n": number}


def named(person: Person, subjects: Collection[UUID]) -> Mapping[UUID, tuple[str, str]]:
    """Codes, names and numbers of what the person sees, and their pages. Three queries, none for none."""
    its = list(subjects)
    if not its:
        return {}
    of_things = things.seen(person).filter(pk__in=its).values_list("pk", "code")
    of_sites = premises.seen(person).filter(pk__in=its).values_list("pk", "name")
    of_lines = lines.seen(person).filter(pk__in=its).values_list("pk", "number")
    found = (("things:id", of_things), ("premises:id", of_sites), ("lines:id", of_lines))
    return {pk: (said, reverse(name, args=[pk])) for name, rows in found for pk, said in rows}


def standing(person: Person, batch: Batch) -> Standing:
    """What is there of a list today, and the lists of exactly these. Two queries."""
    here, back = {"handover": str(batch.id)}, {"handover": str(batch.id), "state": "mistake"}
    url = reverse(LISTS[batch.procedure])
    counts = [_rows(person, batch.procedure, params).count() for params in (here, back)]
    return Standing(
        counts[0], counts[1], f"{url}?{urlencode(here)}", f"{url}?{urlencode(back)}", _("Mục đang có")
    )


def _rows(person: Person, sort: str, params: Mapping[str, str]) -> Any:
    match sort:
        case "premises":
            return premises.filtered(person, params)
        case "lines":
            return lines.filtered(person, params, at=timezone.now())
    return things.filtered(person, params, at=timezone.now())


def later(person: Person, which: Later, id: UUID, total: int, result: str) -> str:
    """The page of the long work that is begun."""
    what = import_handover if which == "import" else undo_handover
    return reverse("work:one", args=[work.begin(person, what, id=id, total=total, result=result).id])


app_name = "handover"
urlpatterns = addresses(Pages(MEANS, app_name, counted, named, standing, later, "handover/frame.html"))
