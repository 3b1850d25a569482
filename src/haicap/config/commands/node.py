"""`haicap node`."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from haicap.config import prepare, upward
from haicap.config.cli import say
from haicap.config.home import Trouble

if TYPE_CHECKING:
    from haicap.journal.blob_check import Found
    from haicap.journal.pen import Pen
    from haicap.journal.verify import Report
    from haicap.nodes.exchange.records import Contact
    from haicap.nodes.fold import Member
    from haicap.nodes.rescue.recalling import Recalled


@click.group()
def command() -> None:
    """Make this installation a node of its own, invite others, and see how they are."""


@command.command()
@click.argument("name")
@click.option(
    "--register", is_flag=True, help="A node at the top: with the units of the register and the documents."
)
def init(name: str, register: bool) -> None:
    """Make a new installation called NAME: home, database, keys, and no units: those come from the parent.

    The keys are made here and stay here. One that is a node already stays what it is.
    """
    with prepare.installation(say):
        from haicap.journal.node import become
        from haicap.nodes.words import fingerprint

        node = become(name)
        print_ = fingerprint(bytes(node.public_key).hex())
        if register:
            _found()
    click.echo(f"{node.name}: node {node.id}, key {print_}")


def _found() -> None:
    """The register of units and the documents that come with haicap, unless they lie here."""
    from haicap.matters.founding import load_documents
    from haicap.nodes.models import Peer
    from haicap.units.loading import load_register

    if Peer.objects.using("owner").exists():
        raise Trouble("This node has a parent: units and documents come from there.")
    load_register()
    load_documents()


@command.command()
@click.argument("unit")
def invite(unit: str) -> None:
    """Print a one-time code with which the unit with the code UNIT may join this node within seven days."""
    with prepare.installation(say):
        from django.http import Http404

        from haicap.units.acting import NotSo

        try:
            code, member = _invited(unit)
        except Http404 as error:
            raise Trouble(f"There is no unit {unit}.") from error
        except NotSo as error:
            raise Trouble(_not_so(unit, error.what)) from error
    say(f"Unit {unit} may join until {member.until:%Y-%m-%d %H:%M} UTC, once; the code is shown this once:")
    click.echo(code)


def _invited(unit: str) -> "tuple[str, Member]":
    from haicap.journal.ids import uuid7
    from haicap.journal.node import keys, own
    from haicap.journal.pen import writing
    from haicap.nodes import actions, codes, queries
    from haicap.units.loading import Founder
    from haicap.units.queries import unit_now

    code = codes.new(keys().signing.public_key().public_bytes_raw(), os.urandom)
    subject, at = uuid7(), datetime.now(UTC)
    with writing(
        Founder(own().id), at=at, subjects=[subject], units=[unit], channel="reference", using="worker"
    ) as pen:
        others = queries.of_unit(unit, "worker")
        member = actions.invite(
            pen, entry_id=uuid7(), subject=subject, unit=unit_now(unit), code=code, others=others
        )
    return code, member


def _not_so(unit: str, what: str) -> str:
    return {
        "joined": f"Unit {unit} has a node: revoke it or take its work back first.",
        "invited": f"Unit {unit} was invited and may still join: revoke that invitation first.",
        "no-node": f"{unit} is no commune or province that is open.",
    }[what]


@command.command()
@click.argument("url")
@click.argument("code")
def join(url: str, code: str) -> None:
    """Join the node at URL with the CODE that it gave, and fetch what everybody needs and this unit's work.

    A unit's own node then goes on by itself: `haicap serve` keeps it in contact. Cut off, it goes on where it was.
    """
    with prepare.installation(say):
        from haicap.nodes import becoming

        empty = becoming.is_empty()
        welcome = upward.welcome(url, code)
        if not empty:
            upward.agree(url, welcome)
        upward.below(url, welcome)
        if empty:
            say(upward.MAIL)
        _told(upward.contact())


@command.command()
@click.argument("url")
@click.argument("code")
@click.option(
    "--witness", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A witness file of the lost machine from elsewhere: tells what is missing; may be given again.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object: what is here and what is missing.")
def restore(url: str, code: str, files: tuple[Path, ...], as_json: bool) -> None:
    """Bring the work of a unit whose machine is lost back from the copy of the node at URL, up to the last contact.

    There the lost node is revoked and its unit invited again; CODE is of that invitation. Here `haicap node init` has
    made a new installation, in which nobody has worked. Cut off, it goes on where it was. Ends with 1 while something
    that is known there has not come, or what came is not in order.
    """
    with prepare.installation(say):
        from haicap.journal.blob_check import look
        from haicap.journal.verify import verify
        from haicap.nodes.rescue import recalling

        try:
            recalling.require_fresh()
            welcome = upward.welcome(url, code)
            recalling.require_fresh(welcome.node)
        except recalling.NotFresh as error:
            raise Trouble(
                "This installation is not empty. Run `haicap node init NAME` and this command with a new HAICAP_HOME."
            ) from error
        upward.below(url, welcome)
        back = upward.recalled(files)
        say("Proving what came…")
        report, found = verify(), look()
    say(upward.MAIL)
    good = back.whole and report.ok and not found.damaged
    click.echo(_as_json(back, report, found, good) if as_json else _as_text(back, report, found))
    raise SystemExit(0 if good else 1)


def _as_text(back: "Recalled", report: "Report", found: "Found") -> str:
    lines = [f"{report.entries} entries and {found.named - len(found.missing)} attached files are here"]
    for problem in report.problems:
        where = f"stream {problem.stream} seq {problem.seq}: " if problem.stream else ""
        lines.append(f"WRONG {where}{problem.what}")
    lines += [f"WRONG attached file {name} is damaged" for name in found.damaged]
    lines.append("in order" if report.ok and not found.damaged else "not in order")
    return "\n".join([*lines, *back.sentences()])


def _as_json(back: "Recalled", report: "Report", found: "Found", good: bool) -> str:
    its = {
        "ok": good, "entries": report.entries, "problems": [problem.what for problem in report.problems],
        "missing": [
            {"stream": str(it.stream), "unit": it.unit, "channel": it.channel, "first": it.first, "last": it.last}
            for it in back.missing
        ],
        "blobs": list(back.blobs), "damaged": list(found.damaged), "keys": list(back.keys),
        "says": list(back.sentences()),
    }  # fmt: skip
    return json.dumps(its, ensure_ascii=False, indent=1)


@command.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def rekey(yes: bool) -> None:
    """Give this node new keys, and begin a new incarnation under them: the earlier may be known to others.

    A parent is told at the next contact, under the earlier key; nodes below follow at theirs. `haicap serve` need not
    be stopped. Cut off, run it again: it goes on where it was. Where somebody else may have the earlier key, have the
    node above revoke this one and join anew instead: whoever has it can change keys as well.
    """
    with prepare.installation(say):
        from haicap.journal.models import Node
        from haicap.journal.rekeying import cut_off
        from haicap.journal.rekeying import rekey as change
        from haicap.nodes import queries
        from haicap.nodes.words import fingerprint

        if not Node.objects.using("owner").filter(ours=True).exists():
            raise Trouble("This is no node yet: run `haicap node init NAME` first.")
        if cut_off():
            say("A change of keys was cut off here; it is finished now.")
        elif not yes:
            click.confirm("Make new keys, and begin a new incarnation of this node?", abort=True, err=True)
        below = queries.peer("owner") is not None
        change(at=datetime.now(UTC), below=below)
        print_ = fingerprint(bytes(Node.objects.using("owner").get(ours=True).public_key).hex())
    if below:
        say("The node above is told at the next contact.")
    say("Backups made until now hold the earlier keys: make one now (`haicap backup`).")
    click.echo(f"key {print_}")


@command.command("list")
def list_() -> None:
    """Print every node below this one: unit, state, last contact, what waits, version; before them its own parent."""
    with prepare.installation(say):
        from rich.console import Console
        from rich.table import Table

        from haicap.nodes.queries import children
        from haicap.nodes.showing import lines, own_line

        if (own := own_line()) is not None:
            said = f"{own.contact.last:%Y-%m-%d %H:%M} UTC" if own.contact and own.contact.last else "never"
            click.echo(
                f"Below {own.peer.name} ({own.peer.url}) as the node of unit {own.peer.unit}: last contact {said},"
                f" {own.count} entries wait to go up."
            )
        its = lines(children().order_by("unit", "id"), datetime.now(UTC))
        if own is not None and not its:
            return

        table = Table(
            "Unit", "Node", "State", "Last contact (UTC)", "Waits up", "Waits down", "Version", "Member"
        )
        for it in its:
            last = f"{it.its.last:%Y-%m-%d %H:%M}" if it.its.last else "never"
            down = "?" if it.its.down is None else str(it.its.down)
            row = it.row
            table.add_row(row.unit, row.name, it.state, last, str(it.its.up), down, it.version, str(row.pk))
        Console(width=None if os.isatty(1) else 160).print(table)


@command.command()
def contact() -> None:
    """Contact the parent once, now, and exchange all there is."""
    with prepare.installation(say):
        _told(upward.contact())


def _told(its: "Contact") -> None:
    if not its.reached:
        raise Trouble(upward.why_not_reached(its))
    faults = ", ".join(sorted({fault.code for fault in its.faults}))
    click.echo(f"{its.pushed} entries went up, {its.pulled} came down, {its.held} of those sent are held.")
    if faults:
        raise Trouble(f"Not all went over ({faults}); the next contact goes on from there.")


@command.command()
@click.argument("unit")
@click.option("--reason", required=True, help="Why: it is written into the journal.")
def revoke(unit: str, reason: str) -> None:
    """Trust the node of the unit with the code UNIT no more, or take its invitation back.

    What came until now stays; nothing that comes later is taken.
    """
    with prepare.installation(say):
        from haicap.units.acting import Unsaid

        try:
            member = _revoked(unit, reason)
        except Unsaid as error:
            raise Trouble("Say why with --reason.") from error
    say(f"Revoked: {member.name or 'the invitation'} of unit {unit}.")


def _revoked(unit: str, reason: str) -> "Member":
    from haicap.journal.ids import uuid7
    from haicap.nodes import actions, queries

    member = _open_one(unit)
    with _ending(member) as pen:
        last = queries.last_of(member.node, "worker")
        return actions.revoke(pen, entry_id=uuid7(), subject=member.id, last=last, reason=reason)


@command.command()
@click.argument("unit")
def close(unit: str) -> None:
    """Take the work of the unit with the code UNIT back: its people work on this node again.

    Not while its node has something to send, or has not been in contact for an hour. It may be invited again, and the
    same machine may join then.
    """
    with prepare.installation(say):
        from haicap.journal.ids import uuid7
        from haicap.nodes import actions, queries, showing
        from haicap.units.acting import NotSo

        member = _open_one(unit)
        its = queries.standings(queries.children().filter(pk=member.id))
        waits = any(showing.may_wait(it, datetime.now(UTC)) for it in its)
        try:
            with _ending(member) as pen:
                last = queries.last_of(member.node, "worker")
                actions.close(pen, entry_id=uuid7(), subject=member.id, last=last, waits=waits)
        except NotSo as error:
            raise Trouble(
                {
                    "not-joined": f"No node has joined for unit {unit} yet: revoke the invitation instead.",
                    "waits": f"The node of unit {unit} has something to send, or has not been in contact for an hour:"
                    " let it send everything first; one that is lost is revoked.",
                }[error.what]
            ) from error
    say(
        f"The work of unit {unit} is done on this node from now on. Whoever turned the daily mail on there turns it on"
        " here, on the page *Daily mail* (Thư hằng ngày)."
    )


def _open_one(unit: str) -> "Member":
    from haicap.nodes import queries

    open_ones = [it for it in queries.of_unit(unit, "worker") if it.state in ("invited", "joined")]
    if not open_ones:
        raise Trouble(f"Unit {unit} has no node and no invitation.")
    return open_ones[-1]


@contextmanager
def _ending(member: "Member") -> "Iterator[Pen]":
    """This node's pen on a membership."""
    from haicap.journal.node import own
    from haicap.journal.pen import writing
    from haicap.units.loading import Founder

    where: dict[str, Any] = {
        "subjects": [member.id], "units": [member.unit], "channel": "reference", "using": "worker",
    }  # fmt: skip
    with writing(Founder(own("worker").id), at=datetime.now(UTC), **where) as pen:
        yield pen
