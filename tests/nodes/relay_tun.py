"""A slow, long and lossy line between two networks of this machine, in user space: `slow_line`.

Where the machine lets us (root, /dev/net/tun), each end is a network namespace of its own with a TUN device, and the
packets between them pass through this process, which holds each for as long as the line's rate and delay say and
loses some: real TCP of the kernel, with its retransmissions. Elsewhere it is a relay of TCP connections on the
loopback with the same rate and delay; *no loss then*, as bytes that were accepted cannot be lost.
"""

import ctypes
import fcntl
import heapq
import os
import select
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from threading import Event, Lock, Thread
from typing import Protocol

NEWNET = 0x40000000  # CLONE_NEWNET
TUNSETIFF, TUN, BARE = 0x400454CA, 0x0001, 0x1000
SET_ADDRESS, SET_MASK, SET_FLAGS, UP = 0x8916, 0x891C, 0x8914, 0x1 | 0x40
NEAR, FAR, MASK = "10.87.0.2", "10.87.0.1", "255.255.255.0"
PACKET = 1500
QUEUE = 32_000  # bytes that wait at an end of the line; what comes then is lost, as at any modem


@dataclass(slots=True)
class Shape:
    """What the line does now: bytes a second (None: all that comes), seconds one way, share of packets lost."""

    rate: float | None = None
    delay: float = 0.0
    loss: float = 0.0


@dataclass(slots=True)
class Way:
    """One direction. `carried` counts bytes put on it, those lost on the way and sent again too."""

    shape: Shape
    chance: Random
    carried: int = 0
    free: float = 0.0  # when all that was put on it has left

    def waits(self, now: float) -> float:
        """Bytes that have not left yet."""
        return max(0.0, self.free - now) * (self.shape.rate or 0.0)

    def put(self, size: int, now: float) -> float:
        """When so many bytes come out at the other end."""
        self.carried += size
        self.free = max(now, self.free) + (size / self.shape.rate if self.shape.rate else 0.0)
        return self.free + self.shape.delay


class Slow(Protocol):
    """A line: `up` from the child to its parent. `near` and `far` stand before commands that run at those ends."""

    shape: Shape
    up: Way
    down: Way
    near: tuple[str, ...]
    far: tuple[str, ...]
    host: str  # on which the parent serves
    lossy: bool

    def url(self, port: int) -> str:
        """The parent's address as the child knows it; `port` is where the parent serves."""
        ...

    def end(self) -> None:
        """Take it down for good."""
        ...


@contextmanager
def slow_line(seed: str) -> Iterator[Slow]:
    """A line that carries everything at once until its `shape` is changed."""
    line: Slow
    try:
        line = Tun(seed)
    except OSError:
        line = Sockets(seed)
    try:
        yield line
    finally:
        line.end()


class Tun:
    """Two network namespaces, which live as long as this object (or its process), and the packets between them."""

    lossy = True

    def __init__(self, seed: str) -> None:
        """Raises `OSError` where this machine does not let us."""
        self.shape = Shape()
        self.up, self.down = (Way(self.shape, Random(f"{seed} {way}")) for way in ("up", "down"))
        self.ends = [_elsewhere(lambda at=at: _end(at)) for at in (NEAR, FAR)]
        self.near, self.far = (("nsenter", f"--net=/proc/{os.getpid()}/fd/{net}") for _, net in self.ends)
        self.host = FAR
        self.ended = Event()
        self.thread = Thread(target=self._carry, daemon=True)
        self.thread.start()

    def url(self, port: int) -> str:
        return f"http://{FAR}:{port}"

    def end(self) -> None:
        self.ended.set()
        self.thread.join()
        for ends in self.ends:
            for one in ends:
                os.close(one)

    def _carry(self) -> None:
        (near, _), (far, _) = self.ends
        ways = {near: (self.up, far), far: (self.down, near)}
        under_way: list[tuple[float, int, int, bytes]] = []
        count = 0
        while not self.ended.is_set():
            wait = max(0.0, under_way[0][0] - time.monotonic()) if under_way else 0.2
            for end in select.select([near, far], [], [], min(wait, 0.2))[0]:
                packet, (way, to) = os.read(end, PACKET + 100), ways[end]
                now = time.monotonic()
                if way.waits(now) > QUEUE:
                    continue
                due = way.put(len(packet), now)
                if way.chance.random() >= self.shape.loss:
                    heapq.heappush(under_way, (due, count := count + 1, to, packet))
            while under_way and under_way[0][0] <= time.monotonic():
                with suppress(OSError):  # that end is going down
                    os.write(under_way[0][2], under_way[0][3])
                heapq.heappop(under_way)


def _elsewhere(make: Callable[[], tuple[int, int]]) -> tuple[int, int]:
    """What is made in a thread of its own, whose network it leaves. Raises `OSError`."""
    made: list[tuple[int, int]] = []
    failed: list[OSError] = []

    def work() -> None:
        try:
            made.append(make())
        except OSError as error:
            failed.append(error)

    thread = Thread(target=work)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return made[0]


def _end(address: str) -> tuple[int, int]:
    """A new network for this thread with one device that has this address: the device, and the network."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(NEWNET):
        raise OSError(ctypes.get_errno(), "no network namespace")
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", b"line0", TUN | BARE))
    with socket.socket() as any_one:
        for name, its in ((b"line0", address), (b"lo", "127.0.0.1")):
            if name != b"lo":
                fcntl.ioctl(any_one, SET_ADDRESS, _address(name, its))
                fcntl.ioctl(any_one, SET_MASK, _address(name, MASK))
            fcntl.ioctl(any_one, SET_FLAGS, struct.pack("16sH22x", name, UP))
    return device, os.open("/proc/thread-self/ns/net", os.O_RDONLY)


def _address(name: bytes, address: str) -> bytes:
    return struct.pack("16sHH4s16x", name, socket.AF_INET, 0, socket.inet_aton(address))


@dataclass
class Sockets:
    """The same rate and delay for TCP connections on the loopback, without loss.

    Once `cut` bytes have gone up every connection breaks, and no other comes to be until it is None again.
    """

    seed: str
    cut: int | None = None
    lossy: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.shape = Shape()
        self.up, self.down = Way(self.shape, Random(self.seed)), Way(self.shape, Random(self.seed))
        self.near, self.far, self.host = (), (), "127.0.0.1"
        self.turn = Lock()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.to = 0

    def url(self, port: int) -> str:
        self.to = port
        Thread(target=self._listen, daemon=True).start()
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def end(self) -> None:
        with suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listening.accept()
                if self._is_cut():
                    near.close()
                    continue
                Thread(target=self._connect, args=[near], daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        with near, suppress(OSError), socket.create_connection(("127.0.0.1", self.to)) as far:
            back = Thread(target=self._carry, args=[far, near, self.down], daemon=True)
            back.start()
            self._carry(near, far, self.up)
            back.join()

    def _carry(self, source: socket.socket, sink: socket.socket, way: Way) -> None:
        """Read only what has room on the line; what is under way waits in the other thread."""
        under_way: list[tuple[float, bytes]] = []
        ended = Event()
        out = Thread(target=self._deliver, args=[under_way, sink, ended], daemon=True)
        out.start()
        with suppress(OSError):
            while (data := source.recv(PACKET)) and not self._is_cut():
                with self.turn:
                    under_way.append((way.put(len(data), time.monotonic()), data))
                while way.waits(time.monotonic()) > QUEUE:
                    time.sleep(0.02)
        ended.set()
        out.join()
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR if self._is_cut() else socket.SHUT_WR)
            if self._is_cut():
                source.shutdown(socket.SHUT_RDWR)

    def _is_cut(self) -> bool:
        return self.cut is not None and self.up.carried >= self.cut

    def _deliver(self, under_way: list[tuple[float, bytes]], sink: socket.socket, ended: Event) -> None:
        with suppress(OSError):
            while under_way or not ended.is_set():
                if not under_way or under_way[0][0] > time.monotonic():
                    time.sleep(0.005)
                    continue
                sink.sendall(under_way.pop(0)[1])
