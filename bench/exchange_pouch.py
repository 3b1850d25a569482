"""PouchDB Server pulling from PouchDB Server: two processes as installed by `bench/pouch`, LevelDB below them."""

import http.client
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from exchange_records import Record
from relay import Relay

HERE = Path(__file__).parent
AT_ONCE = 1000  # documents in one request, when the source is filled


def installed(folder: Path) -> Path:
    """The server's script below `folder`, installed by `npm ci` as `bench/pouch/package-lock.json` has it.

    Needs Node 14 or newer with npm. No install script is run: LevelDB's binding comes ready in its package.
    """
    script = folder / "node_modules" / "pouchdb-server" / "lib" / "index.js"
    if not script.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / "pouch" / name, folder)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(["npm", "ci", *quiet], cwd=folder, check=True)
    return script


class Server:
    """A PouchDB Server that answers."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One request and what it answers, which must be good."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        sent = None if body is None else json.dumps(body)
        line.request(method, path, sent, {"Content-Type": "application/json"})
        answer = line.getresponse()
        said = json.loads(answer.read())
        line.close()
        assert answer.status < 300, (path, answer.status, said)
        return said


@contextmanager
def served(script: Path, folder: Path, port: int) -> Iterator[Server]:
    """A server with a folder of its own, that writes only errors into its log."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"log": {"level": "error"}}))
    listen = ["--host", "127.0.0.1", "--port", str(port), "--dir", "data", "--no-stdout-logs"]
    command = ["node", str(script), *listen, "--config", "config.json"]
    with subprocess.Popen(
        command, cwd=folder, env=os.environ | {"NODE_ENV": "production"}, stdout=subprocess.DEVNULL
    ) as process:
        try:
            _await(process, Server(port))
            yield Server(port)
        finally:
            process.terminate()


def _await(process: subprocess.Popen[bytes], server: Server) -> None:
    for _ in range(300):
        assert process.poll() is None, "PouchDB Server ended"
        try:
            server.ask("GET", "/")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("PouchDB Server does not answer")


def pulled(folder: Path, its: Sequence[Record], ports: tuple[int, int]) -> dict[str, float]:
    """Fill one server, let the other pull it; returns seconds, bytes both ways, and bytes of a pull of nothing new."""
    script = installed(folder / "pouch")
    with ExitStack() as stack:
        source = stack.enter_context(served(script, folder / "pouch-source", ports[0]))
        target = stack.enter_context(served(script, folder / "pouch-target", ports[1]))
        source.ask("PUT", "/lines")
        target.ask("PUT", "/lines")
        for first in range(0, len(its), AT_ONCE):
            documents = [it.document() for it in its[first : first + AT_ONCE]]
            source.ask("POST", "/lines/_bulk_docs", {"docs": documents})
        relay = Relay(ports[0])
        seconds, up, down = _replicate(target, relay)
        _same(target, its)
        idle, idle_up, idle_down = _replicate(target, relay)
    return {
        "seconds": seconds, "up": up, "down": down, "idle": idle, "idle bytes": idle_up + idle_down,
    }  # fmt: skip


def _replicate(target: Server, relay: Relay) -> tuple[float, int, int]:
    relay.clear()
    begun = time.perf_counter()
    job = {"source": f"http://127.0.0.1:{relay.port}/lines", "target": "lines"}
    said = target.ask("POST", "/_replicate", job)
    seconds = time.perf_counter() - begun
    assert said["ok"], said
    return seconds, relay.carried["up"], relay.carried["down"]


def _same(target: Server, its: Sequence[Record]) -> None:
    """Every record is at the target, and one in a thousand is looked at."""
    assert target.ask("GET", "/lines")["doc_count"] == len(its)
    for it in its[::1000]:
        assert it.document().items() <= target.ask("GET", f"/lines/{it.id}").items()
