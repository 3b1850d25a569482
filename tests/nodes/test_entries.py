"""Which batches are stored together."""

from uuid import UUID

from haicap.journal.batch import MOST_BYTES, Batch, Item
from haicap.journal.chain import Channel
from haicap.journal.node import Own
from haicap.nodes.courier.entries import Gathering
from haicap.nodes.exchange.stretches import SEVERAL

US, THEM = Own(UUID(int=1), UUID(int=2)), Own(UUID(int=3), UUID(int=4))


def batch(
    unit: str, channel: Channel = "reference", *, of: Own = THEM, size: int = 2, after: int = 0
) -> Batch:
    return Batch(of.stream(unit, channel), after, (Item(b"x" * size, None),), bytes(32))


def gathered(*batches: Batch) -> list[list[str]]:
    """The units of what is stored together."""
    stored: list[list[str]] = []
    gathering = Gathering(lambda some: stored.append([it.description.unit for it in some]), own=US.id)
    for it in batches:
        gathering.add(it)
    gathering.flush()
    gathering.flush()
    return stored


def test_streams_that_govern_go_together_and_all_others_alone() -> None:
    its = batch("a"), batch("b"), batch("c", "work"), batch("d"), batch("e", "returns"), batch("f", of=US)
    assert gathered(*its) == [["a", "b"], ["c"], ["d"], ["e"], ["f"]]


def test_a_stream_that_goes_on_comes_after_what_it_goes_on_from() -> None:
    assert gathered(batch("a"), batch("b"), batch("b", after=1), batch("c")) == [["a", "b"], ["b", "c"]]


def test_no_more_are_gathered_than_have_room_in_memory() -> None:
    half = MOST_BYTES // 2
    assert gathered(batch("a", size=half), batch("b", size=half), batch("c")) == [["a", "b"], ["c"]]
    assert gathered(batch("a", size=MOST_BYTES + 1), batch("b")) == [["a"], ["b"]]
    assert [len(some) for some in gathered(*(batch(str(it)) for it in range(SEVERAL + 1)))] == [SEVERAL, 1]
