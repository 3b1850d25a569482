"""haicap beside django-helpdesk, on one machine, in one run: list, one matter, taking one in, and searching.

`.venv/bin/python bench/helpdesk.py FOLDER` makes what it needs below FOLDER and finds it there the next time: an
environment with django-helpdesk (`bench/helpdesk.txt`) and 50,000 tickets, and installations of haicap with 50,000
and with a million matters (`bench/filling.py`; the million takes a quarter of an hour on a quiet machine). All three
are served at once, under waitress with the same threads. Each measurement asks every side once, in an order drawn
anew, for the whole page, signed in: for helpdesk the page and the request for data that it makes; `and counts` adds
what haicap's page asks for once it stands. Median and 95th percentile are of one client; the rates of one and of
four, side after side. `--json` prints the figures as JSON.
"""

import argparse
import http.client
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

HERE = Path(__file__).parent
TICKETS = 50_000
SIZES = {"haicap 50k": 50_000, "haicap 1M": 1_000_000}
THREADS = 8
PORT = 8700  # and those after it
SECONDS = 5  # of asking for a rate
LEAST = {"list": 8.0, "list, open ones": 8.0, "one": 1.3, "create": 1.0}  # times as fast as helpdesk
WORDS = ("trụ sở dột", "mat xe may", "can cuoc", "khiếu nại", "tam tru", "thiếu máy in", "trộm cắp", "lost")
PASSWORDS = {"haicap": "mat-khau-xem-thu-2026", "helpdesk": "mat-khau-xem-thu-2026"}  # of invented persons


class Client:
    """A browser as far as speed goes: one connection, cookies, compressed answers."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def ask(
        self, path: str, form: dict[str, str] | None = None, *, part: bool = False
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        """One request; with `form` a POST of it, with `part` as htmx asks. Nothing is followed."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {
            "Cookie": cookies,
            "Accept-Encoding": "gzip",
            "Referer": f"http://127.0.0.1:{self.line.port}{path}",
        } | ({"HX-Request": "true"} if part else {})
        body = None
        if form is not None:
            body = urlencode(form | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request("POST" if form is not None else "GET", path, body, headers)
        answer = self.line.getresponse()
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        if answer.headers.get("Content-Encoding") == "gzip":
            import gzip

            return answer.status, gzip.decompress(content), answer.headers
        return answer.status, content, answer.headers

    def page(self, path: str, *, part: bool = False) -> str:
        """The page at `path`, or what htmx asks for there, which must be there."""
        status, content, _headers = self.ask(path, part=part)
        assert status == 200, (path, status)
        return content.decode()

    def send(self, path: str, form: dict[str, str]) -> None:
        """A form that is taken: the answer leads on."""
        status, content, _headers = self.ask(path, form)
        assert status == 302, (path, status, content[:2000])


class Haicap:
    """One installation: the province's director looks, a commune's duty desk takes in."""

    def __init__(self, name: str, port: int) -> None:
        self.name, self.port = name, port
        probe = self.signed_in("director.haiphong")
        pages = (probe.page(f"/matters/?sort=-received&page={n}") for n in range(1, 21))
        self.matters = [path for page in pages for path in re.findall(r'class="open" href="([^"]+)"', page)]
        self.searches = "/search/" if probe.ask("/search/?q=mai")[0] == 200 else "/matters/"

    def signed_in(self, account: str) -> Client:
        client = Client(self.port)
        client.page("/account/login/")
        client.send("/account/login/", {"login": account, "password": PASSWORDS["haicap"]})
        return client

    def tasks(self) -> dict[str, Callable[[], float]]:
        """What is measured; each call does it once and says how many seconds it took."""
        director, desk, chance = (
            self.signed_in("director.haiphong"),
            self.signed_in("clerk.hongbang"),
            random.Random(1),
        )
        form = {
            "unit": "11311", "by": "unit", "received": "2026-11-22T08:00", "title": "Trụ sở dột khi mưa",
            "what": "Mái dột ba phòng", "kind": "headquarters",
        }  # fmt: skip
        return {
            "list": timed(lambda: director.page("/matters/")),
            "list, open ones": timed(lambda: director.page("/matters/?open=1")),
            "open ones and counts": timed(lambda: self._with_counts(director, "open=1")),
            "list of one unit": timed(lambda: desk.page("/matters/")),
            "one": timed(lambda: director.page(chance.choice(self.matters))),
            "create": timed(lambda: desk.send("/matters/new/difficulty/", form | {"entry_id": str(uuid4())})),
            "search": timed(
                lambda: director.page(f"{self.searches}?{urlencode({'q': chance.choice(WORDS)})}")
            ),
        }

    def _with_counts(self, director: Client, query: str) -> None:
        """The page and what it asks for when it stands: how many are in each queue, how much is new."""
        director.page(f"/matters/?{query}")
        director.page(f"/matters/queues/?{query}", part=True)
        director.page("/notices/count/", part=True)


class Helpdesk:
    """The other: an agent who sees every ticket."""

    name = "helpdesk 50k"

    def __init__(self, port: int) -> None:
        self.port = port

    def signed_in(self) -> Client:
        client = Client(self.port)
        client.page("/login/")
        client.send("/login/", {"username": "agent", "password": PASSWORDS["helpdesk"]})
        return client

    def tasks(self) -> dict[str, Callable[[], float]]:
        """What is measured, as for haicap."""
        agent, chance = self.signed_in(), random.Random(1)
        every = "/tickets/?" + urlencode([("status", n) for n in range(1, 6)])
        form = {"queue": "1", "title": "Trụ sở dột khi mưa", "body": "Mái dột ba phòng", "priority": "3"}
        agent.page("/tickets/submit/")
        return {
            "list": timed(lambda: self._list(agent, every)),
            "list, open ones": timed(lambda: self._list(agent, "/tickets/")),
            "open ones and counts": timed(lambda: self._list(agent, "/tickets/")),
            "one": timed(lambda: agent.page(f"/tickets/{chance.randrange(1, TICKETS)}/")),
            "create": timed(lambda: agent.send("/tickets/submit/", form)),
        }

    def _list(self, agent: Client, path: str) -> None:
        """The page and, as its script does at once, the first 25 rows."""
        data = re.search(r"/datatables_ticket_list/[^\"']+", agent.page(path))
        assert data is not None
        rows = json.loads(agent.page(f"{unescape(data[0])}?draw=1&start=0&length=25"))["data"]
        assert len(rows) == 25


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """The work, telling how long it took."""

    def once() -> float:
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun

    return once


def interleaved(
    sides: dict[str, dict[str, Callable[[], float]]], rounds: int
) -> dict[str, dict[str, list[float]]]:
    """Seconds by task and side: in each round every side once, in an order drawn anew, after three to warm up."""
    chance, found = random.Random(7), {}
    for task in dict.fromkeys(task for its in sides.values() for task in its):
        taking_part = [side for side, its in sides.items() if task in its]
        found[task] = {side: [] for side in taking_part}
        for number in range(rounds + 3):
            for side in chance.sample(taking_part, len(taking_part)):
                took = sides[side][task]()
                if number >= 3:
                    found[task][side].append(took)
    return found


def rate(clients: list[Callable[[], float]], seconds: float) -> float:
    """Requests a second of these clients, all at once."""
    end = time.perf_counter() + seconds

    def ask(work: Callable[[], float]) -> int:
        done = 0
        while time.perf_counter() < end:
            work()
            done += 1
        return done

    with ThreadPoolExecutor(len(clients)) as pool:
        return sum(pool.map(ask, clients)) / seconds


@contextmanager
def served(command: list[str], environment: dict[str, str], port: int) -> Iterator[None]:
    """A server for the time of the measurement; it is there when its port answers."""
    with subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL) as process:
        try:
            while not _answers(port):
                assert process.poll() is None, f"{command} ended"
                time.sleep(0.2)
            yield
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    try:
        http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()
    except OSError:
        return False
    return True


def made(folder: Path, sizes: dict[str, int]) -> Path:
    """Everything that is served, made where it is missing; returns helpdesk's own Python."""
    for size in sizes.values():
        home = folder / f"haicap-{size}"
        subprocess.run([sys.executable, HERE / "filling.py", home, str(size)], check=True, stdout=sys.stderr)
    python = folder / "helpdesk" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "helpdesk"], check=True)
        listed = ["-r", HERE / "helpdesk.txt"]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *listed], check=True, stdout=sys.stderr)
    site = [python, "-P", HERE / "helpdesk_site.py", folder / "site"]
    subprocess.run([*site, "fill", str(TICKETS), str(OPEN)], check=True, stdout=sys.stderr)
    return python


OPEN = 10_000  # tickets that are open: one of the five states evenly used; haicap's million has 24,700


def measured(folder: Path, sizes: dict[str, int], rounds: int) -> dict[str, Any]:
    """Serve all sides and measure; returns milliseconds and rates by task and side."""
    python = made(folder, sizes)
    with ExitStack() as stack:
        site = [python, "-P", HERE / "helpdesk_site.py", folder / "site", "serve", PORT, THREADS]
        stack.enter_context(served([str(it) for it in site], {}, PORT))
        sides: dict[str, Any] = {Helpdesk.name: Helpdesk(PORT)}
        haicap = [sys.executable, "-c", "from haicap.config.cli import main; main()", "serve"]
        for port, (name, size) in enumerate(sizes.items(), PORT + 1):
            home = {"HAICAP_HOME": str(folder / f"haicap-{size}"), "HAICAP_PORT": str(port)}
            stack.enter_context(served(haicap, home, port))
            sides[name] = Haicap(name, port)
        before = os.getloadavg()[0]
        times = interleaved({name: side.tasks() for name, side in sides.items()}, rounds)
        rates = {
            task: {side: [_rate(sides[side], task, 1), _rate(sides[side], task, 4)] for side in its}
            for task, its in times.items()
        }
        return {"load": [before, os.getloadavg()[0]], "figures": figures(times, rates)}


def _rate(side: Any, task: str, clients: int) -> float:
    return rate([side.tasks()[task] for _ in range(clients)], SECONDS)


def figures(
    times: dict[str, dict[str, list[float]]], rates: dict[str, dict[str, list[float]]]
) -> dict[str, dict[str, dict[str, float]]]:
    """Median and 95th percentile in milliseconds, requests a second, and how many times as fast as helpdesk."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for task, its in times.items():
        middle = {side: 1000 * statistics.median(all_of_it) for side, all_of_it in its.items()}
        for side, all_of_it in its.items():
            one, four = rates[task][side]
            found.setdefault(task, {})[side] = {
                "median": middle[side], "p95": 1000 * sorted(all_of_it)[int(len(all_of_it) * 0.95)],
                "per second, 1": one, "per second, 4": four,
                "times as fast": middle.get(Helpdesk.name, float("nan")) / middle[side],
            }  # fmt: skip
    return found


def show(found: dict[str, Any]) -> None:
    """The figures as a table; below what is wanted a ratio is marked."""
    from rich.console import Console
    from rich.table import Table

    heads = ("", "", "median ms", "p95 ms", "1 client /s", "4 clients /s", "times as fast")
    load = ", ".join(f"{it:.1f}" for it in found["load"])
    table = Table(*heads, title=f"waitress, {THREADS} threads; load before and after: {load}")
    for task, its in found["figures"].items():
        for place, (side, it) in enumerate(its.items()):
            fast, least = it["times as fast"], LEAST.get(task, 0)
            said = "" if side == Helpdesk.name or fast != fast else f"{fast:.1f}"
            told = f"{said} (wanted {least})" if said and fast < least else said
            numbers = (f"{it[name]:.1f}" for name in ("median", "p95", "per second, 1", "per second, 4"))
            table.add_row("" if place else task, side, *numbers, told)
    Console(width=None if sys.stdout.isatty() else 110).print(table)


def main() -> None:
    """Make, serve, measure, print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("folder", type=Path, help="where everything is made, and found again")
    options.add_argument("--rounds", type=int, default=60, help="measurements of each task and side")
    options.add_argument("--small", action="store_true", help="without the million")
    options.add_argument("--json", action="store_true", help="print the figures as JSON")
    given = options.parse_args()
    sizes = {name: size for name, size in SIZES.items() if size < 1_000_000 or not given.small}
    found = measured(given.folder.absolute(), sizes, given.rounds)
    print(json.dumps(found, indent=1)) if given.json else show(found)


if __name__ == "__main__":
    main()
