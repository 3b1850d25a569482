"""Files on a line that is slow: slices that suit it."""

from collections.abc import Callable
from datetime import timedelta

from haicap.nodes.exchange.files import LEAST, LONG
from haicap.nodes.exchange.handing import SLICE
from haicap.nodes.exchange.wire import Request, Response
from nodes.pair import Pair, Wire, call
from nodes.test_asking import NAME, PHOTO, photographed

SLOW = 8000.0  # bytes a second


def sizes(pair: Pair, rate: Callable[[int], float]) -> list[int]:
    """How large the slices of a photo are on a line of so many bytes a second, by how many have gone."""
    gone: list[int] = []

    def takes(_count: int, request: Request) -> Response | None:
        if request.method == "PUT":
            pair.world.now += timedelta(seconds=len(request.body) / rate(len(gone)))
            gone.append(len(request.body))
        return None

    assert call(pair, wire=Wire(pair.province, takes)).good
    assert pair.province.shelf.blob_size(NAME) == len(PHOTO)
    return gone


def test_what_is_written_meanwhile_waits_for_no_more_than_a_slice_that_suits_the_line() -> None:
    pair = Pair()
    call(pair)
    photographed(pair)
    first, *further, _rest = sizes(pair, lambda count: SLOW)
    assert first == SLICE
    assert all(LEAST <= size <= LONG * SLOW for size in further)


def test_slices_grow_again_where_the_line_is_quick() -> None:
    pair = Pair()
    call(pair)
    photographed(pair)
    its = sizes(pair, lambda count: SLOW if count < 1 else SLOW * 1000)
    assert its[:3] == [SLICE, SLICE // 2, SLICE]
    assert sum(its) == len(PHOTO)
