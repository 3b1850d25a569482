"""Tasks of directives: how each stands, said once for the roll-up and for the lists that it opens."""

from datetime import datetime

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When

from haicap.clocks.models import Owed
from haicap.matters.models import MatterRow


def tasks(rows: QuerySet[MatterRow], at: datetime) -> QuerySet[MatterRow]:
    """Tasks of directives with how each stands in `task`: `done`, `late`, `claimed`, `open`, `overdue`, `revoked`.

    Verified and reported in time; verified and reported late; reported and not verified; not reported; not
    reported and past its date; taken back. The directive's own file, held by whoever gave it, is no task.
    """
    limit = Owed.objects.filter(subject=OuterRef("pk"), clock="do").order_by("-since")
    stands = Case(
        When(status="verified", was_done__gt=F("was_due"), then=Value("late")),
        When(status="verified", then=Value("done")),
        When(status="reported", then=Value("claimed")),
        When(status="revoked", then=Value("revoked")),
        When(was_due__lt=at, then=Value("overdue")),
        default=Value("open"),
    )
    return (
        rows.filter(procedure="directive")
        .exclude(holder=F("raised_by"))
        .annotate(was_due=Subquery(limit.values("due")[:1]), was_done=Subquery(limit.values("met")[:1]))
        .annotate(task=stands)
    )
