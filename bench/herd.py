"""All communes of a province come back at once after three days without a line: when is the last one in step?

`.venv/bin/python bench/herd.py FOLDER` makes a province below FOLDER, the demonstration's year of one with 114
communes, and finds it there the next time; it serves it by `haicap serve` on its embedded PostgreSQL. Every commune has
a node of its own that has joined. The nodes are invented here: clients that speak the real protocol
(`haicap.nodes.exchange.asking`), check and sign all that they should, and keep next to nothing (`bench/herd_shelf.py`).
Each lacks the last of what governs and of its own file, and has three days' work that the province lacks: lines of the
duty log, some with sealed facts, difficulties with a comment and a file each. All of them call in the same second, and
call again as the loop of a real node would (`haicap.nodes.calling.Pace`).

They all run in one process beside the server, at the lowest priority: in truth each would have a machine of its own.
Meanwhile, as for half a minute before, an officer of the province opens Today again and again. `--json` prints the
figures as JSON.
"""

import argparse
import json
import os
import pickle
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from exchange import served
from haicap.config import prepare
from helpdesk import Client

if TYPE_CHECKING:
    from herd_shelf import Shelf

PORT = 8795
LACKS = 40  # entries of its own file that a commune lacks
RECENT = 300  # streams of what governs whose last entry it lacks
BEFORE = 30  # seconds
PAUSE = 0.25  # seconds between two pages
ACCOUNT, PASSWORD = "officer.ph10", "mat-khau-xem-thu-2026"  # of an invented person
LOWEST = 19


# The province, and what its communes did meanwhile


def found() -> None:
    """The demonstration's province with its year and its duty logs, where it is not there yet."""
    from haicap.duty import year
    from haicap.matters import demo

    def told(what: str, done: int, of: int) -> None:
        """Nobody watches."""

    demo.load(told)
    year.load(demo.PROVINCE, demo.SEED, demo.ended(), told=told)


def communes(url: str) -> "list[Shelf]":
    """A node of every commune that has joined the server at `url`, three days behind it and ahead of it."""
    from haicap.journal.intake import heads
    from haicap.matters import demo
    from haicap.matters.year.people import crew
    from haicap.units.sign_in import today

    people, every = crew(demo.PROVINCE, today()), heads()
    governing = {stream: head for stream, head in every.items() if head.description.channel == "reference"}
    lagging = {stream: behind(stream, head, 1) for stream, head in sorted(governing.items())[-RECENT:]}
    found = []
    for unit in people.communes():
        work = {
            stream: behind(stream, head, LACKS)
            for stream, head in every.items()
            if head.description.channel == "work" and head.description.unit == unit.code
        }
        found.append(commune(url, people, unit.code, governing | lagging, work))
    return found


def behind(stream: Any, head: Any, count: int) -> Any:
    """A head as it was so many entries before."""
    from haicap.journal.intake import Head, hash_at

    seq = max(0, head.seq - count)
    return Head(head.description, seq, hash_at(stream, seq) or head.description.digest())


def commune(url: str, people: Any, unit: str, governing: Any, work: Any) -> "Shelf":
    """One commune's node: keys, membership, and three days of work by its own clerk."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from pyrage import x25519

    from haicap.journal.ids import uuid7
    from haicap.journal.node import Own
    from haicap.nodes import becoming
    from haicap.nodes.exchange.records import Parent
    from haicap.nodes.exchange.signing import Signer
    from haicap.nodes.exchange.wire import Http
    from herd_shelf import VERSION, Shelf
    from herd_work import worked

    own, key, receiving = Own(uuid7(), uuid7()), Ed25519PrivateKey.generate(), x25519.Identity.generate()
    wire = Http(url)
    signer = Signer(own.id, own.incarnation, key)
    asking = becoming.Asking(invited(unit), unit, str(receiving.to_public()), VERSION, signer)
    welcome = becoming.ask(wire, asking, datetime.now(UTC))
    wire.close()
    parent = Parent(welcome.node, welcome.province or "", url, welcome.public_key, welcome.recipient)
    line = worked(own, people.who(unit, "clerk"), people.units[unit])
    return Shelf(own, unit, key.private_bytes_raw(), str(receiving), parent, line, governing, work)


def invited(unit: str) -> str:
    """A code for the unit; whatever node it had in an earlier run is let go."""
    from haicap.journal.ids import uuid7
    from haicap.journal.node import keys, own
    from haicap.journal.pen import writing
    from haicap.nodes import actions, codes, queries
    from haicap.units.loading import Founder
    from haicap.units.queries import unit_now

    code, subject = codes.new(keys().signing.public_key().public_bytes_raw(), os.urandom), uuid7()
    with writing(
        Founder(own().id), at=datetime.now(UTC), subjects=[subject], units=[unit], channel="reference", using="worker"
    ) as pen:  # fmt: skip
        for other in queries.of_unit(unit, "worker"):
            if other.state in ("invited", "joined"):
                last = queries.last_of(other.node, "worker")
                actions.revoke(pen, entry_id=uuid7(), subject=other.id, last=last, reason="bench")
        others = queries.of_unit(unit, "worker")
        actions.invite(pen, entry_id=uuid7(), subject=subject, unit=unit_now(unit), code=code, others=others)
    return code


# The herd


@dataclass(frozen=True, slots=True)
class Told:
    """How one commune fared: seconds until it was in step, its contacts, and what they met with."""

    unit: str
    seconds: float
    contacts: int
    faults: dict[str, int]
    busy: float  # seconds of contacts


def herd(packed: bytes, line: Connection) -> None:
    """The process of all communes: says that it stands, waits for the word, lets all of them call, tells how it was."""
    os.nice(LOWEST)
    prepare.django()
    shelves: Sequence[Shelf] = pickle.loads(packed)  # only now: what they are made of asks for Django
    line.send(None)
    line.recv()
    begun, told = time.monotonic(), list[Told]()
    threads = [Thread(target=lambda it=it: told.append(back(it, begun))) for it in shelves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    line.send((told, time.process_time()))


def back(shelf: "Shelf", begun: float) -> Told:
    """One commune calls until it is in step."""
    from haicap.nodes.calling import Pace
    from haicap.nodes.exchange.asking import contact
    from haicap.nodes.exchange.wire import Http

    pace, faults, contacts, busy = Pace(random.Random(shelf.unit)), Counter[str](), 0, 0.0
    while True:
        wire, at = Http(shelf.parent.url), time.monotonic()
        its = contact(shelf, wire, shelf.parent, until=lambda: False, pause=waited)
        wire.close()
        contacts, busy = contacts + 1, busy + time.monotonic() - at
        faults.update(fault.code for fault in its.faults)
        if its.good:
            return Told(shelf.unit, time.monotonic() - begun, contacts, dict(faults), busy)
        time.sleep(pace.after(good=its.reached))


def waited(seconds: float) -> bool:
    """Wait as a busy parent has said; then go on."""
    time.sleep(seconds)
    return False


# What the server does meanwhile


class Pages:
    """Somebody who opens the same page again and again; `times` are the moment and the seconds of each."""

    def __init__(self, port: int) -> None:
        self.client = Client(port)
        self.client.page("/account/login/")
        self.client.send("/account/login/", {"login": ACCOUNT, "password": PASSWORD})
        self.times: list[tuple[float, float]] = []
        self.ended = Event()
        Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        while not self.ended.wait(PAUSE):
            begun = time.monotonic()
            self.client.page("/")
            self.times.append((begun, time.monotonic() - begun))

    def figures(self, first: float, last: float) -> dict[str, float]:
        """Milliseconds of those begun between two moments."""
        its = sorted(1000 * took for at, took in self.times if first <= at < last)
        return {
            "pages": len(its), "median": its[len(its) // 2], "p95": its[int(len(its) * 0.95)], "most": its[-1],
        }  # fmt: skip


def postgres() -> list[int]:
    """The processes of this installation's PostgreSQL."""
    from haicap.config.home import cluster

    first = int((cluster() / "data" / "postmaster.pid").read_text().split()[0])
    every = (int(it.name) for it in Path("/proc").iterdir() if it.name.isdigit())
    return [first, *(it for it in every if _stat(it)[1:2] == [str(first)])]


def _stat(pid: int) -> list[str]:
    """State, parent and what follows in `/proc`; nothing of one that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def used(pids: Sequence[int]) -> float:
    """Seconds of processor that processes have used, with those of their children that ended."""
    ticks = sum(sum(map(int, its[11:15])) for pid in pids if (its := _stat(pid)))
    return ticks / os.sysconf("SC_CLK_TCK")


def peak(pid: int) -> float:
    """The most memory that a process has had at once, in MB."""
    found = next(it for it in Path(f"/proc/{pid}/status").read_text().splitlines() if it.startswith("VmHWM"))
    return int(found.split()[1]) / 1000


def measured(home: Path) -> dict[str, Any]:
    """Serve the province, let the herd come, and say what it took."""
    with served(home, PORT) as server:
        shelves = communes(f"http://127.0.0.1:{PORT}")
        here, there = get_context("spawn").Pipe()
        process = get_context("spawn").Process(target=herd, args=(pickle.dumps(shelves), there))
        process.start()
        there.close()  # so that it is noticed when that process ends early
        here.recv()
        pages, load = Pages(PORT), os.getloadavg()[0]
        time.sleep(BEFORE)
        begun, own, base = time.monotonic(), used([server]), used(postgres())
        before = peak(server)
        here.send(None)
        told, clients = here.recv()
        ended = time.monotonic()
        pages.ended.set()
        process.join()
        return {
            "load": load, "communes": len(told), "entries": sum(len(it.line.items) for it in shelves),
            "seconds": sorted(it.seconds for it in told), "contacts": [it.contacts for it in told],
            "busy": sum(it.busy for it in told),
            "faults": dict(sum((Counter(it.faults) for it in told), Counter[str]())),
            "page before": pages.figures(begun - BEFORE, begun), "page meanwhile": pages.figures(begun, ended),
            "server": used([server]) - own, "postgres": used(postgres()) - base, "clients": clients,
            "peak": [before, peak(server)], **kept(shelves),
        }  # fmt: skip


def kept(shelves: "Sequence[Shelf]") -> dict[str, int]:
    """What the province has of it afterwards: entries, those of them held, files."""
    from haicap.journal import blobs
    from haicap.journal.models import Intake, Stream

    streams = [it.mine_id for it in shelves]
    names = [name for it in shelves for name in it.line.blobs]
    return {
        "taken": sum(Stream.objects.using("worker").filter(pk__in=streams).values_list("seq", flat=True)),
        "held": sum(Intake.objects.using("worker").filter(pk__in=streams).values_list("held", flat=True)),
        "files": sum(blobs.path_of(name).exists() for name in names), "files sent": len(names),
    }  # fmt: skip


def show(it: dict[str, Any]) -> None:
    """The figures in sentences."""
    seconds, contacts, peaks = it["seconds"], it["contacts"], it["peak"]
    print(
        f"load before: {it['load']:.1f}; {it['communes']} communes with {it['entries']:,} entries and "
        f"{it['files sent']} files; at the province afterwards {it['taken']:,} and {it['files']}, {it['held']} held"
    )
    print(
        f"in step: half of them after {seconds[len(seconds) // 2]:.0f} s, the last after {seconds[-1]:.0f} s"
    )
    print(
        f"contacts: {sum(contacts) / len(contacts):.1f} each, at most {max(contacts)}; faults: {it['faults']}"
    )
    for when in ("page before", "page meanwhile"):
        page = it[when]
        most = f"p95 {page['p95']:.0f} ms, most {page['most']:.0f} ms"
        print(f"{when}: {page['pages']} times, median {page['median']:.0f} ms, {most}")
    print(
        f"processor: server {it['server']:.0f} s, PostgreSQL {it['postgres']:.0f} s, clients {it['clients']:.0f} s"
    )
    print(f"the server's memory at its peak: {peaks[0]:.0f} MB until then, {peaks[1]:.0f} MB afterwards")


def main() -> None:
    """Make the province that is named, measure, print, and stop its database."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("folder", type=Path, help="where the province is made, and found again")
    options.add_argument("--json", action="store_true", help="print the figures as JSON")
    given = options.parse_args()
    home = given.folder.absolute() / "province"
    os.environ |= {"HAICAP_HOME": str(home), "HAICAP_DEMO": "1"}
    with prepare.installation(lambda said: print(said, file=sys.stderr)):
        found()
        it = measured(home)
    print(json.dumps(it, indent=1)) if given.json else show(it)


if __name__ == "__main__":
    main()
