"""Files between a child and its parent: last of all, in slices, and never in the way of entries."""

from collections.abc import Callable, Mapping

from haicap.nodes.exchange.handing import SLICE
from haicap.nodes.exchange.scopes import may_share
from haicap.nodes.exchange.speaking import FINAL, Refusal, Talk

SLICES = 4  # in a row; then the parent is asked whether it has new entries
LEAST = 32 << 10  # with a round trip for each, smaller ones would leave a slow line idle half of the time
LONG = 8.0  # seconds: a slice that takes longer is followed by smaller ones, as what is written meanwhile waits for it


class Files:
    """The files of one contact. `up` and `down` count bytes; what failed once is left alone until the next contact."""

    def __init__(self, talk: Talk, stop: Callable[[], bool]) -> None:
        self.talk, self.stop = talk, stop
        self.failed: set[str] = set()
        self.size = SLICE
        self.up = self.down = 0

    def bring(self, wanted_there: Mapping[str, int]) -> bool:
        """Bring slices up and down until there are none, or entries come first; whether any came over."""
        left, moved = SLICES, self.up + self.down
        written = self.talk.shelf.written()
        for name, begun in [*self._to_give(wanted_there), *self._to_take()]:
            whole = name in self.failed
            while left and not whole and not self.stop() and self.talk.shelf.written() == written:
                left -= 1
                begun, whole = self._timed(name, begun, upward=name in wanted_there)
        return self.up + self.down > moved or self.talk.shelf.written() != written

    def _to_give(self, wanted_there: Mapping[str, int]) -> list[tuple[str, int]]:
        shelf = self.talk.shelf
        units = shelf.units
        return [
            (name, begun)
            for name, begun in sorted(wanted_there.items())
            if shelf.blob_size(name)
            and any(may_share(units, self.talk.parent, place) for place in shelf.blob_places(name))
        ]

    def _to_take(self) -> list[tuple[str, int]]:
        """Those asked for least come first, so that a file that nobody has stands in no other's way."""
        shelf = self.talk.shelf
        tried = {it.what: it.attempts for it in shelf.waiting() if it.sort == "blob"}
        return sorted(shelf.wants(None).blobs.items(), key=lambda it: (tried.get(it[0], 0), it[0]))

    def _timed(self, name: str, begun: int, *, upward: bool) -> tuple[int, bool]:
        """As `_slice`; the next one is as large as the line is quick."""
        before = self.talk.shelf.now()
        done = self._slice(name, begun, upward=upward)
        took = (self.talk.shelf.now() - before).total_seconds()
        if took > LONG:
            self.size = max(LEAST, self.size // 2)
        elif took < LONG / 4:
            self.size = min(SLICE, self.size * 2)
        return done

    def _slice(self, name: str, begun: int, *, upward: bool) -> tuple[int, bool]:
        """Bring one slice over; how much has come now, and whether that is all."""
        try:
            done = self._give(name, begun) if upward else self._take(name, begun)
        except Refusal as refusal:
            if refusal.code == "gap" and isinstance(size := refusal.more.get("size"), int) and size != begun:
                return size, False
            self.failed.add(name)
            self.talk.shelf.tried("blob", name, refusal.code)
            if refusal.code in FINAL:
                raise
            return begun, True
        if done[1]:
            self.talk.shelf.tried("blob", name, None)
        return done

    def _give(self, name: str, begun: int) -> tuple[int, bool]:
        shelf = self.talk.shelf
        total = shelf.blob_size(name) or 0
        begun = min(
            begun, total - 1
        )  # it has come whole and is not in its place yet: the last byte brings it there
        part = shelf.read_blob(name, begun, self.size)
        if not part:
            raise Refusal("unknown", {})
        headers = {"content-range": f"bytes {begun}-{begun + len(part) - 1}/{total}"}
        answer = self.talk.ask("PUT", f"/sync/blobs/{name}", body=part, headers=headers)
        self.up += len(part)
        size = answer.json().get("size")
        if not isinstance(size, int):
            raise Refusal("format", {})
        return size, answer.status == 201

    def _take(self, name: str, begun: int) -> tuple[int, bool]:
        try:
            total, part = self.talk.fetch(f"/sync/blobs/{name}", begun, begun + self.size - 1)
            come = self.talk.shelf.write_blob(name, begun, part)
            self.down += len(part)
        except Refusal as refusal:  # it had come whole, and was cut off before it was put in its place
            if not begun or refusal.code != "size":
                raise
            total = come = begun
        if come < total:
            return come, False
        if not self.talk.shelf.finish_blob(name):
            raise Refusal("format", {})
        return come, True
