"""A province and a commune as real installations, each a process with a database of its own, for the slow tests."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from threading import Thread

from haicap.config import home
from haicap.config.offices import HAICAP, free_port

DESK = [sys.executable, str(Path(__file__).with_name("desk.py"))]
WARD = "11311"
PATIENCE = 600.0  # seconds after which a test gives up; nothing is said by how much less it takes


def until(so: Callable[[], bool], what: str, at: "Place | None" = None, within: float = PATIENCE) -> None:
    """Wait until it is so. Fails where it never is, with what the place says of itself."""
    end = time.monotonic() + within
    while not so():
        assert time.monotonic() < end, f"{what}: not within {within:.0f} s\n{at.log() if at else ''}"
        time.sleep(0.02)


class Place:
    """One installation, and while it serves its process. `through` stands before each command (another network)."""

    def __init__(self, folder: Path, *, host: str = "127.0.0.1", through: tuple[str, ...] = ()) -> None:
        self.folder, self.host, self.through, self.port = folder, host, through, free_port()
        self.process: subprocess.Popen[str] | None = None
        self.said: list[str] = []  # by the processes of `serve`, in their order

    def run(self, *command: str) -> str:
        """What a command within this installation prints. Fails where the command does."""
        done = subprocess.run(
            [*self.through, *command], env=self._environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command} at {self.folder.name}:\n{done.stdout}\n{done.stderr[-3000:]}"
        return done.stdout

    def serve(self, *hasty: str) -> None:
        """Begin to serve, and wait until pages are answered."""
        before = len(self.said)
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.through, *DESK, "serve", self.host, *hasty], env=self._environment(), text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip
        Thread(target=self._hear, args=[self.process], daemon=True).start()
        until(
            lambda: any("haicap is ready" in it for it in self.said[before:]) or self._died(),
            f"{self.folder.name} serves",
            self,
        )
        assert not self._died(), self.log()

    def ask(self, *words: object) -> None:
        """Let the people there do something."""
        assert self.process is not None
        assert self.process.stdin is not None
        print(*words, file=self.process.stdin, flush=True)

    def kill(self) -> None:
        """End the server as a power cut does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            assert self.process.stdin is not None
            with suppress(BrokenPipeError):
                self.process.stdin.close()
            self.process = None

    def close(self) -> None:
        """End the server as an operator does."""
        if self.process is not None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
            self.kill()

    def stop(self) -> None:
        """End all that runs here, the database too."""
        self.kill()
        with suppress(AssertionError):
            self.run(HAICAP, "stop")

    def heads(self) -> dict[str, list[object]]:
        """Every stream that lies here: how many entries, and the hash of the last."""
        its: dict[str, list[object]] = json.loads(self.run(HAICAP, "demo-nodes", "--within", "heads"))
        return its

    def log(self) -> str:
        """The end of what the server has written about itself."""
        return (self.folder / "serve.log").read_text(errors="replace")[-3000:]

    def postmaster(self) -> int:
        """The process id of this installation's PostgreSQL."""
        return int((self._cluster() / "data" / "postmaster.pid").read_text().split()[0])

    def backends(self) -> list[int]:
        """The processes of PostgreSQL that work for somebody."""
        return [pid for pid in _children(self.postmaster()) if b"haicap_w" in _words(pid)]

    def _cluster(self) -> Path:
        pointer = self.folder / "cluster"
        return Path(pointer.read_text().strip()) if pointer.exists() else self.folder / "postgres"

    def _died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def _hear(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as out:
            for line in out:
                self.said.append(line.rstrip("\n"))

    def _environment(self) -> dict[str, str]:
        here = {"HAICAP_HOME": str(self.folder), "HAICAP_PORT": str(self.port), "DATABASE_URL": ""}
        return {**os.environ, **here, "HAICAP_HOSTS": f"localhost,127.0.0.1,{self.host}"}


def power_cut(place: Place) -> None:
    """The server and every process of its PostgreSQL end at once, in the middle of whatever they do."""
    master = place.postmaster()
    os.kill(master, signal.SIGSTOP)  # so that it does not see its children go
    for pid in [*_children(master), master]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    place.kill()


def _children(of: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == of:
                found.append(int(stat.parent.name))
    return found


def _words(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


@contextmanager
def two(folder: Path | None = None) -> Iterator[tuple[Place, Place]]:
    """A province with one ward and that ward's machine, made at the same time; neither serves yet."""
    folder = folder or Path(tempfile.gettempdir()) / f"haicap-two-{token_hex(4)}"
    province, commune = Place(folder / "province"), Place(folder / "commune")
    home.make(folder)  # so that the user whom PostgreSQL runs as can get in, also where the tests run as root
    for place in (province, commune):
        home.make(place.folder)
    try:
        with ThreadPoolExecutor(2) as pool:
            made = [
                pool.submit(province.run, *DESK, "found"),
                pool.submit(commune.run, HAICAP, "node", "init", "Ward"),
            ]
            for one in made:
                one.result()
        yield province, commune
    finally:
        for place in (province, commune):
            place.stop()
            if (place.folder / "cluster").exists():
                shutil.rmtree((place.folder / "cluster").read_text().strip(), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def join(province: Place, commune: Place, url: str) -> None:
    """The ward joins the province, which serves, at `url`, with all that is there."""
    code = province.run(HAICAP, "node", "invite", WARD).strip()
    commune.run(HAICAP, "node", "join", url, code)
