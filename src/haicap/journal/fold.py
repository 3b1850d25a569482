"""What entries mean: a pure fold of `(state, entry) -> state`, with conflicts found on the way.

No database, no clock, no law: the action that wrote an entry consulted those and wrote down what it made of
them. The fold only believes.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from pydantic import TypeAdapter

from haicap.journal.carrying import Left, spread
from haicap.journal.entry import Entry
from haicap.journal.kinds import Body
from haicap.journal.settling import Settled

S = TypeVar("S")
B = TypeVar("B", bound=Body)
Handler = Callable[[Any, Entry[Any]], Any]
FoundBy = Callable[[Mapping[str, Any]], Iterable[str]]


class Folded(Struct, Generic[S], frozen=True):
    """A subject after its entries.

    `last` is the newest deciding entry that counts; `aside` the entries set aside as conflicts and not yet
    settled; `branches` the states that those would have made; `waiting` the entries whose `after` has not
    arrived; `frozen` the first entry from a newer version, from which on nothing was folded.
    """

    state: S | None = None
    last: UUID | None = None
    aside: tuple[UUID, ...] = ()
    branches: tuple[S, ...] = ()
    waiting: tuple[UUID, ...] = ()
    frozen: UUID | None = None


class Fold(Generic[S]):
    """The fold of one kind of subject: which bodies open it, and what each body does to its state.

    `found_by` names, of sealed facts, the texts by which they can be found again without being opened.
    """

    def __init__(self, state: type[S], found_by: FoundBy = lambda facts: ()) -> None:
        self.state = state
        self.found_by = found_by
        self.handlers: dict[type[Body], Handler] = {}
        self.openers: set[type[Body]] = set()
        self.goers_on: set[type[Body]] = set()

    @cached_property
    def form(self) -> TypeAdapter[S]:
        """How the state is written as JSON and read back."""
        return TypeAdapter(self.state)

    def on(
        self, body: type[B], *, opens: bool = False, continues: bool | None = None
    ) -> Callable[[Handler], Handler]:
        """Register the handler of `body`.

        One that `opens` makes the first state and is given None; it fits no later place unless it `continues`
        too, as others do anyway.
        """

        def register(handler: Handler) -> Handler:
            self.handlers[body] = handler
            if opens:
                self.openers.add(body)
            if continues if continues is not None else not opens:
                self.goers_on.add(body)
            return handler

        return register

    def fits(self, state: S | None, body: Body) -> bool:
        """Whether `body` may stand where the state is `state`: at the opening, or later.

        A settlement, and that the subject has left, stands later in every fold.
        """
        if isinstance(body, Settled | Left):
            return state is not None
        return type(body) in (self.openers if state is None else self.goers_on)

    def apply(self, state: S | None, entry: Entry[Any]) -> S | None:
        """The state after `entry`, which is known to fit. A body that is not this fold's leaves it as it is."""
        if not self.fits(state, entry.body) or isinstance(entry.body, Left):
            return state
        if isinstance(entry.body, Settled):
            return self.form.validate_python(entry.body.state, strict=False)
        return cast(S, self.handlers[type(entry.body)](state, entry))

    def __call__(self, entries: Iterable[Entry[Any]]) -> Folded[S]:
        """Fold a subject's entries, already in fold order (`order.in_order`).

        An entry that comes again counts where it came first: a new incarnation writes what its parent lacks
        once more, ids unchanged.
        """
        ordered = spread(list(entries))
        if len(ordered) == 1 and self._opens_alone(ordered[0]):
            return Folded(self.apply(None, ordered[0]), ordered[0].id)
        course = _Course(self)
        met: set[UUID] = set()
        for entry in ordered:
            if entry.id not in met:
                met.add(entry.id)
                course.reach(entry)
        return course.folded()

    def _opens_alone(self, entry: Entry[Any]) -> bool:
        """Whether an entry that has nothing beside it is an opening: what is to be walked, of most, when they come."""
        return type(entry.body) in self.openers and not entry.body.free and entry.after is None


class _Course(Generic[S]):
    """One walk along a subject's entries."""

    def __init__(self, fold: Fold[S]) -> None:
        self.fold = fold
        self.state: S | None = None
        self.last: UUID | None = None
        self.states: dict[UUID, S | None] = {}  # by deciding entry seen, kept or set aside
        self.aside: dict[UUID, UUID | None] = {}  # open conflicts: entry -> its `after`
        self.waiting: dict[UUID, list[Entry[Any]]] = {}
        self.early: list[Entry[Any]] = []  # free entries that came before the opening
        self.frozen: UUID | None = None

    def reach(self, entry: Entry[Any]) -> None:
        if self.frozen:
            return
        if entry.body is None:
            self.frozen = entry.id
        elif entry.body.free:
            self.note(entry)
        elif entry.after is not None and entry.after not in self.states:
            self.waiting.setdefault(entry.after, []).append(entry)
        else:
            self.decide(entry)
            for next_one in self.waiting.pop(entry.id, ()):
                self.reach(next_one)

    def note(self, entry: Entry[Any]) -> None:
        if self.state is None and not self.fold.fits(None, entry.body):
            self.early.append(entry)
        else:
            self.state = self.fold.apply(self.state, entry)
            if self.last is not None:
                self.states[self.last] = self.state

    def decide(self, entry: Entry[Any]) -> None:
        before = self.states[entry.after] if entry.after else None
        if entry.after != self.last or not self.fold.fits(before, entry.body):
            self.states[entry.id] = self.fold.apply(before, entry)
            self.aside[entry.id] = entry.after
            return
        self.state = self.states[entry.id] = self.fold.apply(self.state, entry)
        self.last = entry.id
        if entry.body.settles:
            for settled in entry.body.disposes:
                self.aside.pop(settled, None)
        early, self.early = self.early, []
        for free in early:
            self.note(free)

    def folded(self) -> Folded[S]:
        tips = [entry for entry in self.aside if entry not in self.aside.values()]
        branches = (self.states[tip] for tip in tips)
        return Folded(
            state=self.state,
            last=self.last,
            aside=tuple(self.aside),
            branches=tuple(branch for branch in branches if branch is not None),
            waiting=tuple(entry.id for entries in self.waiting.values() for entry in entries),
            frozen=self.frozen,
        )


def advanced(fold: Fold[S], folded: Folded[S], entry: Entry[Any]) -> Folded[S]:
    """`folded` after one more entry, without walking the others again.

    Right only where the entry was made on this very state under the subject's lock: its `after` is the newest
    deciding entry, and nothing is set aside, waiting or frozen. Otherwise fold anew.
    """
    state = fold.apply(folded.state, entry)
    return replace(folded, state=state, last=folded.last if entry.body.free else entry.id)
