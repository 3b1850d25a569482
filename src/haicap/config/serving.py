"""The web server: waitress, a few threads, on the loopback unless told otherwise."""

import errno
import gc
import os
import socket
import sys
from contextlib import suppress
from typing import Any

from haicap.config.home import Trouble
from haicap.config.postgres import Say

THREADS = 8
LOOPBACK = "127.0.0.1"
YOUNG = 50_000  # objects made between two looks for rings of garbage: a page about the whole country makes as many,
# and with Python's own 700 it spent four tenths of its time looking (`bench/means.py`)
TURN = 0.0005  # seconds that a thread may reckon on while another has its answer from the database: with Python's own
# 0.005 an exchange that asked ten times for each batch waited longer for its turn than for the answers
# (`bench/exchange.py`)


def port() -> int:
    """The port to serve on: `HAICAP_PORT`, else 8000."""
    given = os.environ.get("HAICAP_PORT") or "8000"
    if not (given.isdigit() and 0 < int(given) < 65536):
        raise Trouble(f"HAICAP_PORT must be a number from 1 to 65535, not {given}.")
    return int(given)


def address(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    name = "localhost" if host in (LOOPBACK, "0.0.0.0", "::", "::1") else host
    return f"http://{name}:{port}/"


def require_free(host: str, port: int) -> None:
    """Raise `Trouble` if the port is taken, before any long work; `serve` still may find it taken later."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _unbound(error, host, port) from error


def listening(host: str, port: int) -> Any:
    """Waitress with the application, listening but not serving yet. Raises `OSError`."""
    from waitress import create_server

    from haicap.config import bodies
    from haicap.config.wsgi import application

    behind_proxy = {"trusted_proxy": "*", "trusted_proxy_headers": "x-forwarded-proto x-forwarded-for"}
    proxy = behind_proxy if os.environ.get("HAICAP_HTTPS") == "1" else {}
    return create_server(
        application, host=host, port=port, threads=THREADS, ident=None,
        max_request_body_size=bodies.most(), **proxy,
    )  # fmt: skip


def tune() -> None:
    """Let Python's interpreter work as a server's: this whole process is set."""
    gc.set_threshold(YOUNG)
    sys.setswitchinterval(TURN)


def serve(host: str, port: int, say: Say) -> None:
    """Serve pages until SIGTERM or SIGINT, then answer what is being asked, and end. Raises `Trouble`."""
    from haicap.config.witnessing import witnessing
    from haicap.config.working import working
    from haicap.nodes.calling import calling, cap

    try:
        rate = cap()
    except ValueError as error:
        raise Trouble(str(error)) from error
    try:
        server = listening(host, port)
    except OSError as error:
        raise _unbound(error, host, port) from error
    tune()
    with witnessing(), working(), calling(rate), suppress(SystemExit):  # from here on SIGTERM is a good end
        say(f"haicap is ready at {address(host, port)} (Ctrl-C ends it)")
        server.run()
    server.close()


def _unbound(error: OSError, host: str, port: int) -> Trouble:
    if error.errno == errno.EADDRINUSE:
        return Trouble(
            f"Port {port} is taken by another program: choose one, for example HAICAP_PORT={port + 1}."
        )
    return Trouble(f"haicap cannot listen on {host}, port {port}: {error.strerror}.")
