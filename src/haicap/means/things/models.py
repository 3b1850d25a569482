"""Tables of equipment and vehicles: indexes over folded things, and one of all that was handed over."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q
from pydantic import TypeAdapter

from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects, projects_also
from haicap.means.things.fold import Handed, Move, Thing, things
from haicap.units.vietnamese import fold as folded_text

HELD = Q(gone=None)
HANDED = TypeAdapter(Handed)


class ThingRow(Projection):
    """A thing, or so many of a kind together, as lists need it. `province` is the holder's."""

    unit = models.TextField()
    holder = models.TextField()
    receiver = models.TextField(null=True)  # who has still to sign for it
    province = models.TextField(null=True)
    family = models.TextField()
    kind = models.TextField()
    single = models.BooleanField()
    code = models.TextField()
    name = models.TextField()
    serial = models.TextField()
    plate = models.TextField()
    condition = models.TextField()
    count = models.IntegerField()
    fit = models.IntegerField()
    place = models.TextField()
    site = models.UUIDField(null=True)
    room = models.TextField()
    post = models.UUIDField(null=True)
    since = models.DateField()
    bought = models.DateField(null=True)
    warranty = models.DateField(null=True)
    away = models.DateField(null=True)  # to be repaired since
    missing = models.BooleanField()
    gone = models.DateField(null=True)
    mistake = models.BooleanField(default=False)  # gone, because it should never have been recorded
    batch = models.UUIDField(null=True)  # the list of a former unit with which it came
    words = models.TextField()  # folded for search
    conflicts = models.PositiveSmallIntegerField()

    class Meta:
        # The two first hold all that counting asks, row-level security included: it reads no rows.
        indexes = [
            models.Index(
                fields=["holder", "kind"], include=["count", "fit", "province", "unit", "receiver"], condition=HELD,
                name="means_thing_of_holder",
            ),
            models.Index(
                fields=["province", "holder", "kind"], include=["count", "fit", "unit", "receiver"], condition=HELD,
                name="means_thing_in_province",
            ),
            models.Index(fields=["province", "code"], condition=HELD, name="means_thing_order"),
            models.Index(fields=["code"], name="means_thing_code"),
            models.Index(fields=["receiver"], condition=~Q(receiver=None), name="means_thing_coming"),
            models.Index(fields=["unit"], condition=Q(holder__not=F("unit")), name="means_thing_given"),
            models.Index(fields=["batch"], condition=~Q(batch=None), name="means_thing_of_batch"),
            models.Index(fields=["site", "room"], condition=~Q(site=None), name="means_thing_of_site"),
        ]  # fmt: skip


@projects(things, into=ThingRow)
def thing_row(thing: Thing, folded: Folded[Thing]) -> Row:
    """Every column but those of `Projection`."""
    said = (thing.code, thing.name, thing.serial, thing.plate, thing.put.place, thing.put.room)
    return {
        "unit": thing.unit, "holder": thing.holder, "receiver": thing.waiting.receiver if thing.waiting else None,
        "province": thing.province, "family": thing.family, "kind": thing.kind, "single": thing.single,
        "code": thing.code, "name": thing.name, "serial": thing.serial, "plate": thing.plate,
        "condition": thing.condition, "count": thing.count, "fit": thing.fit, "place": thing.put.place,
        "site": thing.put.site, "room": thing.put.room, "post": thing.put.post, "since": thing.since,
        "bought": thing.bought.on, "warranty": thing.warranty, "away": thing.repair.since if thing.repair else None,
        "missing": thing.missing is not None, "gone": thing.gone.on if thing.gone else None,
        "mistake": thing.gone is not None and thing.gone.ground == "mistake", "batch": thing.batch,
        "words": folded_text(" ".join(filter(None, said))), "conflicts": len(folded.aside),
    }  # fmt: skip


class MoveRow(models.Model):
    """One thing handed over from one unit to another; those of one transfer share its id."""

    pk = models.CompositePrimaryKey("subject", "place")
    subject = models.UUIDField()
    place = models.IntegerField()
    transfer = models.UUIDField(db_index=True)
    giver = models.TextField()
    receiver = models.TextField()
    province = models.TextField(null=True)  # of the thing's holder
    offered = models.DateTimeField()
    verdict = models.TextField(null=True)
    ended = models.DateTimeField(null=True)
    count = models.IntegerField()
    state = models.JSONField()  # `Handed`: a side may see no more of the thing itself than this

    class Meta:
        indexes = [
            models.Index(fields=["receiver", "-offered"], name="means_move_to"),
            models.Index(fields=["giver", "-offered"], name="means_move_from"),
            models.Index(fields=["province", "-offered"], name="means_move_in_province"),
        ]


@projects_also(things, into=MoveRow)
def moves(subject: UUID, folded: Folded[Thing]) -> list[Row]:
    """A row for each time that the thing was handed over."""
    thing = folded.state
    if thing is None:
        return []
    return [
        {
            "subject": subject, "place": place, "transfer": it.transfer, "giver": it.giver, "receiver": it.receiver,
            "province": thing.province, "offered": it.offered, "verdict": it.verdict, "ended": it.ended,
            "count": it.count, "state": HANDED.dump_python(_handed(thing, it), mode="json"),
        }
        for place, it in enumerate(thing.moves)
    ]  # fmt: skip


def _handed(thing: Thing, move: Move) -> Handed:
    return Handed(
        thing.id, thing.code, thing.kind, thing.name, thing.serial, thing.plate, thing.kept, thing.synthetic, move
    )  # fmt: skip
