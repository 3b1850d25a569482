"""An installation with as many matters as wanted: the demonstration's year, told again and again in new words.

`.venv/bin/python bench/filling.py FOLDER MATTERS` fills FOLDER, or goes on where it was cut off; a folder that has
enough is left as it is. Every matter is made of real entries, by the same actions as in the demonstration, file by
file, so that memory stays bounded.
"""

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from haicap.config import prepare

PROCESSES = 2


def main() -> None:
    """Fill the folder that is named and stop its database."""
    folder, matters = Path(sys.argv[1]).absolute(), int(sys.argv[2])
    os.environ["HAICAP_HOME"] = str(folder)
    with prepare.installation(print):
        begun = time.perf_counter()
        made = fill(matters)
        print(f"{folder}: {made:,} matters, {time.perf_counter() - begun:,.0f} s")


def fill(matters: int) -> int:
    """Fill this installation up to so many matters, by whole files; returns how many it has then."""
    from django.db import connections

    from haicap.matters import demo

    demo.load(lambda what, done, of: None)
    publish()
    end = demo._mark(datetime.now(UTC)).end
    had = there()
    if had < matters:
        connections.close_all()
        for made in _rounds(end, had, matters):
            print(f"{made:,}", flush=True)
        with connections["owner"].cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return there()


def publish() -> None:
    """Bring the procedures of a folder that an earlier version filled up to this one's."""
    from haicap.matters.founding import publish_procedure, shipped

    for it in shipped():
        if it.sort == "procedure":
            publish_procedure(it.text)


def there() -> int:
    """How many matters this installation has."""
    from haicap.matters.models import MatterRow

    return MatterRow.objects.using("worker").count()


def _rounds(end: str, had: int, matters: int) -> Iterator[int]:
    """One year of the province after another until there are enough; yields how many there are after each."""
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), initializer=prepare.django) as pool:
        done = (
            Path(os.environ["HAICAP_HOME"]) / "rounds"
        )  # so many are whole: told again they would bring nothing
        for place in count(int(done.read_text()) + 1 if done.exists() else 1):
            its = [pool.submit(one_file, end, place, code) for code in _codes()]
            for its_file in as_completed(its):
                had += its_file.result()
                if had >= matters:
                    pool.shutdown(cancel_futures=True)
                    return
            done.write_text(str(place))
            yield had


def _codes() -> list[str]:
    from haicap.matters.demo import PROVINCE
    from haicap.matters.year.people import crew
    from haicap.matters.year.running import files
    from haicap.units.sign_in import today

    return [unit.code for unit in files(crew(PROVINCE, today()))]


def one_file(end: str, place: int, code: str) -> int:
    """The year of one unit's file for the `place`th time; returns how many matters that brought."""
    from haicap.journal.node import Own, own
    from haicap.matters.demo import PROVINCE
    from haicap.matters.law import law
    from haicap.matters.year.people import crew
    from haicap.matters.year.running import Year, fill

    @dataclass(frozen=True)
    class Again(Own):
        """The same writer; its numbers tell the round, so that none is given out twice."""

        def code(self) -> str:
            return f"{place:02}"

    year, node = Year(f"bench/{place}", datetime.fromisoformat(end)), own("worker")
    people, known = _kept(("crew",), lambda: crew(PROVINCE, year.last)), law(using="worker")
    desk = fill(year, people.units[code], crew=people, law=known, own=Again(node.id, node.incarnation))
    desk.counters.clear()  # the installation's own go on where the demonstration left them
    return sum(1 for fold in _folds(desk) if fold) if desk.load("worker") else 0


_memory: dict[Any, Any] = {}


def _kept(key: Any, make: Any) -> Any:
    return _memory[key] if key in _memory else _memory.setdefault(key, make())


def _folds(desk: Any) -> list[bool]:
    return [hasattr(folded.state, "procedure") for folded in desk.kept.values()]


if __name__ == "__main__":
    main()
