"""Random people act on two nodes with a line that comes and goes: what was taken in is never undone."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from haicap.journal.chain import Description
from haicap.journal.entry import Entry, read
from haicap.journal.fold import Fold, Folded
from haicap.journal.ids import Entropy, uuid7
from haicap.journal.node import Own
from haicap.journal.order import Taken, in_order
from haicap.journal.pen import Pen
from haicap.matters.afterwards import comment, correct, reopen
from haicap.matters.conflicts.actions import settle
from haicap.matters.conflicts.of_matters import ROOM
from haicap.matters.fields import Unanswered
from haicap.matters.fold import matters
from haicap.matters.founding import shipped_law
from haicap.matters.handling import Doing, NotNow, assign, hand_over, receive, refuse, take_step
from haicap.matters.intake import raise_matter
from haicap.matters.state import Matter
from haicap.units.acting import Unsaid
from haicap.units.fold import Name, Unit
from haicap.units.rights import Person, Refused, Right, standard_grants

LAW = shipped_law()
WARD = Unit(
    "11311", (Name("Phường Thử", "Test ward", date(2025, 7, 1), ""),), "commune", "ward", "31", "31", ("11311",), False,
    True, date(2025, 7, 1),
)  # fmt: skip
SUBJECT = UUID(int=1 << 90)
START = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
S = TypeVar("S")
REFUSALS = (Refused, NotNow, Unsaid, Unanswered)


def person(number: int, role: Any, unit: str) -> Person:
    grants = standard_grants()[role]
    rights = tuple(
        Right(UUID(int=500 + number), UUID(int=600 + number), role, unit, tuple(row["actions"]), row["over"], None,
              frozenset({unit, "31"} if row["over"] == "unit" else {unit, "31", "11311", "31-PH10", "31-PX01"}))
        for row in grants
    )  # fmt: skip
    return Person(UUID(int=number), f"Cán bộ {number}", str(number), role, unit, unit, "31", "", rights)


AT_WARD = [person(1, "clerk", "11311"), person(2, "leader", "11311")]
AT_PROVINCE = [person(3, "department-officer", "31-PH10"), person(4, "department-head", "31-PH10"),
               person(5, "director", "31"), person(6, "department-head", "31-PX01")]  # fmt: skip


@dataclass
class Site:
    """A node in memory: the entries it holds of every stream, its own written here, others' as received."""

    own: Own
    entropy: Entropy
    authority: UUID
    held: list[Entry[Any]] = field(default_factory=list)
    taking: list[Entry[Any]] = field(default_factory=list)

    @property
    def stream(self) -> UUID:
        return self.own.stream("11311", "work").id()

    def order(self) -> list[Entry[Any]]:
        return in_order(self.held, self.taking, [self.authority])

    def folded(self, fold: Fold[S], subject: UUID) -> Folded[S]:
        return fold(self.order())

    def known(self, entry_id: UUID) -> bool:
        return any(entry.id == entry_id for entry in self.held)

    def key(self, subject: UUID) -> bytes:
        return bytes(32)

    def serial(self, unit: str, year: int) -> int:
        return 1

    def append(
        self, stream: Description, entry_id: UUID, payload: bytes, ciphertext: bytes | None, blinds: bytes
    ) -> None:
        self.held.append(read(stream.id(), self.next_seq(), "11311", payload))

    def next_seq(self) -> int:
        mine = [*self.held, *self.taking]
        return 1 + max((entry.seq for entry in mine if entry.stream == self.stream), default=0)

    def show(self, fold: Fold[S], subject: UUID, folded: Folded[S], entry: Entry[Any]) -> None:
        """Nothing is shown: `folded` folds what is held."""


class TwoNodes(RuleBasedStateMachine):
    @initialize(seed=st.integers(0, 1 << 30))
    def found(self, seed: int) -> None:
        self.random = random.Random(seed)
        province = Own(UUID(int=31), UUID(int=32))
        authority = province.stream("11311", "work").id()
        self.province = Site(province, self.random.randbytes, authority)
        self.ward = Site(Own(UUID(int=11), UUID(int=12)), self.random.randbytes, authority)
        self.now = START
        self.counted: list[UUID] = []
        pen = Pen(AT_WARD[0], START, self.ward)
        raise_matter(
            pen, entry_id=self.new_id(), subject=SUBJECT, law=LAW, procedure=LAW.procedure("difficulty", START),
            unit=WARD, by="unit", received=START, title="Trụ sở dột", answers={"kind": "headquarters", "what": "Dột"},
        )  # fmt: skip
        self.line_comes_up()

    def new_id(self) -> UUID:
        return uuid7(self.now, self.random.randbytes)

    def act(self, site: Site, who: Person, what: Callable[[Pen], Matter]) -> None:
        self.now += timedelta(minutes=self.random.randint(-30, 90))  # clocks of nodes are wrong at times
        try:
            what(Pen(who, self.now, site))
        except REFUSALS:
            return

    @rule(
        who=st.sampled_from(AT_WARD),
        step=st.sampled_from(["confirm-removed", "still-there", "came-back", "withdraw"]),
    )
    def step_at_ward(self, who: Person, step: str) -> None:
        outcome = self.random.choice(["answer-again", "not-carried-out"]) if step == "still-there" else None
        answers = {"confirm-removed": {}, "withdraw": {"reason": "Đã xong"}}.get(step, {"remains": "Vẫn dột"})
        doing = Doing(step, outcome=outcome, answers=answers)
        self.act(
            self.ward,
            who,
            lambda pen: take_step(pen, entry_id=self.new_id(), subject=SUBJECT, law=LAW, doing=doing),
        )

    @rule(
        who=st.sampled_from(AT_PROVINCE),
        outcome=st.sampled_from(["guidance", "asked-authority", "not-competent"]),
    )
    def answer_at_province(self, who: Person, outcome: str) -> None:
        answers = {
            "guidance": {"guidance": "Theo mẫu"}, "not-competent": {"reason": "Khác"},
            "asked-authority": {"authority": "UBND", "paper": "1/ĐN", "answer_due": "2027-01-15"},
        }[outcome]  # fmt: skip
        doing = Doing("answer", outcome=outcome, answers=answers)
        self.act(
            self.province,
            who,
            lambda pen: take_step(pen, entry_id=self.new_id(), subject=SUBJECT, law=LAW, doing=doing),
        )

    @rule(
        at_ward=st.booleans(),
        act=st.sampled_from(["receive", "refuse", "hand-over", "assign", "correct", "reopen"]),
    )
    def engine(self, at_ward: bool, act: str) -> None:
        site, people = (self.ward, AT_WARD) if at_ward else (self.province, AT_PROVINCE)
        entry_id = self.new_id()
        acts: dict[str, Callable[[Pen], Matter]] = {
            "receive": lambda pen: receive(pen, entry_id=entry_id, subject=SUBJECT),
            "refuse": lambda pen: refuse(pen, entry_id=entry_id, subject=SUBJECT, ground="Không đúng"),
            "hand-over": lambda pen: hand_over(pen, entry_id=entry_id, subject=SUBJECT, to="31-PX01"),
            "assign": lambda pen: assign(pen, entry_id=entry_id, subject=SUBJECT, person=UUID(int=3)),
            "correct": lambda pen: correct(
                pen, entry_id=entry_id, subject=SUBJECT, law=LAW, answers={"count": "3"}, title=None, reason="Nhầm"
            ),
            "reopen": lambda pen: reopen(
                pen, entry_id=entry_id, subject=SUBJECT, law=LAW, now="raised", reason="Còn"
            ),
        }  # fmt: skip
        self.act(site, self.random.choice(people), acts[act])

    @rule(at_ward=st.booleans())
    def remark(self, at_ward: bool) -> None:
        site, who = (self.ward, AT_WARD[0]) if at_ward else (self.province, AT_PROVINCE[0])
        self.act(
            site,
            who,
            lambda pen: comment(pen, entry_id=self.new_id(), subject=SUBJECT, law=LAW, text="Đã gọi"),
        )

    @precondition(lambda self: self.province.folded(matters, SUBJECT).aside)
    @rule()
    def settle_at_province(self) -> None:
        entry_id, director = self.new_id(), AT_PROVINCE[2]
        self.act(
            self.province,
            director,
            lambda pen: settle(pen, ROOM, entry_id=entry_id, subject=SUBJECT, whole=0, reason="Giữ"),
        )

    @rule()
    def line_comes_up(self) -> None:
        """The ward's entries go up and are taken in; the province's, `taken` included, come down."""
        known = {entry.id for entry in self.province.held}
        fresh = [
            entry for entry in self.ward.held if entry.id not in known and entry.stream == self.ward.stream
        ]
        if fresh:
            self.province.held += fresh
            self.province.taking.append(self.taken(fresh[-1].seq))
        self.ward.held = list(self.province.held)
        self.ward.taking = list(self.province.taking)

    def taken(self, up_to: int) -> Entry[Any]:
        body = Taken(stream=self.ward.stream, up_to=up_to)
        return Entry(self.province.stream, self.province.next_seq(), "11311", self.new_id(), self.province.stream, None,
                     "journal.taken", 1, UUID(int=31), None, self.now, body)  # fmt: skip

    @invariant()
    def what_counted_once_counts_for_good(self) -> None:
        if not hasattr(self, "province"):
            return
        ordered = self.province.order()
        folded = matters(ordered)
        settled = {gone for entry in ordered if entry.body.settles for gone in entry.body.disposes}
        apart = {*folded.aside, *folded.waiting, *settled}
        counting = [entry.id for entry in ordered if entry.id not in apart]
        assert counting[: len(self.counted)] == self.counted
        self.counted = counting

    @invariant()
    def nothing_is_lost(self) -> None:
        if hasattr(self, "province"):
            for site in (self.province, self.ward):
                assert len(site.order()) == len(site.held)

    def teardown(self) -> None:
        if hasattr(self, "province"):
            self.line_comes_up()
            assert self.province.folded(matters, SUBJECT) == self.ward.folded(matters, SUBJECT)


TwoNodes.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
test_two_nodes = TwoNodes.TestCase
