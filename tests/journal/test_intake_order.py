"""However the streams of two sites arrive, a subject comes to what the order of taking-in says."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foreign import AT, UNIT, Line, commented, cut, raised, stepped
from haicap.journal.batch import check
from haicap.journal.entry import Entry
from haicap.journal.fold import Folded
from haicap.journal.history import history
from haicap.journal.ids import uuid7
from haicap.journal.incarnations import give_way
from haicap.journal.intake import Batch, heads, receive, release, stored
from haicap.journal.models import Node
from haicap.journal.node import own
from haicap.journal.order import Released, Taken, in_order
from haicap.journal.pen import writing
from haicap.journal.projection import from_row
from haicap.matters.fold import matters
from haicap.matters.models import MatterRow
from haicap.units.loading import Founder
from journals import Journal

USING = "owner"
SUBJECTS = [UUID(int=(1 << 120) + n) for n in range(3)]


@contextmanager
def undone() -> Iterator[None]:
    """What is done in it is not kept."""
    with transaction.atomic(using=USING):
        yield
        transaction.set_rollback(True, using=USING)


def acted(rng: random.Random, ward: Line, other: Line) -> None:
    """Two sites write about the same subjects, each seeing what it likes of the other's."""
    decided: dict[UUID, list[UUID]] = {}
    for subject in SUBJECTS:
        decided[subject] = [rng.choice([ward, other]).write(subject, raised())]
    for n in range(rng.randint(0, 14)):
        subject, line = rng.choice(SUBJECTS), rng.choice([ward, other])
        if rng.random() < 0.3:
            line.write(subject, commented(str(n)))
        else:
            seen = rng.choice(decided[subject][-2:])
            decided[subject].append(line.write(subject, stepped(f"s{n}"), after=seen))


def mixed(rng: random.Random, lines: list[Line]) -> list[Batch]:
    """All batches of the lines, each line's in their order."""
    queues = [cut(line, rng.choices(range(20), k=rng.randint(0, 4))) for line in lines if line.items]
    batches = []
    while queues := [queue for queue in queues if queue]:
        batches.append(rng.choice(queues).pop(0))
    return batches


def write_here(rng: random.Random) -> None:
    """Somebody at the authority goes on with a subject, as far as it is open there."""
    subject = rng.choice(SUBJECTS)
    with writing(Founder(own(USING).id), at=AT, subjects=[subject], units=[UNIT], using=USING) as pen:
        if pen.state(matters, subject) is not None:
            body = commented("ở tỉnh") if rng.random() < 0.5 else stepped("here")
            pen.write(matters, uuid7(), subject, body, unit=UNIT, grant=None)


def let_go(held: list[UUID]) -> None:
    with writing(Founder(own(USING).id), at=AT, units=[UNIT], using=USING) as pen:
        release(pen, entry=held.pop(), unit=UNIT, grant=None)


def lines_here() -> list[Line]:
    """All streams of the unit as they lie here."""
    found = []
    for stream, head in heads(USING).items():
        its = head.description
        if its.unit == UNIT and its.channel == "work":
            items = list(stored(stream, 0, 1 << 40, USING))
            found.append(Line(its.node, its.incarnation, its.unit, its.channel, items))
    return found


def expected(lines: list[Line], authority: UUID) -> dict[UUID, list[Entry[Any]]]:
    """The order that `in_order` makes of everything at once."""
    every = [entry for line in lines for entry in check(line.batch(), line.description.digest())]
    lie = {(entry.stream, entry.seq): entry.id for entry in every}
    taking = [entry for entry in every if isinstance(entry.body, Released) or _speaks(entry, lie)]
    lines = sorted(lines, key=lambda line: line.incarnation)
    ordered = [line.id for line in lines if line.node == authority]
    others = [line.id for line in lines if line.node != authority]
    return {
        subject: in_order([e for e in every if e.subject == subject], taking, ordered, others)
        for subject in SUBJECTS
    }


def _speaks(entry: Entry[Any], lie: dict[tuple[UUID, int], UUID]) -> bool:
    """Whether it is a taking, of a line that has where it reaches to the entry that it names, if it names one."""
    if not isinstance(entry.body, Taken):
        return False
    return entry.after in (None, lie.get((entry.body.stream, entry.body.up_to)))


def folded_here(subject: UUID) -> Folded[Any]:
    row = MatterRow.objects.using(USING).filter(pk=subject).first()
    return from_row(matters, row) if row else Folded()


def in_agreement(order: dict[UUID, list[Entry[Any]]]) -> None:
    for subject, ordered in order.items():
        assert [entry.id for entry in history(subject, USING)] == [entry.id for entry in ordered]
        after = matters(ordered)
        assert folded_here(subject) == (after if after.state is not None else Folded())


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 1 << 30))
def test_two_sites_in_any_order(journal: Journal, seed: int) -> None:
    two_sites(seed)


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 1 << 30))
def test_two_sites_in_many_orders(journal: Journal, seed: int) -> None:
    two_sites(seed)


def two_sites(seed: int) -> None:
    rng = random.Random(seed)
    ward, other = Line(), Line()
    acted(rng, ward, other)
    with undone():
        authority = own(USING).id
        held: list[UUID] = []
        for batch in mixed(rng, [ward, other]):
            line = ward if batch.description == ward.description else other
            entries = check(batch, line.hashes()[batch.after])
            some = {entry.id: "clock-ahead" for entry in entries if rng.random() < 0.15}
            receive(batch, some, USING, at=AT)
            held += some
            if rng.random() < 0.4:
                write_here(rng)
            if held and rng.random() < 0.3:
                let_go(held)
            if rng.random() < 0.2:
                assert receive(batch, {}, USING, at=AT) == []
        lines = lines_here()
        order = expected(lines, authority)
        in_agreement(order)
    with undone():  # the ward's own node, which has lost everything, and a third that only listens
        Node.objects.using(USING).filter(ours=True).update(
            id=rng.choice([ward.node, uuid7()]), incarnation=uuid7(), authority=authority
        )
        for batch in mixed(rng, lines):
            receive(batch, None, USING)
        in_agreement(order)


class Parting:
    """A line of a ward's that was written twice, by the machine and a clone of it, and what the province said of both.

    It took in the first, was put back to an old image, and took in the second; what the first had beyond the common
    beginning was moved into a line of its own. What the province had forgotten came back to it.
    """

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.decided = rng, dict[UUID, list[UUID]]()
        self.first, self.moved, self.before = Line(), Line(), Line()
        for subject in SUBJECTS:
            self.decided[subject] = [rng.choice([self.first, self.before]).write(subject, raised())]
        self.acts(self.first, rng.randint(1, 4))
        self.common = len(self.first.items)
        self.second = self.again(self.first)
        self.acts(self.first, rng.randint(1, 4))
        self.acts(self.second, rng.randint(1, 4))
        self.moved = Line(self.first.node, self.moved.incarnation, items=self.first.items[self.common :])
        self.since = Line(self.before.node, UUID(int=self.before.incarnation.int + 1))
        self.takes_in(self.first, 0, self.before)
        self.takes_in(self.second, rng.randint(0, self.common), self.since)
        self.takes_in(self.moved, 0, self.since)

    def again(self, line: Line) -> Line:
        return Line(line.node, line.incarnation, items=list(line.items))

    def acts(self, line: Line, count: int) -> None:
        for n in range(count):
            subject = self.rng.choice(SUBJECTS)
            if self.rng.random() < 0.3:
                line.write(subject, commented(str(n)))
            else:
                seen = self.rng.choice(self.decided[subject][-2:])
                self.decided[subject].append(line.write(subject, stepped(f"s{n}"), after=seen))

    def takes_in(self, line: Line, after: int, province: Line) -> None:
        """In batches, of which some entries are held; between two the province acts as well."""
        entries = check(line.batch(), line.description.digest())
        for batch in cut(line, self.rng.choices(range(20), k=2)):
            if after < batch.after + len(batch.items):
                new = entries[max(after, batch.after) : batch.after + len(batch.items)]
                held = {str(entry.id): "clock-ahead" for entry in new if self.rng.random() < 0.2}
                body = Taken(stream=line.id, up_to=new[-1].seq, held=held)
                province.write(line.id, body, after=self.rng.choice([new[-1].id] * 4 + [None]))
                self.acts(province, self.rng.randint(0, 1))

    def arrives(self, lines: list[Line]) -> None:
        """Batch by batch, in any order; after each, what lies here is in the order that is due to it."""
        for batch in mixed(self.rng, lines):
            receive(batch, None, USING)
            in_agreement(expected(lines_here(), self.before.node))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 1 << 30))
def test_what_was_said_of_a_line_is_not_read_of_another(journal: Journal, seed: int) -> None:
    its = Parting(random.Random(seed))
    with undone():
        Node.objects.using(USING).filter(ours=True).update(authority=its.before.node)
        if its.rng.random() < 0.5:  # the first lay here before the second was told of
            its.arrives([its.first, its.before, its.moved])
            assert give_way(its.first.id, its.common, USING)
            in_agreement(expected(lines_here(), its.before.node))
        its.arrives([its.second, its.moved, its.before, its.since])


def test_an_entry_that_the_province_held_is_not_let_go_by_what_it_had_said_of_another(
    journal: Journal,
) -> None:
    first, before = Line(), Line()
    second = Line(first.node, first.incarnation)
    opened = before.write(SUBJECTS[0], raised())
    taken = first.write(SUBJECTS[1], raised())
    held = second.write(SUBJECTS[0], stepped("s"), after=opened)
    before.write(first.id, Taken(stream=first.id, up_to=1), after=taken)
    since = Line(before.node, UUID(int=before.incarnation.int + 1))
    since.write(first.id, Taken(stream=first.id, up_to=1, held={str(held): "grant-unknown"}), after=held)
    Node.objects.using(USING).filter(ours=True).update(authority=before.node)
    for line in (second, before, since):
        receive(line.batch(), None)
    assert [entry.id for entry in history(SUBJECTS[0], USING)] == [opened]
    assert folded_here(SUBJECTS[0]).last == opened


def test_what_an_older_life_had_taken_in_counts_again_when_its_word_comes_back(journal: Journal) -> None:
    ward, before = Line(), Line()
    since = Line(before.node, UUID(int=before.incarnation.int + 1))
    opened = ward.write(SUBJECTS[0], raised())
    before.write(ward.id, Taken(stream=ward.id, up_to=1), after=opened)
    since.write(ward.id, Taken(stream=ward.id, up_to=1, held={str(opened): "grant-unknown"}), after=opened)
    Node.objects.using(USING).filter(ours=True).update(authority=before.node)
    for line in (ward, since):
        receive(line.batch(), None)
    assert folded_here(SUBJECTS[0]) == Folded()
    receive(before.batch(), None)
    assert folded_here(SUBJECTS[0]).last == opened
    assert journal.problems(refold=True) == []
