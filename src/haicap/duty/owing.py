"""What this room tells the list of all that is owed: quick reports that are to be given, and how they are called."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.clocks.calendars import Label
from haicap.clocks.queries import TITLES, Published, Title
from haicap.clocks.rooms import ROOMS, Ahead, Room
from haicap.duty import queries
from haicap.duty.models import LineRow
from haicap.duty.sorts import PHONE, QUICK, WRITTEN
from haicap.units.rights import Person


def ahead(person: Person, subjects: Sequence[UUID]) -> Mapping[UUID, Ahead]:
    """The report of each of these lines that is owed next, by phone before in writing. One query."""
    rows = queries.seen(person).filter(pk__in=subjects, unit__in=person.units, written_met=None)
    found = {}
    for pk, phoned in rows.values_list("pk", "phone_met"):
        words = _("Ghi đã gửi báo cáo") if phoned else _("Ghi đã báo điện thoại")
        found[pk] = Ahead(words, reverse("duty:id", args=[pk]))
    return found


def given(person: Person) -> QuerySet[LineRow, Any]:
    """A line of the log lies with the desk, never with one person."""
    return LineRow.objects.none().values("pk")


def told() -> None:
    """Tell the list."""
    parts = {
        PHONE: Label(vi="Báo bằng điện thoại", en="Report by phone"),
        WRITTEN: Label(vi="Báo cáo bằng văn bản", en="Report in writing"),
    }
    TITLES[QUICK] = Published(
        "setting", QUICK, Title(Label(vi="Báo cáo nhanh", en="Quick report"), parts), ()
    )
    ROOMS["duty"] = Room(gettext_lazy("Trực"), ahead, given)
