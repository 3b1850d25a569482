"""haicap pulling from haicap beside PouchDB Server pulling from PouchDB Server: the same small records, in one run.

`.venv/bin/python bench/exchange.py FOLDER` makes below FOLDER what it needs and finds the programs there the next
time: PouchDB Server (`npm ci` by `bench/pouch`, Node 20); and anew two servers of it, and two installations of haicap,
each with an embedded PostgreSQL of its own. In every round one of each pair is given 20,000 lines of a duty log
(`bench/exchange_records.py`), and the other pulls them over loopback, through a relay that counts every byte that goes
either way. PouchDB is asked by `POST /_replicate`, with its own defaults. haicap's commune has joined its province and
is in step with it but for these lines; one contact brings them, with every hash checked and every projection written: a
row of the duty log for each. Then: contacts with nothing new, their bytes counted by the relay and their time taken
without it; and one whose line is cut in the middle, with what the next one brings again. `--json` prints the figures as
JSON.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import exchange_pouch
from exchange_records import UNIT, records
from relay import Relay

HERE = Path(__file__).parent
RECORDS = 20_000
PORT = 8790  # and those after it
BATCH = 1000  # entries that travel together
IDLE = 31  # contacts with nothing new
WARM = 48  # of them before: after five the database keeps its plan, on each connection of the server's eight threads
LEAST, MOST = 4.0, 0.6  # times PouchDB's records a second, and of its bytes
HAICAP = [sys.executable, "-c", "from haicap.config.cli import main; main()"]


class Commune:
    """A process of the commune's node that has a contact whenever it is told to."""

    def __init__(self, process: subprocess.Popen[str], relay: Relay) -> None:
        self.process, self.relay = process, relay

    def contact(self, port: int | None = None) -> dict[str, Any]:
        """One contact over the counted line: seconds, bytes up and down, and what the database holds then.

        With a port of this machine the contact goes there straight, and no byte is counted.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.relay.clear()
        print(f"http://127.0.0.1:{port or self.relay.port}", file=self.process.stdin, flush=True)
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told | self.relay.carried | {"sum": self.relay.sum}


def run(home: Path, *command: str) -> str:
    """What a command for an installation prints; it must go well."""
    environment = os.environ | {"HAICAP_HOME": str(home)}
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def work(home: Path, *what: str) -> tuple[str, ...]:
    """The command for what `exchange_node.py` does in an installation."""
    return (sys.executable, str(HERE / "exchange_node.py"), str(home), *what)


@contextmanager
def served(home: Path, port: int) -> Iterator[int]:
    """`haicap serve` for the time of the measurement, its process id; it is there when its port answers."""
    environment = os.environ | {"HAICAP_HOME": str(home), "HAICAP_PORT": str(port)}
    assert not _answers(port), f"port {port} is taken"
    with subprocess.Popen([*HAICAP, "serve"], env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            while not _answers(port):
                assert process.poll() is None, "haicap serve ended"
                time.sleep(0.2)
            yield process.pid
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


@contextmanager
def joined(folder: Path, port: int) -> Iterator[tuple[Path, Commune]]:
    """A province that serves, and a commune's node in step with it; both new, and stopped at the end."""
    province, commune = folder / "province", folder / "commune"
    for home in (province, commune):
        shutil.rmtree(home, ignore_errors=True)
    run(province, *HAICAP, "node", "init", "Tỉnh", "--register")
    run(commune, *HAICAP, "node", "init", "Phường")
    code = run(province, *HAICAP, "node", "invite", UNIT).strip()
    with served(province, port):
        relay = Relay(port)
        run(commune, *HAICAP, "node", "join", f"http://127.0.0.1:{relay.port}", code)
        process = subprocess.Popen(
            work(commune, "contact"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        with process:
            one = Commune(process, relay)
            one.contact()
            yield province, one
            assert process.stdin is not None
            process.stdin.close()


def pulled(province: Path, commune: Commune, count: int, seed: str) -> dict[str, Any]:
    """Write so many records on the province's node, let the commune's pull them; each must be there, with its row."""
    had = commune.contact()
    run(province, *work(province, "write", str(count), seed))
    told = commune.contact()
    assert told["good"], told
    assert (told["entries"] - had["entries"], told["rows"] - had["rows"]) == (count, count), told
    return told


def idle(commune: Commune) -> dict[str, float]:
    """Contacts with nothing new: milliseconds in the middle, and the bytes of the largest."""
    counted = [commune.contact() for _ in range(WARM)][1:]
    timed = [commune.contact(commune.relay.target) for _ in range(IDLE)]
    return {
        "ms": 1000 * statistics.median(it["seconds"] for it in timed),
        "bytes": max(it["sum"] for it in counted),
    }


def cut(province: Path, commune: Commune, batch: float) -> dict[str, float]:
    """Five batches, and a line that breaks in the third; what the contact after it brings that had come before."""
    had = commune.contact()
    run(province, *work(province, "write", str(5 * BATCH), "cut"))
    commune.relay.cut = int(2.5 * batch)
    broken = commune.contact()
    commune.relay.cut = None
    after = commune.contact()
    kept, whole = broken["entries"] - had["entries"], after["entries"] - had["entries"]
    assert whole == 5 * BATCH == after["rows"] - had["rows"], (broken, after)
    again = broken["down"] - kept * batch / BATCH
    return {"kept": kept, "again": again, "batch": batch}


def measured(folder: Path, count: int, rounds: int) -> dict[str, Any]:
    """Each round both sides pull so many records, new ones for haicap's nodes, which stay; figures by side."""
    load = os.getloadavg()[0]
    found: dict[str, list[dict[str, float]]] = {"PouchDB Server": [], "haicap": []}
    with joined(folder, PORT + 2) as (province, commune):
        for place in range(rounds):
            its = list(records(count, f"exchange/{place}"))
            found["PouchDB Server"].append(exchange_pouch.pulled(folder, its, (PORT, PORT + 1)))
            found["haicap"].append(pulled(province, commune, count, f"exchange/{place}"))
        quiet = idle(commune)
        middle = {
            side: {
                "records": count / statistics.median(it["seconds"] for it in every),
                "bytes": statistics.median(it["up"] + it["down"] for it in every) / count,
            }
            for side, every in found.items()
        }
        broken = cut(province, commune, middle["haicap"]["bytes"] * BATCH)
    return {
        "load": [load, os.getloadavg()[0]], "runs": found, "middle": middle, "idle": quiet, "cut": broken,
    }  # fmt: skip


def show(found: dict[str, Any]) -> None:
    """The figures and their ratios; those short of what is wanted are marked."""
    pouch, own = (found["middle"][side] for side in ("PouchDB Server", "haicap"))
    load = ", ".join(f"{it:.1f}" for it in found["load"])
    print(f"load before and after: {load}")
    for side, it in found["middle"].items():
        print(f"{side:16}{it['records']:10,.0f} records/s{it['bytes']:10.1f} bytes a record")
    fast, small = own["records"] / pouch["records"], own["bytes"] / pouch["bytes"]
    print(f"{'ratio':16}{fast:10.2f}{' ' * 10}{small:10.2f}" + _short(fast >= LEAST and small <= MOST))
    quiet, broken = found["idle"], found["cut"]
    print(f"nothing new: {quiet['bytes']:,.0f} bytes, {quiet['ms']:.1f} ms" + _short(
        quiet["bytes"] <= 1000 and quiet["ms"] <= 10))  # fmt: skip
    print(f"cut: {broken['kept']:,} entries were kept, {broken['again']:,.0f} bytes came again; a batch has "
          f"{broken['batch']:,.0f}" + _short(broken["again"] < broken["batch"]))  # fmt: skip


def _short(good: bool) -> str:
    return "" if good else "   (short of what is wanted)"


def main() -> None:
    """Make, serve, measure, print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("folder", type=Path, help="where everything is made, and programs are found again")
    options.add_argument("--records", type=int, default=RECORDS)
    options.add_argument(
        "--rounds", type=int, default=3, help="pulls of each side, of which the middle is told"
    )
    options.add_argument("--json", action="store_true", help="print the figures as JSON")
    given = options.parse_args()
    folder = given.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    found = measured(folder, given.records, given.rounds)
    print(json.dumps(found, indent=1)) if given.json else show(found)


if __name__ == "__main__":
    main()
