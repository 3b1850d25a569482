"""What `haicap node` does with the node above: it joins, exchanges, and fetches back what was lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from haicap.config.cli import say
from haicap.config.home import Trouble

if TYPE_CHECKING:
    from haicap.nodes.becoming import Asking, Welcome
    from haicap.nodes.exchange.records import Contact, Parent
    from haicap.nodes.exchange.shelf import Shelf
    from haicap.nodes.exchange.wire import Http, Traffic, Wire
    from haicap.nodes.rescue.recalling import Recalled

MOST_SAID = 10  # differences of two registers
WHY_NOT = {
    "stranger": "Whoever answers there is not the node that gave this code.",
    "unknown": "The code is not known there: was it typed right?",
    "expired": "The code is over: ask for another.",
    "used": "The code was used already, by another machine: ask for another, and tell whoever gave it.",
    "incarnation": "This node was let go before: run `haicap node init` in a new HAICAP_HOME.",
}
MAIL = (
    "The daily mail of this unit's people is sent from here from now on, to whoever turns it on here, on the page"
    " *Daily mail* (Thư hằng ngày): what was turned on elsewhere does not come along."
)
REFUSED = {
    "signature": (
        "The node above does not accept this node's key, as after a restore from a backup that was made before its keys"
        " were changed. Waiting does not help: on the node above run `haicap node revoke {unit} --reason WHY` and"
        " `haicap node invite {unit}`, then here `haicap node join {url} CODE`."
    ),
    "stranger": (
        "Whoever answers at {url} is not the node above that this one knows: is the address right? If that node has"
        " begun anew, run `haicap node invite {unit}` on it, then here `haicap node join {url} CODE`."
    ),
    "unknown": (
        "The node above does not know this one: run `haicap node invite {unit}` on it, then here"
        " `haicap node join {url} CODE`."
    ),
    "revoked": (
        "The node above takes nothing more from this one: it was revoked, or its work was taken back. To go on, run"
        " `haicap node invite {unit}` on the node above, then here `haicap node join {url} CODE`."
    ),
}


def welcome(url: str, code: str) -> "Welcome":
    """What the node at `url` answers to this one, which has a code of it. Raises `Trouble`.

    A machine whose work was taken back joins anew in a new incarnation: what it had not sent then goes up now.
    """
    from haicap.journal.incarnations import begin_incarnation
    from haicap.nodes import becoming
    from haicap.nodes.codes import NotACode
    from haicap.nodes.exchange.wire import Down

    try:
        with line(url) as wire:
            try:
                return becoming.ask(wire, _asking(code), datetime.now(UTC))
            except becoming.NotJoined as error:
                if error.code != "closed":
                    raise
                begin_incarnation("restored")
                return becoming.ask(wire, _asking(code), datetime.now(UTC))
    except NotACode as error:
        raise Trouble("That is no code: it has four groups of five letters and digits.") from error
    except becoming.NotJoined as error:
        raise Trouble(WHY_NOT.get(error.code, f"The node there refused: {error.code}.")) from error
    except Down as error:
        raise Trouble(f"Nobody answers at {url} ({error}).") from error


def _asking(code: str) -> "Asking":
    from haicap.journal.models import Node
    from haicap.journal.node import keys
    from haicap.nodes.becoming import Asking
    from haicap.nodes.exchange.signing import Signer

    node = Node.objects.using("owner").filter(ours=True).first()
    if node is None:
        raise Trouble("This is no node yet: run `haicap node init NAME` first.")
    signer = Signer(node.id, node.incarnation, keys().signing)
    return Asking(code, node.name, node.recipient, version("haicap"), signer)


def agree(url: str, welcome: "Welcome") -> None:
    """Go on only where what this installation wrote for everybody is what the one above has. Raises `Trouble`."""
    from haicap.journal.intake import Malformed
    from haicap.nodes.agreeing import differences
    from haicap.nodes.database import Database
    from haicap.nodes.exchange.records import Parent
    from haicap.nodes.exchange.speaking import Refusal, Talk
    from haicap.nodes.exchange.wire import Down

    if welcome.unit != welcome.province:
        raise Trouble(
            f"This installation has units of its own, as only a province's may. Join with a new HAICAP_HOME, and"
            f" have the invitation of unit {welcome.unit} revoked and made anew."
        )
    say("Comparing the register here with the one there…")
    parent = Parent(
        welcome.node, "", url, welcome.public_key, welcome.recipient, frozenset({"returns", "reference"})
    )
    try:
        with line(url) as wire:
            found = differences(Talk(Database(), wire, parent, welcome.offset), welcome.unit)
    except (Refusal, Down, Malformed) as error:
        raise Trouble(
            f"The register there could not be read ({error}); try again with the same code."
        ) from error
    if found:
        said = "; ".join(it.sentence() for it in found[:MOST_SAID])
        more = f"; and {len(found) - MOST_SAID} more" if len(found) > MOST_SAID else ""
        raise Trouble(
            f"This installation began with a register of its own, and it is not the one of {welcome.name}, which would"
            f" govern: {said}{more}. Nothing was changed. Have these written alike there and try again with the same"
            " code, or join with a new HAICAP_HOME and import this one's records there."
        )
    say("What was written here for everybody says the same there: both lines of it are kept.")


def below(url: str, welcome: "Welcome") -> None:
    """From here on this installation is a node below the one at `url`."""
    from haicap.nodes import becoming

    becoming.keep(welcome, url.rstrip("/"), datetime.now(UTC))
    say(f"Joined {welcome.name} as the node of unit {welcome.unit}.")


def contact() -> "Contact":
    """One contact with the parent, sign-ins included, told on the console as it goes. Raises `Trouble`."""
    from haicap.journal.reference import holding
    from haicap.nodes import queries
    from haicap.nodes.exchange.asking import contact as exchange

    if queries.peer("worker") is None:
        raise Trouble("This node has no parent: run `haicap node join URL CODE` first.")
    from haicap.nodes.database import Database

    shelf = Database()
    parent = shelf.parent
    assert parent is not None
    with line(parent.url) as wire, holding():
        its = exchange(shelf, wire, parent, until=lambda: False)
        if its.reached:
            sign_ins(shelf, wire, parent, its.offset)
    return its


def why_not_reached(its: "Contact") -> str:
    """What to do about a contact that did not come about, in a sentence."""
    from haicap.nodes import queries

    codes = sorted({fault.code for fault in its.faults})
    peer = queries.peer("worker")
    for code in codes:
        if code in REFUSED and peer is not None:
            return REFUSED[code].format(unit=peer.unit, url=peer.url)
    return f"The parent was not reached ({', '.join(codes)}); `haicap serve` tries again by itself."


def sign_ins(shelf: "Shelf", wire: "Wire", parent: "Parent", offset: float) -> None:
    """Bring the sign-ins of this node's people; where they do not come, that is told."""
    from haicap.nodes import accounts
    from haicap.nodes.exchange.speaking import Refusal, Talk
    from haicap.nodes.exchange.wire import Down

    try:
        accounts.fetch(Talk(shelf, wire, parent, offset))
    except (Refusal, Down) as error:
        say(f"The sign-ins did not come: {error}.")


def recalled(files: tuple[Path, ...]) -> "Recalled":
    """All that the parent has of this node's unit, fetched; `files` are witness files of the lost node."""
    from haicap.nodes.database import Database
    from haicap.nodes.rescue import recalling

    shelf = Database()
    parent = shelf.parent
    assert parent is not None
    with line(parent.url) as wire:
        back = recalling.recall(
            shelf, wire, parent, witness=files,
            came=lambda it: say(f"{it.pulled} entries, {it.keys} keys and {it.down / 1000:,.0f} kB of files came."),
        )  # fmt: skip
        if back.contact.reached:
            sign_ins(shelf, wire, parent, back.contact.offset)
    return back


@contextmanager
def line(url: str) -> "Iterator[Http]":
    """A line to `url`; what it carries is told on standard error where somebody watches."""
    from rich.console import Console

    from haicap.nodes.exchange.wire import Http

    with Console(stderr=True).status(f"Asking {url}") as status:
        so_far: dict[str, int] = {"out": 0, "into": 0}

        def watch(traffic: "Traffic") -> None:
            so_far["out"] += traffic.out
            so_far["into"] += traffic.into
            status.update(f"{so_far['into'] / 1000:,.0f} kB received, {so_far['out'] / 1000:,.0f} kB sent")

        wire = Http(url, watch=watch)
        try:
            yield wire
        finally:
            wire.close()
