"""The loop of a child: how long it waits, what wakes it, what it keeps, and that nothing stops it but its end."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.journal.chain import Description
from haicap.journal.intake import Head
from haicap.nodes import accounts, calling, header, noting
from haicap.nodes.calling import EVERY, FIRST, LEAST, MOST, Loop, Pace, cap
from haicap.nodes.exchange.records import Contact, Fault
from haicap.nodes.exchange.wire import Down, Traffic
from haicap.nodes.line import measuring, reporting
from nodes.lines_at_hand import parent

NODE, PARENT = UUID(int=7), SimpleNamespace(url="https://tinh.example", channels={"work", "returns"})
START = datetime(2026, 7, 14, 1, 15, tzinfo=UTC)
SHELF: Any = SimpleNamespace(
    parent=PARENT, own=SimpleNamespace(id=NODE), unit="11311",
    now=lambda: START, heads=lambda reference: {},
)  # fmt: skip


@pytest.fixture(autouse=True)
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The talks in which sign-ins were asked for."""
    asked: list[Any] = []
    monkeypatch.setattr(accounts, "fetch", lambda talk: asked.append(talk) or 0)
    return asked


def test_sign_ins_come_at_first_and_then_once_an_hour(
    fetched: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, clock = Loop(Event(), None, Random(1)), [START]
    talk: Any = SimpleNamespace(shelf=SimpleNamespace(now=lambda: clock[0]))
    for minutes in (0, 1, 59, 61):
        clock[0] = START + timedelta(minutes=minutes)
        loop.sign_ins(talk)
    assert len(fetched) == 2

    def fails(_: Any) -> int:
        fetched.append(None)
        raise Down("cut")

    monkeypatch.setattr(accounts, "fetch", fails)
    for minutes in (200, 201):
        clock[0] = START + timedelta(minutes=minutes)
        loop.sign_ins(talk)
    assert len(fetched) == 4  # what failed is tried at the next contact


@given(st.integers(0, 1 << 30), st.lists(st.booleans(), min_size=1, max_size=40))
def test_it_waits_a_minute_while_all_is_well_and_a_random_part_of_ever_more_while_not(
    seed: int, course: list[bool]
) -> None:
    pace, failures = Pace(Random(seed)), 0
    for good in course:
        failures = 0 if good else failures + 1
        wait = pace.after(good=good)
        if good:
            assert 0.9 * EVERY <= wait <= 1.1 * EVERY
        else:
            assert LEAST <= wait <= min(MOST, FIRST * 2**failures)


def test_waits_of_many_children_are_spread_over_the_whole_time() -> None:
    waits = []
    for seed in range(200):
        pace = Pace(Random(seed))
        for _failure in range(12):
            wait = pace.after(good=False)
        waits.append(wait)
    assert min(waits) < MOST / 20
    assert max(waits) > MOST * 0.95
    assert abs(sum(waits) / len(waits) - MOST / 2) < MOST / 10


@pytest.mark.parametrize(("given", "rate"), [("", None), ("8000", 8000.0), (" 64000 ", 64_000.0)])
def test_the_cap_is_a_number_of_bytes_a_second(
    given: str, rate: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAICAP_LINE_CAP", given)
    assert cap() == rate


@pytest.mark.parametrize("given", ["0", "-5", "64k", "1.5"])
def test_any_other_cap_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAICAP_LINE_CAP", given)
    with pytest.raises(ValueError, match="HAICAP_LINE_CAP"):
        cap()


class Noted:
    """What a loop keeps, in place of the tables."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.notes: list[tuple[int, str | None]] = []
        self.tidied = self.delivered = 0
        self.gone: list[int] = []
        monkeypatch.setattr(measuring, "note", self.note)
        monkeypatch.setattr(measuring, "tidy", self.tidy)
        monkeypatch.setattr(reporting, "deliver", self.deliver)
        monkeypatch.setattr(noting, "far_heads", self.far_heads)

    def note(self, tally: measuring.Tally, at: datetime, *, seen: str | None) -> None:
        self.notes.append((tally.asks, seen))

    def far_heads(self, heads: Iterable[tuple[UUID, int]], *, at: datetime) -> None:
        self.gone += [seq for _stream, seq in heads]

    def tidy(self, at: datetime, node: UUID) -> None:
        self.tidied += 1

    def deliver(self, node: UUID, unit: str, at: datetime) -> None:
        self.delivered += 1


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> Noted:
    return Noted(monkeypatch)


def came_to(monkeypatch: pytest.MonkeyPatch, *faults: str, reached: bool, asks: int = 1) -> None:
    """Every contact comes to this."""

    def contact(shelf: Any, wire: Any, up: Any, *, until: Any, pause: Any) -> Contact:
        for _ask in range(asks):
            wire.watch(Traffic("GET", "/sync/heads", 300, 900, 0.05, 0.06))
        its = tuple(Fault(code) for code in faults)
        return Contact(UUID(int=31), START, START, 0.0, faults=its, reached=reached)

    monkeypatch.setattr(calling, "contact", contact)


@pytest.mark.parametrize(
    ("faults", "reached", "seen"),
    [((), True, None), (("busy",), True, None), (("timeout",), False, "timeout"), ((), False, "cut")],
)
def test_a_contact_is_measured_by_whether_the_parent_was_reached(
    faults: tuple[str, ...], reached: bool, seen: str | None, noted: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_to(monkeypatch, *faults, reached=reached)
    assert Loop(Event(), None, Random(1)).contact(SHELF, SHELF.parent) == seen
    assert (noted.notes, noted.delivered) == ([(1, seen)], 1)


def test_a_parent_that_has_ended_this_node_was_reached(noted: Noted, monkeypatch: pytest.MonkeyPatch) -> None:
    came_to(monkeypatch, "revoked", reached=False)
    assert (
        Loop(Event(), None, Random(1)).contact(SHELF, SHELF.parent) == "revoked"
    )  # waits longer from try to try
    assert noted.notes == [(1, None)]


def test_days_are_made_once_an_hour_and_reports_offered_each_time(
    noted: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_to(monkeypatch, reached=True)
    loop = Loop(Event(), None, Random(1))
    for minutes in (0, 10, 59, 61, -5000):  # the last: the clock was set back
        shelf: Any = SimpleNamespace(
            **vars(SHELF) | {"now": lambda at=minutes: START + timedelta(minutes=at)}
        )
        loop.contact(shelf, shelf.parent)
    assert (noted.tidied, noted.delivered) == (3, 5)


class Ended(Event):
    """An event that is waited for without time passing; set after so many waits."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.waits: list[float | None] = []
        self.most = most

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        if len(self.waits) >= self.most:
            self.set()
        return self.is_set()


def lines(*lengths: int) -> Any:
    """A shelf whose own stream grows from look to look, beside those that do not go up and those of others."""
    left, of = iter(lengths), Description

    def heads(reference: bool) -> dict[UUID, Head]:
        assert not reference
        its = [(NODE, "work", next(left)), (NODE, "reference", 500), (UUID(int=31), "work", 900)]
        found = [Head(of(node, UUID(int=1), "11311", channel), seq, b"") for node, channel, seq in its]  # type: ignore[arg-type]
        return {head.description.id(): head for head in found}

    return SimpleNamespace(**vars(SHELF) | {"heads": heads})


def test_something_written_or_asked_for_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "wanted", lambda: False)
    ended = Ended(100)
    Loop(ended, None, Random(1)).wait(lines(7, 7, 8), PARENT, 3600, 7)  # type: ignore[arg-type]
    assert len(ended.waits) == 3
    monkeypatch.setattr(calling, "wanted", lambda: True)
    ended = Ended(100)
    Loop(ended, None, Random(1)).wait(SHELF, PARENT, 3600, None)  # type: ignore[arg-type]
    assert len(ended.waits) == 1


def test_while_the_line_is_down_what_is_written_ends_no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "wanted", lambda: False)
    ended = Ended(5)
    Loop(ended, None, Random(1)).wait(lines(), PARENT, 3600, None)  # type: ignore[arg-type]  # nobody looks
    assert len(ended.waits) == 5


@pytest.mark.parametrize(("faults", "gone"), [((), [7]), (("busy",), [])])
def test_what_went_up_is_known_to_have_gone_at_once(
    faults: tuple[str, ...], gone: list[int], noted: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_to(monkeypatch, *faults, reached=True)
    shelf = lines(7)
    Loop(Event(), None, Random(1)).contact(shelf, shelf.parent)
    assert noted.gone == gone


def test_a_contact_that_breaks_is_tried_again_and_the_end_is_prompt(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried = Event()

    def breaks() -> Any:
        tried.set()
        raise RuntimeError("no database")

    monkeypatch.setattr(calling, "here", breaks)
    monkeypatch.setattr(calling.connections, "close_all", lambda: None)
    ended = Event()
    thread = Thread(target=calling.keep_on, args=(ended, None))
    thread.start()
    assert tried.wait(20)
    ended.set()
    thread.join(20)
    assert not thread.is_alive()
    assert "the parent could not be called" in caplog.text


@pytest.mark.django_db
def test_a_wish_for_a_contact_is_seen() -> None:
    parent()
    assert not calling.wanted(using="default")
    calling.Peer.objects.update(asked=START)
    assert calling.wanted(using="default")


@pytest.mark.django_db(transaction=True, databases=["default", "worker", "owner"])
def test_on_postgresql_a_parent_that_does_not_answer_is_a_line_that_is_down() -> None:
    parent()
    nobody = {"url": "http://127.0.0.1:9", "public_key": bytes(32).hex()}  # the port of `discard`
    calling.Peer.objects.update(**nobody)
    shelf = calling.here()
    up = shelf.parent
    assert up is not None
    assert calling.mine(shelf, up) == {}
    assert Loop(Event(), None, Random(1)).contact(shelf, up) == "refused"
    header.forget()
    line = header.line()
    assert line is not None
    assert (line.up, line.good) == (False, None)
    assert line.bad is not None
    header.forget()
