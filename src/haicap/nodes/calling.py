"""The loop of a child: it calls its parent at once when there is something to send, else every minute.

While the line is down it waits longer from try to try, up to ten minutes, each time a random part of that ("full
jitter"), so that the communes of a province that comes back do not all call in the same second.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from threading import Event, Thread
from time import monotonic
from uuid import UUID

from django.db import connections

from haicap.journal.node import keys
from haicap.journal.reference import holding
from haicap.nodes import accounts, noting
from haicap.nodes.courier import unpacking
from haicap.nodes.courier.book import Book, folder
from haicap.nodes.courier.packing import Office
from haicap.nodes.database import Database
from haicap.nodes.exchange.asking import contact
from haicap.nodes.exchange.records import Parent
from haicap.nodes.exchange.shelf import Shelf
from haicap.nodes.exchange.speaking import Refusal, Talk
from haicap.nodes.exchange.wire import Cap, Down, Http
from haicap.nodes.line import measuring, reporting
from haicap.nodes.line.measuring import Tally
from haicap.nodes.models import Peer

EVERY = 60.0  # seconds between two contacts while nothing waits
FIRST = 5.0  # the first wait of a line that is down is a random part of twice this
MOST = 600.0
LEAST = 1.0
GLANCE = 3.0  # seconds between two looks whether something waits
ALONE = 30.0  # seconds between two looks whether this node has a parent by now
TIDY = timedelta(hours=1)
SIGN_INS = timedelta(hours=1)

log = logging.getLogger(__name__)


class Pace:
    """How long to wait after each contact."""

    def __init__(self, random: Random) -> None:
        self.random, self.failures = random, 0

    def after(self, *, good: bool) -> float:
        """Seconds until the next contact, unless something is to be sent before; the line being down, whatever is."""
        if good:
            self.failures = 0
            return EVERY * self.random.uniform(0.9, 1.1)
        self.failures = min(self.failures + 1, 16)
        return max(LEAST, self.random.uniform(0, min(MOST, FIRST * 2**self.failures)))


def cap() -> float | None:
    """Bytes a second that exchange may take of the line (`HAICAP_LINE_CAP`); None for all of it.

    Raises `ValueError` for what is no number above nought.
    """
    given = os.environ.get("HAICAP_LINE_CAP", "").strip()
    if not given:
        return None
    if not given.isdigit() or int(given) == 0:
        raise ValueError(f"HAICAP_LINE_CAP must be a number of bytes a second above 0, not {given}.")
    return float(given)


@contextmanager
def calling(rate: float | None) -> Iterator[None]:
    """Call the parent beside what is done within, at most at `rate` (`cap`); at its end it stops at the next batch."""
    ended = Event()
    thread = Thread(target=keep_on, args=(ended, rate), name="calling", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def keep_on(ended: Event, rate: float | None) -> None:
    """Call until `ended` is set. A contact that fails in whatever way is logged, and tried again."""
    loop = Loop(ended, rate, Random())
    while not ended.is_set():
        try:
            loop.turn()
        except Exception:  # whatever it was, the next contact is tried as well
            log.exception("the parent could not be called")
            ended.wait(loop.pace.after(good=False))
        finally:
            connections.close_all()  # this thread's own; held open they would outlast a server started anew


class Loop:
    """What is kept from one contact to the next."""

    def __init__(self, ended: Event, rate: float | None, random: Random) -> None:
        self.ended, self.rate, self.pace = ended, rate, Pace(random)
        self.tidied: datetime | None = None
        self.signed: datetime | None = None  # when the sign-ins came

    def turn(self) -> None:
        """One contact and the wait after it; where this node has no parent, a look at what others have brought."""
        shelf = here()
        if shelf.parent is None:
            carried(shelf)
            self.ended.wait(ALONE)
            return
        before = sum(mine(shelf, shelf.parent).values())
        good = self.contact(shelf, shelf.parent) is None
        carried(shelf)
        self.wait(shelf, shelf.parent, self.pace.after(good=good), before if good else None)

    def contact(self, shelf: Shelf, parent: Parent) -> str | None:
        """Exchange with the parent, and keep what the line did; None, or why nothing could be exchanged.

        A parent that says that this node has ended was reached: the line is not down.
        """
        tally, gone = Tally(rates=self.rate is None), mine(shelf, parent)
        wire = Http(parent.url, cap=Cap(self.rate), watch=tally.add)
        try:
            with holding():
                its = contact(shelf, wire, parent, until=self.ended.is_set, pause=self.ended.wait)
            if its.reached:
                self.sign_ins(Talk(shelf, wire, parent, its.offset))
        finally:
            wire.close()
        seen = None if its.reached else next((fault.code for fault in its.faults), "cut")
        if tally.asks:
            measuring.note(tally, its.ended, seen=None if seen == "revoked" else seen)
        if its.good:  # the parent told how far it was before what waited went up
            noting.far_heads(gone.items(), at=its.ended)
        self.tell(shelf)
        return seen

    def sign_ins(self, talk: Talk) -> None:
        """Bring the sign-ins of this node's people, at first and then once an hour; what fails is tried again."""
        at = talk.shelf.now()
        if self.signed is not None and timedelta() <= at - self.signed < SIGN_INS:
            return
        try:
            accounts.fetch(talk)
        except (Refusal, Down) as fault:
            log.warning("the sign-ins did not come: %s", fault)
        else:
            self.signed = at

    def tell(self, shelf: Shelf) -> None:
        """Make days and hours of what was measured, once an hour, and offer reports to the rooms above."""
        at = shelf.now()
        if self.tidied is None or not timedelta() <= at - self.tidied < TIDY:
            measuring.tidy(at, shelf.own.id)
            self.tidied = at
        reporting.deliver(shelf.own.id, shelf.unit, at)

    def wait(self, shelf: Shelf, parent: Parent, seconds: float, length: int | None) -> None:
        """Wait, but no longer than until more than `length` entries lie here (None: whatever lies), or one asks."""
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0 and not self.ended.wait(min(GLANCE, left)):
            if wanted() or (length is not None and sum(mine(shelf, parent).values()) > length):
                return


def here() -> Shelf:
    """This node's storage."""
    return Database()


def carried(shelf: Shelf) -> None:
    """Apply the courier files that waited for what has come since, by whatever way; a node without any does nothing."""
    book = Book(folder())
    try:
        if book.place.exists():
            mine = keys()
            unpacking.apply_waiting(Office(shelf, book, mine.receiving, earlier=mine.earlier))
    except Exception:  # the line is none the worse for it
        log.exception("what came by courier could not be applied")


def mine(shelf: Shelf, parent: Parent) -> dict[UUID, int]:
    """The streams of this node that go up to `parent`, and how far each has come. One query."""
    own, heads = shelf.own.id, shelf.heads(reference=False)
    return {
        stream: head.seq
        for stream, head in heads.items()
        if head.description.node == own and head.description.channel in parent.channels
    }


def wanted(using: str = "worker") -> bool:
    """Whether somebody wants a contact now. One query."""
    return Peer.objects.using(using).exclude(asked=None).exists()
