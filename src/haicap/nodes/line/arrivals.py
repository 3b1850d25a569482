"""When entries of other nodes came in here: what tells lateness of the line apart from lateness of a unit.

A local table, not the journal: arrival is no fact of an entry, and another node has another.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from haicap.nodes.line.models import Arrival

Place = tuple[UUID, int]  # a stream and a `seq` in it


def note(ends: Mapping[UUID, int], at: datetime, *, using: str = "worker") -> None:
    """Entries of these streams of other nodes, as far as said, are here at `at` (aware). The first arrival stays."""
    rows = [Arrival(stream=stream, up_to=up_to, at=at) for stream, up_to in ends.items()]
    Arrival.objects.using(using).bulk_create(rows, ignore_conflicts=True)


def of(places: Iterable[Place], *, using: str = "default") -> dict[Place, datetime]:
    """When each of these entries came in; nothing for those written here, or from before this was kept. One query."""
    wanted = list(places)
    ends: dict[UUID, list[tuple[int, datetime]]] = defaultdict(list)
    rows = Arrival.objects.using(using).filter(stream__in={stream for stream, _seq in wanted})
    for stream, up_to, at in rows.order_by("up_to").values_list("stream", "up_to", "at"):
        ends[stream].append((up_to, at))
    found = {}
    for stream, seq in wanted:
        its = ends[stream]
        place = bisect_left(its, seq, key=lambda end: end[0])
        if place < len(its):
            found[stream, seq] = its[place][1]
    return found
