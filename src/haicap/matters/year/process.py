"""The body of a process that loads: imports what needs Django's set-up only after it."""

import signal
from collections.abc import Sequence
from datetime import datetime
from multiprocessing.connection import Connection


def work(line: Connection, seed: str, end: str, province: str, codes: Sequence[str], using: str) -> None:
    """Fill and load the files of these units; sends (files, entries) after each, at last None.

    Ctrl-C is for the command that started this process and ends it as its daemon.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from django import setup

    setup()
    from haicap.matters.year.loading import load_files
    from haicap.matters.year.running import Year

    year = Year(seed, datetime.fromisoformat(end))
    load_files(year, province, codes, lambda files, entries: line.send((files, entries)), using=using)
    line.send(None)
