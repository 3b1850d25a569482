"""A matter between provinces: it goes in a courier file, with proof, and what came of it goes back in another.

No line joins two provinces, and the ministry carries no work. The giver's province packs the matter for the province
of the unit that it was handed to; that one verifies the proof under the key which the ministry names, and writes
`matter.arrived` into the file of its unit. From there all is as with an arrival from within the province.
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from haicap.journal.carrying import Left, carried, leaving
from haicap.journal.fold import Folded
from haicap.journal.history import folded_again, history
from haicap.journal.intake import Malformed
from haicap.journal.keys import adopt
from haicap.journal.pen import Live, Pen, Unwritable, writing
from haicap.journal.projection import projection_of, show
from haicap.journal.proving import proof, proven
from haicap.journal.reference import decides_here, ours
from haicap.journal.sealing import Destroyed
from haicap.journal.witness import Statement
from haicap.matters.fold import matters
from haicap.matters.models import MatterRow
from haicap.matters.queries import matter_of
from haicap.matters.state import Matter
from haicap.matters.transferring.entries import Arrived, OutcomeTold
from haicap.matters.transferring.sweeping import files_of, opened, outcome_of
from haicap.nodes.courier import packing
from haicap.nodes.courier.book import Sent
from haicap.nodes.courier.container import Manifest, Wrong
from haicap.nodes.courier.neighbours import Neighbour
from haicap.nodes.courier.packing import Office, Stranger
from haicap.nodes.queries import units_of

USING = "worker"


class NothingToCarry(LookupError):
    """The matter is not handed over to that province, and has not come from there and ended; `what` says how it is."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class _Arrival(BaseModel):
    """A matter that goes over: into whose file, in which entry, what was sealed in it, and the key to that."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: UUID
    unit: str
    entry: UUID
    body: dict[str, JsonValue]
    sealed: dict[str, dict[str, JsonValue]]
    keys: str


class _Outcome(BaseModel):
    """What came of a matter, for the file that it was given from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: UUID
    unit: str
    entry: UUID
    body: dict[str, JsonValue]


def pack_matter(office: Office, number: str, to: Neighbour, file: Path) -> Sent:
    """Write to `file` the matter that was handed to a unit of that province, or what came of one from there.

    Raises `NothingToCarry`, `Stranger` where this node is no province's, `OSError`.
    """
    if not decides_here(USING):
        raise Stranger(to.node)
    row = _numbered(number)
    its, theirs = matter_of(row), units_of(to.unit, USING)
    names: tuple[str, ...] = ()
    with office.book.alone():
        if its.ended and (giver := next((unit for unit in its.came if unit in theirs), None)):
            about, entries = _outcome(row, its, giver), 1
        elif its.holder in theirs and its.unit not in theirs and not (its.ended or row.aside or row.frozen):
            about, names, entries = _arrival(office, _left(office, row), its, to)
        else:
            raise NothingToCarry(its.state)
        manifest = packing.manifest_of(office, to.node, kind="matter", about=about)
        parts = packing.blob_parts(office.shelf, names)
        return packing.written(office, manifest, parts, file, to.recipient, {
            "name": to.name, "heads": {}, "entries": entries, "blobs": bool(names), "matter": its.number,
        })  # fmt: skip


def _numbered(number: str) -> MatterRow:
    rows = list(MatterRow.objects.using(USING).filter(number=number.upper()))
    if len(rows) != 1:
        raise NothingToCarry("unknown" if not rows else "two of this number")
    return rows[0]


def _left(office: Office, row: MatterRow) -> MatterRow:
    """The row of a matter whose file says that it has left; it says so once, however often the matter is packed."""
    its = matter_of(row)
    with _writing(office, row.pk, its.unit) as pen:
        left = leaving(history(row.pk, USING), _last(row))
        if pen.folded(matters, row.pk).last != row.last:
            raise NothingToCarry(its.state)
        pen.write(matters, left, row.pk, Left(to=str(its.holder)), unit=its.unit, grant=None)
    return MatterRow.objects.using(USING).get(pk=row.pk)


def _arrival(
    office: Office, row: MatterRow, its: Matter, to: Neighbour
) -> tuple[dict[str, Any], tuple[str, ...], int]:
    """What is said of a matter that goes over, the files that go with it, and how many entries it carries."""
    entries = history(row.pk, USING)
    files = files_of(its, USING)
    body = Arrived(giver=its.unit, files=files, **proof(entries, office.shelf.now(), USING))
    sealed = dict(opened(entries, USING))
    wanted = sorted({entry.sealed.key_id for entry in entries if entry.sealed}) if sealed else []
    keys = office.shelf.give_keys(wanted, to.node, to.recipient).keys if wanted else b""
    said = _Arrival(
        subject=row.pk, unit=str(its.holder), entry=_entry(row.last), body=body.model_dump(mode="json"),
        sealed=sealed, keys=b64encode(keys).decode(),
    )  # fmt: skip
    names = tuple(name for it in files for name in (it.blob, it.picture) if name)
    return {"arrival": said.model_dump(mode="json")}, names, len(body.earlier)


def _entry(last: UUID | None) -> UUID:
    """The id of the arrival that follows this entry: packed twice it is one."""
    assert last is not None
    return uuid5(last, "arrived")


def _outcome(row: MatterRow, its: Matter, giver: str) -> dict[str, Any]:
    entry, body = outcome_of(its, _last(row), giver)
    said = _Outcome(subject=row.pk, unit=giver, entry=entry, body=body.model_dump(mode="json"))
    return {"outcome": said.model_dump(mode="json")}


def _last(row: MatterRow) -> UUID:
    assert row.last is not None
    return row.last


def take(office: Office, manifest: Manifest) -> None:
    """Take in what another province's node has packed with `pack_matter`; a second time it changes nothing.

    Raises `Wrong` for what is not proven, or is not that province's to give or this one's to take.
    """
    sender = office.beside(manifest.sender)
    if sender is None or not decides_here(USING):
        raise Wrong("a matter goes from one province's node to another's")
    try:
        if "arrival" in manifest.about:
            _take_arrival(office, sender, _Arrival.model_validate(manifest.about["arrival"]))
        else:
            _take_outcome(office, sender, _Outcome.model_validate(manifest.about.get("outcome")))
    except ValidationError as error:
        raise Wrong("the matter in it cannot be read") from error


def _take_arrival(office: Office, sender: Neighbour, it: _Arrival) -> None:
    body = Arrived.model_validate(it.body)
    if it.unit not in office.shelf.units:
        raise Wrong("the matter is handed to a unit of another province")
    if body.giver not in units_of(sender.unit, USING):
        raise Wrong("the matter is not that province's to give")
    folded = _proved(it, body, sender)
    with _writing(office, it.subject, it.unit) as pen:
        if pen.wrote(it.entry):
            return
        _require_away(pen, it.subject, office.shelf.units)
        _write_arrival(pen, it, body, folded)


def _proved(it: _Arrival, body: Arrived, sender: Neighbour) -> Folded[Matter]:
    """What the entries that came before come to, if that province has signed where they stood."""
    if not proven(body, sender.public_key) or _stated_by(body) != sender.node:
        raise Wrong("the proof does not fit what it is to prove")
    try:
        entries = carried(body)
        folded = matters(entries)
    except Exception as error:  # another province's bytes may break any reader
        raise Wrong("the entries in it cannot be read") from error
    state = folded.state
    if (
        state is None
        or folded.aside
        or {entry.subject for entry in entries} != {it.subject}
        or (state.unit, state.holder, state.ended) != (body.giver, it.unit, None)
        or it.entry != _entry(folded.last)
    ):
        raise Wrong("the entries in it do not come to a matter that is handed over")
    return folded


def _stated_by(body: Arrived) -> UUID:
    return Statement.read(body.statement.encode()).node


def _require_away(pen: Pen, subject: UUID, units: frozenset[str]) -> None:
    """A matter that this province has itself comes from elsewhere only after it was given away."""
    known = pen.state(matters, subject)
    if known is not None and (known.holder in units or known.ended):
        raise Wrong("the matter lies in this province already")


def _write_arrival(pen: Pen, it: _Arrival, body: Arrived, before: Folded[Matter]) -> None:
    assert isinstance(pen.desk, Live)
    pen.desk.kept[it.subject] = before  # what is carried stands before the arrival, and nothing else
    try:
        adopt(b64decode(it.keys, validate=True), it.subject, USING) if it.keys else None
        pen.write(matters, it.entry, it.subject, body, unit=it.unit, grant=None, sealed=it.sealed or None)
    except (NotBase64, Malformed) as error:
        raise Wrong("the keys of sealed facts cannot be read") from error
    except Unwritable as error:
        raise Wrong(f"the matter cannot be written down here: {error}") from error
    except Destroyed as error:
        raise Wrong("the sealed facts of this matter were erased here") from error
    show(projection_of(matters), it.subject, folded_again(matters, it.subject, USING), USING)


def _take_outcome(office: Office, sender: Neighbour, it: _Outcome) -> None:
    body = OutcomeTold.model_validate(it.body)
    if it.unit not in office.shelf.units or body.unit not in units_of(sender.unit, USING):
        raise Wrong("the outcome is not of a matter between these two provinces")
    with _writing(office, it.subject, it.unit) as pen:
        if pen.wrote(it.entry):
            return
        known = pen.state(matters, it.subject)
        if known is None or known.unit != it.unit or known.holder not in units_of(sender.unit, USING):
            raise Wrong("the outcome is of a matter that was not handed to that province")
        pen.write(matters, it.entry, it.subject, body, unit=it.unit, grant=None)


def _writing(office: Office, subject: UUID, unit: str) -> Any:
    node = ours(USING)
    assert node is not None
    return writing(node, at=office.shelf.now(), subjects=[subject], units=[unit], using=USING)
