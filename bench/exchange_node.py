"""What `bench/exchange.py` does within an installation of haicap, in a process of its own.

`exchange_node.py HOME write COUNT SEED` writes the records, as lines of one unit's duty log. `exchange_node.py HOME
contact` has one contact with the parent for each line on standard input, at the address that it names, and tells in
JSON how it was.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

from exchange_records import CLERK, GRANT, PROVINCE, UNIT, records
from haicap.config import prepare


def write(count: str, seed: str) -> None:
    """So many lines of the unit's duty log, into the file of the unit, by this node."""
    from haicap.duty.entries import LineWritten
    from haicap.duty.fold import lines
    from haicap.journal.bulk import Bulk
    from haicap.journal.node import own
    from haicap.journal.pen import Pen
    from haicap.units.loading import Founder

    desk = Bulk(own("worker"), os.urandom)
    for it in records(int(count), seed):
        body = LineWritten(
            unit=UNIT, province=PROVINCE, sort="call", happened=it.happened, text=it.text, open=False, synthetic=True
        )  # fmt: skip
        Pen(Founder(CLERK), it.at, desk).write(lines, it.entry, it.id, body, unit=UNIT, grant=GRANT)
    desk.load("worker")


def contact() -> None:
    """One contact for each line that comes in, as the thread of `haicap serve` has it; tells what it took.

    That is the exchange; what the loop notes of the line once it is over is not in it.
    """
    from haicap.config.serving import tune
    from haicap.nodes import calling

    tune()
    loop, exchange, took = calling.Loop(Event(), None, Random()), calling.contact, dict[str, float]()

    def timed(*given: Any, **more: Any) -> Any:
        begun, busy = time.perf_counter(), time.process_time()
        its = exchange(*given, **more)
        took.update(seconds=time.perf_counter() - begun, busy=time.process_time() - busy)
        return its

    calling.contact = timed
    for address in sys.stdin:
        shelf = calling.here()
        assert shelf.parent is not None
        good = loop.contact(shelf, replace(shelf.parent, url=address.strip())) is None
        print(json.dumps({**took, "good": good, **held()}), flush=True)


def held() -> dict[str, int]:
    """How many of the entries lie here, and how many rows were made of them."""
    from haicap.duty.models import LineRow
    from haicap.journal.models import Entry

    entries = Entry.objects.using("worker").filter(kind="line.written").count()
    return {"entries": entries, "rows": LineRow.objects.using("worker").count()}


WORK: dict[str, Callable[..., None]] = {"write": write, "contact": contact}


def main() -> None:
    """Do one work in the installation that is named."""
    home, work, *rest = sys.argv[1:]
    os.environ["HAICAP_HOME"] = str(Path(home).absolute())
    with prepare.installation():
        WORK[work](*rest)


if __name__ == "__main__":
    main()
