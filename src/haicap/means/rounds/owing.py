"""What rounds tell other rooms: the answer that a unit owes, and where its draft is gone on with."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.clocks.calendars import Label
from haicap.clocks.queries import TITLES, Published, Title
from haicap.clocks.rooms import Ahead
from haicap.matters import drafts, origins
from haicap.means.owing import PARTS, PLACES
from haicap.means.rounds.actions import WRITE
from haicap.means.rounds.models import CLOCK, CODE, AssessmentRow
from haicap.units.rights import Person, visible

ACT = "answer"  # of a draft of the form


def ahead(person: Person, subjects: Sequence[UUID]) -> Mapping[UUID, Ahead]:
    """The form of each of these answers that is still owed. One query."""
    rows = visible(person, WRITE, AssessmentRow.objects.filter(pk__in=subjects, answered=None, ended=None))
    words = _("Trả lời đợt đánh giá")
    return {pk: Ahead(words, reverse("rounds:write", args=[pk])) for pk in rows.values_list("pk", flat=True)}


def told() -> None:
    """Tell them."""
    name = Label(vi="Đợt đánh giá", en="Assessment round")
    parts = {CLOCK: Label(vi="Trả lời", en="Answer")}
    TITLES[CODE] = Published("setting", CODE, Title(name, parts), ())
    PLACES[CODE] = "rounds:answer"
    PARTS.append(ahead)
    drafts.FORMS[CODE] = drafts.Form(
        gettext_lazy("Trả lời đợt đánh giá"), lambda draft: reverse("rounds:write", args=[draft.subject])
    )
    origins.ORIGINS["assessment"] = origins.Origin(
        gettext_lazy("Từ đợt đánh giá"), lambda subject: reverse("rounds:answer", args=[subject])
    )
