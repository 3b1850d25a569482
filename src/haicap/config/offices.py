"""Several installations on one machine, each a process with a database of its own, and lines between them to cut."""

import os
import re
import selectors
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from html.parser import HTMLParser
from pathlib import Path
from secrets import randbelow
from threading import Event, Thread
from urllib.parse import urlencode

import urllib3

from haicap.config import home
from haicap.config.home import Trouble

STARTING = 120.0  # seconds that a server has until it answers
ENDING = 30.0
PIECE = 64 * 1024
HAICAP = str(Path(sys.executable).with_name("haicap"))


def free_port() -> int:
    """A port that nothing listens on now, and that no connection is given meanwhile: below those."""
    while True:
        port = 20_000 + randbelow(12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Office:
    """One installation: a folder, a port, and while it is `open` a server process."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name, self.port = folder, name, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where its pages are."""
        return f"http://localhost:{self.port}"

    def run(self, *words: str, within: float = 600.0) -> str:
        """Run a `haicap` command in this installation; what it printed. Raises `Trouble` with what it said."""
        done = subprocess.run(
            [HAICAP, *words], env=self._environment(), capture_output=True, text=True,
            timeout=within, check=False,
        )  # fmt: skip
        if done.returncode:
            raise Trouble(f"haicap {' '.join(words)} failed at {self.name}: {done.stderr.strip()[-600:]}")
        return done.stdout

    def open(self) -> None:
        """Serve, and wait until pages are answered. Raises `Trouble`."""
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [HAICAP, "serve"], env=self._environment(), stdout=log, stderr=log
            )
        until = time.monotonic() + STARTING
        while not answers(self.port):
            if self.process.poll() is not None or time.monotonic() > until:
                raise Trouble(f"{self.name} does not serve: {self.folder / 'serve.log'} tells why.")
            time.sleep(0.1)

    def close(self) -> None:
        """End the server as an operator does."""
        if self.process is not None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(ENDING)
            self.kill()

    def kill(self) -> None:
        """End the server as a power cut does; its database goes on, as it is a process of its own."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ, "HAICAP_HOME": str(self.folder), "HAICAP_PORT": str(self.port), "HAICAP_DEMO": "1",
        }  # fmt: skip


def answers(port: int) -> bool:
    """Whether something on this port answers over HTTP."""
    try:
        return (
            urllib3.request("GET", f"http://localhost:{port}/account/login/", retries=False, timeout=5).status
            < 500
        )
    except urllib3.exceptions.HTTPError:
        return False


class Line:
    """A line to an office on this machine, which can be cut and mended."""

    def __init__(self, to: int) -> None:
        self.to, self.whole, self.ended = to, Event(), Event()
        self.whole.set()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listening.getsockname()[1])
        Thread(target=self._listen, daemon=True).start()

    @property
    def address(self) -> str:
        """Where its near end is."""
        return f"http://localhost:{self.port}"

    def cut(self) -> None:
        """Nothing goes through any more, what is on its way neither."""
        self.whole.clear()

    def mend(self) -> None:
        """It is as it was before."""
        self.whole.set()

    def end(self) -> None:
        """Take the line down for good."""
        self.cut()
        self.ended.set()
        with suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)  # wakes who waits there, unlike closing alone
        self.listening.close()

    def _listen(self) -> None:
        while not self.ended.is_set():
            try:
                near, _ = self.listening.accept()
            except OSError:
                return
            Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, suppress(OSError):
            if not self.whole.is_set():
                return
            with (
                socket.create_connection(("127.0.0.1", self.to)) as far,
                selectors.DefaultSelector() as ready,
            ):
                ready.register(near, selectors.EVENT_READ, far)
                ready.register(far, selectors.EVENT_READ, near)
                while self.whole.is_set():
                    for key, _ in ready.select(0.1):
                        data = key.fileobj.recv(PIECE)  # type: ignore[union-attr]
                        if not data:
                            return
                        key.data.sendall(data)


class _Forms(HTMLParser):
    """The forms of a page: where each goes, and what its controls hold."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        its = {name: value or "" for name, value in attrs}
        if tag == "form" and its.get("method", "").lower() == "post":
            self.forms.append((its.get("action", ""), {}))
        elif self.forms and tag == "input" and its.get("type") not in ("checkbox", "radio", "submit", "file"):
            self.forms[-1][1][its.get("name", "")] = its.get("value", "")


class Visitor:
    """Somebody of the service at an office, by the pages that anybody uses, in English."""

    def __init__(self, office: Office, account: str, password: str) -> None:
        self.office, self.account = office, account
        self.cookies = {"django_language": "en"}
        self.pool = urllib3.PoolManager(retries=False, timeout=60)
        self.read("/account/login/")
        self.fill("/account/login/", {"login": account, "password": password}, to="/account/login/")
        if "sessionid" not in self.cookies:
            raise Trouble(f"{account} cannot sign in at {office.name}.")

    def read(self, path: str) -> str:
        """A page, wherever it leads to. Raises `Trouble` where there is none."""
        return self._ask("GET", path)[1]

    def finds(self, path: str) -> bool:
        """Whether there is such a page for this person."""
        try:
            self.read(path)
        except Trouble:
            return False
        return True

    def fill(self, path: str, answers: Mapping[str, str], *, to: str | None = None) -> tuple[str, str]:
        """Fill in the last form of a page that goes to `to` (the page itself, if absent) and send it.

        Returns where that led to, and the page there. Raises `Trouble`.
        """
        parser = _Forms()
        parser.feed(self.read(path))
        forms = [
            (action, held) for action, held in parser.forms if to is None or action.endswith(to) or not action
        ]
        its = [
            (action, held) for action, held in forms if "language" not in action and "logout" not in action
        ]
        if not its:
            raise Trouble(f"{self.office.name} shows no form at {path}.")
        action, held = its[-1]
        return self._ask("POST", action or path, urlencode({**held, **answers}))

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[str, str]:
        for _ in range(6):
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            head = {"Cookie": cookies}
            if body is not None:
                head |= {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Referer": self.office.address + path,
                }
            answer = self.pool.request(
                method, self.office.address + path, body=body, headers=head, redirect=False
            )
            for cookie in answer.headers.getlist("set-cookie"):
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            if answer.status in (301, 302, 303):
                method, body = "GET", None
                path = answer.headers["location"].removeprefix(self.office.address)
                continue
            page = answer.data.decode()
            if answer.status == 409 and body and (day := found(r'name="day_is_right" value="([^"]+)"', page)):
                body += f"&day_is_right={day[0]}"  # the page asks whether the machine's date is right: it is
                continue
            if answer.status >= 400:
                raise Trouble(f"{self.office.name} answers {answer.status} to {path}.")
            return path, page
        raise Trouble(f"{self.office.name} leads round in a circle at {path}.")


def found(form: str, page: str) -> list[str]:
    """What the one group of a regular expression matches on a page, each once."""
    return list(dict.fromkeys(re.findall(form, page, re.DOTALL)))


@contextmanager
def offices(folder: Path) -> Iterator[list[Office]]:
    """A list to put offices into, in a folder made anew: each is closed at the end, its database stopped."""
    _clear(folder)
    home.make(folder)
    its: list[Office] = []
    try:
        yield its
    finally:
        for office in its:
            office.close()
        for office in its:
            _stop(office)


def _clear(folder: Path) -> None:
    """Remove the folder with the installations of an earlier time, whose databases may still run."""
    for place in folder.glob("*/secrets.json"):
        _stop(Office(place.parent, place.parent.name))
    for elsewhere in folder.glob("*/cluster"):
        shutil.rmtree(elsewhere.read_text().strip(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _stop(office: Office) -> None:
    with suppress(Trouble, subprocess.TimeoutExpired):
        office.run("stop", within=ENDING)
