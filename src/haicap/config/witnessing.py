"""What is done beside the pages: a checkpoint at least every minute with new entries, matters that go over."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread

EVERY = 30.0  # seconds; a minute is promised

log = logging.getLogger(__name__)


@contextmanager
def witnessing(every: float = EVERY) -> Iterator[None]:
    """Make checkpoints beside what is done within, and one last at its end.

    While the database is away none is made, which is logged; the next one covers what came meanwhile.
    """
    ended = Event()
    thread = Thread(target=_keep_on, args=(ended, every), name="witness", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _keep_on(ended: Event, every: float) -> None:
    _once()
    while not ended.wait(every):
        _once()
    _once()


def _once() -> None:
    from django.db import connections

    from haicap.journal.checkpoint import checkpoint
    from haicap.matters.transferring.sweeping import sweep

    at = datetime.now(UTC)
    try:
        checkpoint(at=at)
        sweep(at)
    except Exception:  # whatever it was, the next minute is tried as well
        log.exception("no checkpoint could be made, or nothing handed over")
    finally:
        connections.close_all()  # this thread's own; held open they would outlast a server that was started anew
