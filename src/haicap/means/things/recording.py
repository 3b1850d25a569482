"""What people do with a thing where it is: record, describe, place and judge it, have it repaired.

Whoever writes for the unit that has the thing may do this. The entries go into the file of the unit that recorded it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from haicap.clocks.wall import day_of
from haicap.journal.kinds import Body
from haicap.journal.pen import Pen
from haicap.journal.text import clean
from haicap.means.catalogue.fold import Kind
from haicap.means.things.codes import RUNNING, code
from haicap.means.things.entries import (
    Bought,
    Condition,
    Kept,
    Put,
    ThingDescribed,
    ThingJudged,
    ThingPlaced,
    ThingRecorded,
    ThingRecounted,
    ThingRepaired,
    ThingSent,
    ThingWithdrawn,
    Way,
)
from haicap.means.things.fold import Thing, things
from haicap.units.acting import NotSo, Unsaid, granted, past, said
from haicap.units.fold import Unit

WRITE, SIGN = "means.write", "means.sign"
NOTHING, NOWHERE = Bought(), Put()  # not known
AT_ONCE = 100  # single things recorded by one form


@dataclass(frozen=True, slots=True)
class Described:
    """What is said of a thing when it is recorded; money in VND as digits."""

    kind: Kind
    way: Way
    since: date
    name: str = ""
    plate: str = ""
    condition: Condition = "good"
    unfit: int = 0
    warranty: date | None = None
    bought: Bought = NOTHING
    put: Put = NOWHERE
    paper: str = ""
    serials: tuple[str, ...] = ()  # of single things, one each, as far as they are known
    request: UUID | None = None  # the request for means that it answers
    batch: UUID | None = None  # the list of a former unit with which it came


def subject_of(entry_id: UUID, place: int = 0) -> UUID:
    """The subject of the thing that stands in this place of the form `entry_id`: one form, the same things."""
    return uuid5(entry_id, f"thing/{place}")


def subjects_of(entry_id: UUID, kind: Kind, count: int) -> list[UUID]:
    """The subjects that `record` opens for this form."""
    return [subject_of(entry_id, place) for place in range(count if kind.counting == "single" else 1)]


def record(
    pen: Pen, *, entry_id: UUID, unit: Unit, its: Described, count: int = 1, synthetic: bool = False,
    subjects: Sequence[UUID] = (),
) -> list[Thing]:  # fmt: skip
    """Record so many of a kind: a subject for each where they are single, one for all where they are counted.

    Idempotent in `entry_id`; the subjects are those of `subjects_of` where none are named. Raises `Refused`; `Unsaid`
    for a kind that is no equipment or vehicle or is listed no more, a number below 1 (or of single ones above
    `AT_ONCE`), more unfit than there are, money that is no number; `NotYet`.
    """
    grant = granted(pen.person, WRITE, unit.code)
    if its.kind.family not in ("equipment", "vehicle") or its.kind.dropped is not None:
        raise Unsaid("kind")
    single = its.kind.counting == "single"
    if not count >= 1 or (single and count > AT_ONCE):
        raise Unsaid("count")
    if not 0 <= its.unfit <= count:
        raise Unsaid("unfit")
    kept: Kept = "single" if single else "counted"
    found = []
    for place, subject in enumerate(subjects or subjects_of(entry_id, its.kind, count)):
        known = pen.state(things, subject)
        if known is None:
            body = _recorded(pen, unit, its, kept, place, count, synthetic)
            written = entry_id if place == 0 else uuid5(entry_id, f"entry/{place}")
            known = pen.write(things, written, subject, body, unit=unit.code, grant=grant)
        found.append(known)
    return found


def _recorded(
    pen: Pen, unit: Unit, its: Described, kept: Kept, place: int, count: int, synthetic: bool
) -> ThingRecorded:
    single = kept == "single"
    unfit = (1 if its.condition == "broken" else 0) if single else its.unfit
    return ThingRecorded(
        code=new_code(pen, unit.code), sort=its.kind.code, family=its.kind.family, kept=kept, unit=unit.code,
        province=unit.province, way=its.way, since=past(its.since, day_of(pen.at)), name=tidy(its.name),
        serial=tidy(its.serials[place]) if place < len(its.serials) else "",
        plate=tidy(its.plate) if single and count == 1 else "", count=1 if single else count, unfit=unfit,
        condition=its.condition, warranty=its.warranty, bought=money(its.bought), put=cleaned(its.put),
        paper=tidy(its.paper), synthetic=synthetic, request=its.request, batch=its.batch,
    )  # fmt: skip


def new_code(pen: Pen, unit: str) -> str:
    """The next inventory code of a unit; it is never given again."""
    return code(unit, *pen.serial(unit, RUNNING))


def tidy(text: str) -> str:
    """A text as it is written down."""
    return clean(text).strip()


def cleaned(put: Put) -> Put:
    """A place as it is written down."""
    return put.model_copy(update={"place": tidy(put.place), "room": tidy(put.room)})


def untouched(pen: Pen, *, subject: UUID, recorded: UUID) -> bool:
    """Whether nothing was written of a thing since the entry that `recorded` it, but that it was taken back."""
    folded = pen.folded(things, subject)
    thing = found(pen, subject)
    back = thing.gone is not None and thing.gone.ground == "mistake"
    return back or (folded.last == recorded and not folded.aside)


def withdraw(pen: Pen, *, entry_id: UUID, subject: UUID, batch: UUID, reason: str) -> Thing:
    """Take a thing back that came with a list and that nobody has gone on with (`untouched`). Idempotent.

    Raises `Refused`, `Unsaid`; `NotSo` where it is held no more.
    """
    thing = found(pen, subject)
    if thing.gone is not None and thing.gone.ground == "mistake":
        return thing
    body = ThingWithdrawn(batch=batch, when=day_of(pen.at), reason=said(reason, "reason"))
    return act(pen, entry_id, here(thing, "withdraw"), WRITE, body)


def money(bought: Bought) -> Bought:
    """A purchase as it is written down. Raises `Unsaid` for a price that is no number of dong."""
    if bought.price is not None and not bought.price.isdigit():
        raise Unsaid("price")
    return bought.model_copy(update={"money": tidy(bought.money)})


def found(pen: Pen, subject: UUID) -> Thing:
    """The thing as this transaction sees it. Raises `NotSo` where there is none."""
    thing = pen.state(things, subject)
    if thing is None:
        raise NotSo("thing")
    return thing


def act(pen: Pen, entry_id: UUID, thing: Thing, action: str, body: Body, *, at: str | None = None) -> Thing:
    """Write an entry on a thing: the right is judged at its holder, or at the unit `at`. Raises `Refused`."""
    grant = granted(pen.person, action, at or thing.holder)
    return pen.write(things, entry_id, thing.id, body, unit=thing.unit, grant=grant)


def here(thing: Thing, what: str) -> Thing:
    """The thing, where it is held. Raises `NotSo` where it is held no more."""
    if thing.gone is not None:
        raise NotSo(what)
    return thing


def describe(
    pen: Pen, *, entry_id: UUID, subject: UUID, name: str, serial: str, plate: str, warranty: date | None,
    bought: Bought, reason: str,
) -> Thing:  # fmt: skip
    """Say how the thing should be described; what stood there stays in its history.

    Raises `Refused`, `NotSo`, `Unsaid` without a reason or for a price that is no number.
    """
    thing = found(pen, subject)
    if pen.wrote(entry_id):
        return thing
    body = ThingDescribed(
        name=tidy(name), serial=tidy(serial), plate=tidy(plate), warranty=warranty, bought=money(bought),
        reason=said(reason, "reason"),
    )  # fmt: skip
    return act(pen, entry_id, thing, WRITE, body)


def place(pen: Pen, *, entry_id: UUID, subject: UUID, put: Put, when: date, note: str = "") -> Thing:
    """Put the thing somewhere or issue it to a post of the holder. Raises `Refused`, `NotSo`, `Unsaid`, `NotYet`."""
    thing = found(pen, subject)
    if pen.wrote(entry_id):
        return thing
    here(thing, "place")
    its = cleaned(put)
    if its == NOWHERE:
        raise Unsaid("place")
    body = ThingPlaced(put=its, when=past(when, day_of(pen.at)), note=tidy(note))
    return act(pen, entry_id, thing, WRITE, body)


def judge(
    pen: Pen, *, entry_id: UUID, subject: UUID, condition: Condition, when: date, unfit: int = 0, note: str = ""
) -> Thing:  # fmt: skip
    """Say in what condition the thing is; of several, how many are not fit (all, where they are broken).

    Raises `Refused`, `NotSo` where it is held no more or away, `Unsaid` for more unfit than there are, `NotYet`.
    """
    thing = found(pen, subject)
    if pen.wrote(entry_id):
        return thing
    if here(thing, "judge").repair is not None:
        raise NotSo("judge")
    broken = thing.count if condition == "broken" else (0 if thing.single else unfit)
    if not 0 <= broken <= thing.count:
        raise Unsaid("unfit")
    body = ThingJudged(condition=condition, unfit=broken, when=past(when, day_of(pen.at)), note=tidy(note))
    return act(pen, entry_id, thing, WRITE, body)


def send(
    pen: Pen, *, entry_id: UUID, subject: UUID, to: str, when: date, back: date | None = None, note: str = ""
) -> Thing:  # fmt: skip
    """Send a single thing to be repaired; it is not fit until it is back.

    Raises `Refused`, `NotSo` where it is counted, away, being handed over or held no more; `Unsaid`, `NotYet`.
    """
    thing = found(pen, subject)
    if pen.wrote(entry_id):
        return thing
    if here(thing, "send").repair is not None or not thing.single or thing.waiting is not None:
        raise NotSo("send")
    body = ThingSent(to=said(to, "to"), when=past(when, day_of(pen.at)), back=back, note=tidy(note))
    return act(pen, entry_id, thing, WRITE, body)


def repaired(
    pen: Pen, *, entry_id: UUID, subject: UUID, when: date, cost: str | None, condition: Condition, note: str = ""
) -> Thing:  # fmt: skip
    """It is back from repair, which cost so much (VND). Raises `Refused`, `NotSo`, `Unsaid`, `NotYet`."""
    thing = found(pen, subject)
    if pen.wrote(entry_id):
        return thing
    if thing.repair is None or when < thing.repair.since:
        raise NotSo("repaired")
    if cost is not None and not cost.isdigit():
        raise Unsaid("cost")
    body = ThingRepaired(when=past(when, day_of(pen.at)), cost=cost, condition=condition, note=tidy(note))
    return act(pen, entry_id, thing, WRITE, body)


def recount(pen: Pen, *, entry_id: UUID, subject: UUID, count: int, reason: str, when: date) -> Thing:
    """It has turned up, or the number was wrong: how many there are. A single thing that turns up is 1.

    Raises `Refused`, `NotSo` where nothing changes by it or it is held no more, `Unsaid`, `NotYet`.
    """
    thing = found(pen, subject)
    if pen.wrote(entry_id):
        return thing
    if here(thing, "recount").missing is None and count == thing.count:
        raise NotSo("recount")
    if (
        count < 1
        or (thing.single and count != 1)
        or (thing.waiting is not None and count < thing.waiting.count)
    ):
        raise Unsaid("count")
    body = ThingRecounted(count=count, reason=said(reason, "reason"), when=past(when, day_of(pen.at)))
    return act(pen, entry_id, thing, WRITE, body)
