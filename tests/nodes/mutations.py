"""Faults put into the exchange, one at a time: each must break a promise in some simulated history.

A promise that no fault breaks is none. The seed beside each fault is one whose history finds it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import product
from typing import Any
from unittest.mock import patch
from uuid import UUID

from msgspec import structs

from haicap.journal import carrying, fold, order
from haicap.journal.entry import Entry
from haicap.journal.intake import Batch
from haicap.journal.order import Taken
from haicap.nodes.exchange import handing, heads, judging, speaking, streams, taking
from haicap.nodes.exchange.records import Given
from nodes import memory, people
from nodes.memory import Disk, MemoryShelf
from nodes.network import founded
from nodes.quick import quick

Change = tuple[Any, str, Any]  # where, the name, what stands there instead


def _always(*_given: object, **_named: object) -> bool:
    return True


def _never(*_given: object, **_named: object) -> bool:
    return False


def _forgets_commits() -> Iterator[Change]:
    real, count = Disk._commit, iter(range(1 << 30))

    def commit(disk: Disk, changes: Any) -> None:
        if next(count) % 12 or disk.kill:
            real(disk, changes)

    yield Disk, "_commit", commit


def _holds_nothing() -> Iterator[Change]:
    yield memory, "judge", lambda *given, **named: replace(judging.judge(*given, **named), held={})


def _marks_nothing() -> Iterator[Change]:
    yield memory, "judge", lambda *given, **named: replace(judging.judge(*given, **named), withdrawn=())


def _takes_in_later() -> Iterator[Change]:
    """What is taken in is written down in a transaction of its own, after the entries."""
    real, beside = MemoryShelf.receive, MemoryShelf.beside

    def receive(shelf: MemoryShelf, batch: Batch, *more: Any) -> Mapping[UUID, str]:
        after: list[Any] = []

        def later(self: MemoryShelf, subject: UUID, body: Any, *rest: Any) -> None:
            if isinstance(body, Taken):
                after.append((subject, body, *rest))
            else:
                beside(self, subject, body, *rest)

        with patch.object(MemoryShelf, "beside", later):
            held = real(shelf, batch, *more)
        for it in after:
            shelf.beside(*it)
        return held

    yield MemoryShelf, "receive", receive


def _ignores_taking() -> Iterator[Change]:
    def in_order(entries: Any, _taking: Any, authority: Any, others: Any = ()) -> list[Entry[Any]]:
        return order.in_order(entries, (), authority, others)

    yield memory, "in_order", in_order


def _orders_by_clocks() -> Iterator[Change]:
    def in_order(*given: Any) -> list[Entry[Any]]:
        return sorted(order.in_order(*given), key=lambda entry: entry.at)

    yield memory, "in_order", in_order


def _counts_twice() -> Iterator[Change]:
    def call(it: Any, entries: Iterable[Entry[Any]]) -> Any:
        course = fold._Course(it)
        for entry in carrying.spread(list(entries)):
            course.reach(entry)
        return course.folded()

    yield fold.Fold, "__call__", call


def _drops_conflicts() -> Iterator[Change]:
    def decide(course: Any, entry: Entry[Any]) -> None:
        if entry.after == course.last:
            real(course, entry)

    real = fold._Course.decide
    yield fold._Course, "decide", decide


def _sees_no_conflict() -> Iterator[Change]:
    real = fold._Course.decide

    def decide(course: Any, entry: Entry[Any]) -> None:
        real(course, structs.replace(entry, after=course.last))

    yield fold._Course, "decide", decide


def _goes_on_behind_the_unknown() -> Iterator[Change]:
    real = fold._Course.reach

    def reach(course: Any, entry: Entry[Any]) -> None:
        if entry.body is not None:
            real(course, entry)

    yield fold._Course, "reach", reach


def _gives_way_too_easily() -> Iterator[Change]:
    yield MemoryShelf, "_elsewhere", _always


def _loses_the_tail() -> Iterator[Change]:
    real = MemoryShelf.begin

    def begin(shelf: MemoryShelf, reason: Any, tails: Mapping[UUID, int], *more: Any) -> Any:
        for stream, seq in tails.items():
            with shelf.disk.change():
                shelf._cut(shelf.heads()[stream], seq)
        return real(shelf, reason, {}, *more)

    yield MemoryShelf, "begin", begin


def _reads_a_word_of_any_line() -> Iterator[Change]:
    yield MemoryShelf, "speaks_here", _always


def _knows_entries_by_their_ids() -> Iterator[Change]:
    def lie_here(shelf: MemoryShelf, payloads: Iterable[bytes]) -> bool:
        return all(UUID(json.loads(payload)["id"]) in shelf.table("id") for payload in payloads)

    yield MemoryShelf, "lie_here", lie_here


def _never_compares() -> Iterator[Change]:
    yield streams.Streams, "own_lines", _never


def _brings_nothing_back() -> Iterator[Change]:
    yield streams.Streams, "_lost", _never


def _takes_from_the_revoked() -> Iterator[Change]:
    real = taking._may_add

    def may_add(call: Any, *rest: Any) -> None:
        real(replace(call, member=replace(call.member, state="joined")), *rest)

    yield taking, "_may_add", may_add


def _lets_all_write() -> Iterator[Change]:
    yield taking, "may_write", _always


def _gives_all_to_all() -> Iterator[Change]:
    for place in (heads, taking, handing):
        yield place, "may_read", _always
    yield streams, "may_hold", _always
    yield MemoryShelf, "heads", lambda shelf, *_units, **_named: shelf.table("head")


def _gives_no_keys() -> Iterator[Change]:
    yield MemoryShelf, "give_keys", lambda *given: Given(b"")


def _forgets_a_holder() -> Iterator[Change]:
    real = MemoryShelf.erase
    yield MemoryShelf, "erase", lambda shelf, subject, *units: real(shelf, subject, units[0])


def _hands_over_without_the_order() -> Iterator[Change]:
    yield MemoryShelf, "erase_also", lambda shelf, subject, unit: None


def _erases_once() -> Iterator[Change]:
    """What comes late of an erased subject stays."""
    real = MemoryShelf._erase

    def erase(shelf: MemoryShelf, subjects: Sequence[UUID]) -> None:
        done = {
            entry.subject for entry in shelf.of_kind(memory.KeyDestroyed) if entry.body.node == shelf.own.id
        }
        real(shelf, set(subjects) - done)

    yield MemoryShelf, "_erase", erase


def _believes_any_file() -> Iterator[Change]:
    def finish(shelf: MemoryShelf, sha256: str) -> bool:
        with shelf.disk.change():
            shelf.disk.put("blob", sha256, shelf.table("part").get(sha256, b""))
            shelf.disk.put("part", sha256, None)
        return True

    yield MemoryShelf, "finish_blob", finish


def _trusts_its_clock() -> Iterator[Change]:
    yield speaking.Talk, "_now", lambda talk: talk.shelf.now()


def _carries_nothing() -> Iterator[Change]:
    yield fold, "spread", list
    yield memory, "spread", list


def _leaves_without_a_word() -> Iterator[Change]:
    """The giver's file does not say that its subject goes on elsewhere."""
    yield people, "leaving", lambda entries, last: last


def _carries_without_proof() -> Iterator[Change]:
    real = MemoryShelf.carry
    yield MemoryShelf, "carry", lambda shelf, subject: real(shelf, subject) | {"signature": "00" * 64}


FAULTS: Mapping[str, tuple[Callable[[], Iterator[Change]], int]] = {
    "a commit that is not kept": (_forgets_commits, 2),
    "nothing is held": (_holds_nothing, 1),
    "nothing is marked as done after a right was withdrawn": (_marks_nothing, 3),
    "taking-in is written in a transaction of its own": (_takes_in_later, 32),
    "the order does not ask what was taken in": (_ignores_taking, 0),
    "the order is that of clocks": (_orders_by_clocks, 1),
    "what comes again counts again": (_counts_twice, 650),
    "a conflict is dropped": (_drops_conflicts, 5),
    "the last to decide wins": (_sees_no_conflict, 5),
    "a version folds on behind what it does not know": (_goes_on_behind_the_unknown, 0),
    "a copy gives way though its end lies nowhere else": (_gives_way_too_easily, 202),
    "what was said of a line is read of any": (_reads_a_word_of_any_line, 4511),
    "an automatic act is thought to lie here though it was done twice": (_knows_entries_by_their_ids, 6955),
    "a new life loses the tail of the old": (_loses_the_tail, 24),
    "nobody compares lines before writing": (_never_compares, 27),
    "what a parent has lost is not brought back": (_brings_nothing_back, 36),
    "a revoked node is taken from": (_takes_from_the_revoked, 225),
    "anybody writes into any file": (_lets_all_write, 17),
    "anybody reads and keeps any file": (_gives_all_to_all, 0),
    "no keys are given": (_gives_no_keys, 0),
    "the order to erase forgets who gave it over": (_forgets_a_holder, 420),
    "the order to erase stays behind when its subject goes on elsewhere": (_hands_over_without_the_order, 1),
    "what comes late of what is erased stays": (_erases_once, 78),
    "a file is believed to be what its name says": (_believes_any_file, 505),
    "a node trusts its own clock": (_trusts_its_clock, 11),
    "what is carried is passed over": (_carries_nothing, 0),
    "a file does not say that its subject has left": (_leaves_without_a_word, 1840),
    "what is carried has no proof": (_carries_without_proof, 0),
}
"""What can be wrong, in words; how it is made wrong, and a seed that finds it."""


@contextmanager
def faulty(fault: Callable[[], Iterator[Change]]) -> Iterator[None]:
    """While it lasts, the exchange has this fault. The world was founded without it."""
    with quick():
        for ministry, communes, met in product((False, True), (2, 3), (False, True)):
            founded(ministry, communes, met=met)
    with ExitStack() as stack:
        for place, name, what in fault():
            stack.enter_context(patch.object(place, name, what))
        yield
