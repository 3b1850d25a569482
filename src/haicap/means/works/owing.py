"""What works tell the list of all that is owed: by the day that somebody expects a stage, the unit says whether it is
reached, or until when it will be."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from haicap.clocks.calendars import Label
from haicap.clocks.queries import TITLES, Published, Title
from haicap.clocks.rooms import Ahead
from haicap.means.owing import PARTS, PLACES
from haicap.means.works import queries
from haicap.means.works.actions import WRITE
from haicap.means.works.models import CODE
from haicap.units.rights import Person, visible

STAGES = {
    "approval": Label(vi="Chủ trương đầu tư", en="Approval in principle"),
    "land": Label(vi="Đất", en="Land"),
    "design": Label(vi="Thiết kế", en="Design"),
    "tender": Label(vi="Đấu thầu", en="Tender"),
    "start": Label(vi="Khởi công", en="Start"),
    "acceptance": Label(vi="Nghiệm thu", en="Acceptance"),
    "handover": Label(vi="Bàn giao", en="Handover"),
}


def ahead(person: Person, subjects: Sequence[UUID]) -> Mapping[UUID, Ahead]:
    """The report of the next stage of each of these projects. One query."""
    rows = visible(person, WRITE, queries.seen(person)).filter(pk__in=subjects).exclude(due=None)
    words = _("Ghi tiến độ")
    return {
        pk: Ahead(words, reverse("works:act", args=[pk, "reach"])) for pk in rows.values_list("pk", flat=True)
    }


def told() -> None:
    """Tell the list."""
    title = Title(Label(vi="Tiến độ công trình", en="Progress of works"), STAGES)
    TITLES[CODE] = Published("setting", CODE, title, ())
    PLACES[CODE] = "works:id"
    PARTS.append(ahead)
