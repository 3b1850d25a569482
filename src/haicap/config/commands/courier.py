"""`haicap courier`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from haicap.config import prepare
from haicap.config.cli import say
from haicap.config.home import Trouble

if TYPE_CHECKING:
    from haicap.nodes.courier.applying import Unpacked
    from haicap.nodes.courier.book import Outcome, Sent, Waits
    from haicap.nodes.courier.packing import Office
    from haicap.nodes.courier.queries import Row

# Why a stream was not taken.
WHY: "dict[str, str]" = {
    "gap": "waits for the entries before it",
    "fork": "goes on otherwise here; let the two nodes call each other",
    "foreign": "is not the sender's to bring",
}


@click.group()
def command() -> None:
    """Carry journals on a stick, where no line does."""


@command.command()
@click.argument("to")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--blobs", is_flag=True, help="Attached files too.")
@click.option(
    "--all", "every", is_flag=True, help="All that it may have, not only what it is not known to have."
)
@click.option(
    "--matter", help="To another province: this matter, which was handed over to it, or its outcome."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object: number, entries, size, sha256.")
def pack(to: str, file: Path, blobs: bool, every: bool, matter: str | None, as_json: bool) -> None:
    """Write to FILE what node TO is not known to have.

    TO is a node's id, the code of its unit, or `parent`. FILE can be opened by that node alone. To the node of another
    province goes one --matter at a time, by its number, with its attached files.
    """
    with _office() as office:
        sent = _matter(office, to, file, matter) if matter else _streams(office, to, file, blobs, every)
    name = sent.name
    if as_json:
        its = {"number": sent.number, "entries": sent.entries, "size": sent.size, "sha256": sent.digest}
        click.echo(json.dumps(its))
    else:
        click.echo(f"file {sent.number} to {name}: {sent.entries} entries, {sent.size} bytes")
        say("Sent, not confirmed: bring back its return file, and unpack that here.")


def _streams(office: "Office", to: str, file: Path, blobs: bool, every: bool) -> "Sent":
    from haicap.nodes.courier import packing

    node, name = _node(office, to)
    try:
        return packing.pack(office, node, file, name=name, blobs=blobs, every=every)
    except packing.Nothing as error:
        again = "." if every else "; --all packs it again."
        raise Trouble(f"{name} has all that it may have from here{again}") from error
    except packing.Stranger as error:
        raise Trouble(f"{to} is neither the parent of this node nor one of its children.") from error


def _matter(office: "Office", to: str, file: Path, number: str) -> "Sent":
    from haicap.journal.ids import is_uuid
    from haicap.matters.transferring.between import NothingToCarry, pack_matter
    from haicap.nodes.courier import neighbours, packing

    other = neighbours.neighbour(UUID(to)) if is_uuid(to) else neighbours.of_unit(to)
    if other is None:
        raise Trouble(f"{to} is no other province whose node the ministry has named.")
    try:
        return pack_matter(office, number, other, file)
    except NothingToCarry as error:
        raise Trouble(
            f"{number} is not handed over to a unit of {other.name}, and has no outcome for one: {error.what}."
        ) from error
    except packing.Stranger as error:
        raise Trouble("Only a province's node sends matters to other provinces.") from error


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--return", "answer", type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the return file; FILE.return unless given.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object: what became of it.")
def unpack(file: Path, answer: Path | None, as_json: bool) -> None:
    """Take in FILE, checked whole before anything of it is stored, and write a return file for its sender.

    A return file that came back is unpacked in the same way.
    """
    answer = answer or file.with_name(f"{file.name}.return")
    with _office() as office:
        from haicap.nodes.courier.container import Wrong
        from haicap.nodes.courier.unpacking import unpack as take_in
        from haicap.nodes.exchange.shelf import Busy, Full

        try:
            done = take_in(office, file, answer=answer)
        except Wrong as error:
            raise Trouble(f"Nothing of {file} was taken: {error.what}.") from error
        except Full as error:
            raise Trouble(
                f"There is no room for {file} on the disk: make some, and unpack it again."
            ) from error
        except Busy as error:
            raise Trouble("The database is busy: unpack it again.") from error
    click.echo(_json(done)) if as_json else _tell(done, answer)


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: `sent` and `waiting`.")
def listed(as_json: bool) -> None:
    """Tell what was sent and whether it arrived, and what waits for files that were packed before it."""
    prepare.django()
    from haicap.nodes.courier.queries import sent, waiting

    rows, waits = sent(), waiting()
    if as_json:
        told = [
            {"number": it.number, "to": str(it.to), "file": it.file, "at": it.at.isoformat(), "held": it.held,
             "confirmed": it.confirmed.isoformat() if it.confirmed else None, "matter": it.matter}
            for it in rows
        ]  # fmt: skip
        wait = [
            {"from": str(it.sender), "number": it.number, "since": it.since.isoformat(), "attempts": it.attempts,
             "fault": it.fault, "wanted": [json.loads(want.model_dump_json()) for want in it.wanted]}
            for it in waits
        ]  # fmt: skip
        click.echo(json.dumps({"sent": told, "waiting": wait}, indent=1))
        return
    for row in rows:
        click.echo(_line(row))
    for it in waits:
        click.echo(_waiting(it))


def _waiting(it: "Waits") -> str:
    what = "; ".join(
        f"{want.channel} of unit {want.unit} up to {want.seq}, {want.have} are here" for want in it.wanted
    )
    fault = f"; failed: {it.fault}" if it.fault else ""
    return (
        f"waiting  file {it.number} from {it.sender}, since {it.since:%Y-%m-%d %H:%M} UTC, tried {it.attempts}"
        f" times: {what}{fault}"
    )


def _line(row: "Row") -> str:
    state = f"arrived {row.confirmed:%Y-%m-%d}" if row.confirmed else "not confirmed"
    held = f", {row.held} held there" if row.held else ""
    what = f" with matter {row.matter}" if row.matter else ""
    return f"sent     file {row.number} to {row.name or row.to}{what}, {row.at:%Y-%m-%d %H:%M} UTC: {state}{held}"


@contextmanager
def _office() -> "Iterator[Office]":
    """This node's end of the way; what the disk refuses is told in a sentence."""
    with prepare.installation(say):
        from haicap.journal.models import Node
        from haicap.journal.node import keys
        from haicap.journal.reference import holding
        from haicap.nodes.courier.book import Book, folder
        from haicap.nodes.courier.neighbours import neighbour
        from haicap.nodes.courier.packing import Office
        from haicap.nodes.database import Database

        try:
            mine = keys()
            with holding():
                yield Office(Database(), Book(folder()), mine.receiving, neighbour, earlier=mine.earlier)
        except Node.DoesNotExist as error:
            raise Trouble("This installation is no node yet: haicap node init.") from error
        except OSError as error:
            raise Trouble(f"{error.filename}: {error.strerror}.") from error


def _node(office: "Office", to: str) -> tuple[UUID, str]:
    """The node that is meant, and what people call it."""
    from haicap.journal.ids import is_uuid
    from haicap.nodes.models import Member, Peer

    parent = office.shelf.parent
    if parent is not None and to in ("parent", parent.unit, str(parent.node)):
        return parent.node, Peer.objects.using("worker").values_list("name", flat=True).first() or parent.unit
    its = Member.objects.using("worker").exclude(node=None)
    row = (its.filter(node=to) if is_uuid(to) else its.filter(unit=to, standing="joined")).first()
    if row is None or row.node is None:
        raise Trouble(f"{to} is neither the parent of this node nor one of its children.")
    return row.node, row.name


def _tell(done: "Unpacked", answer: Path) -> None:
    if done.manifest.kind == "return":
        held = len(done.sent.held) if done.sent else 0
        click.echo(
            f"file {done.manifest.about['number']} has arrived"
            + (f"; {held} entries are held there" if held else "")
        )
        return
    entries = sum(line.seq - line.after for line in done.manifest.streams)
    what = "a matter" if done.manifest.kind == "matter" else f"{entries} entries"
    click.echo(f"file {done.manifest.number}: {what}, {done.blobs} attached files")
    for outcome in done.outcomes:
        for sentence in _said(outcome):
            click.echo(sentence)
    if done.waits:
        click.echo("It is kept, and taken in by itself once what was packed before it has come.")
    say(f"Take {answer} back to the sender.")


def _said(outcome: "Outcome") -> Iterator[str]:
    where = f"{outcome.channel} of unit {outcome.unit}"
    if outcome.why is not None:
        yield f"  {where} {WHY[outcome.why]}"
    for entry, reason in outcome.held.items():
        yield f"  {where}: entry {entry} is held: {reason}"


def _json(done: "Unpacked") -> str:
    its = {
        "kind": done.manifest.kind, "number": done.manifest.number, "from": str(done.manifest.sender),
        "blobs": done.blobs, "waits": done.waits,
        "streams": [json.loads(outcome.model_dump_json()) for outcome in done.outcomes],
    }  # fmt: skip
    return json.dumps(its, indent=1)
