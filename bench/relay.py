"""A line between two programs on this machine that counts what it carries, and can be cut."""

import socket
from contextlib import suppress
from threading import Lock, Thread
from typing import Literal

Way = Literal["up", "down"]


class Relay:
    """Listens on a port of its own and carries every connection to `target`, a port of this machine.

    `carried` counts the bytes: up from whoever connects, down to them. Once `cut` bytes have gone down every
    connection is broken, and no other is let through until `cut` is None again.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.carried: dict[Way, int] = {"up": 0, "down": 0}
        self.cut: int | None = None
        self._open: set[socket.socket] = set()
        self._counting = Lock()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listening.getsockname()[1]
        Thread(target=self._accept, daemon=True).start()

    def clear(self) -> None:
        """Count from nothing."""
        self.carried = {"up": 0, "down": 0}

    @property
    def sum(self) -> int:
        """Bytes in both directions."""
        return self.carried["up"] + self.carried["down"]

    def _accept(self) -> None:
        while True:
            near, _address = self._listening.accept()
            Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        with near, suppress(OSError), socket.create_connection(("127.0.0.1", self.target)) as far:
            if self._is_cut():
                return
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open.add(one)
            back = Thread(target=self._carry, args=(far, near, "down"), daemon=True)
            back.start()
            self._carry(near, far, "up")
            back.join()
            self._open -= {near, far}

    def _carry(self, source: socket.socket, sink: socket.socket, way: Way) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                data = data[: self._room(way)]
                sink.sendall(data)
                with self._counting:
                    self.carried[way] += len(data)
                if self._is_cut():
                    self._break()
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def _room(self, way: Way) -> int | None:
        return None if self.cut is None or way == "up" else max(0, self.cut - self.carried["down"])

    def _is_cut(self) -> bool:
        return self.cut is not None and self.carried["down"] >= self.cut

    def _break(self) -> None:
        for one in tuple(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
