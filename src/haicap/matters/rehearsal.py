"""A matter played through on paper: what a procedure makes of an example, without journal or database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from haicap.clocks.calendars import Calendar
from haicap.clocks.reckoning import reckon
from haicap.clocks.steps import Extension, Pause
from haicap.matters.schema import Example, Procedure, Step, Taken
from haicap.matters.timing import RECEIVED, Clock, Run


class Impossible(ValueError):
    """The example does what the procedure does not allow; the message says what."""


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that has started: what it runs by, what was added, when it stood still, whether it was met."""

    run: Run
    extensions: tuple[Extension, ...] = ()
    pauses: tuple[Pause, ...] = ()
    ended: bool = False


@dataclass(slots=True)
class Rehearsal:
    """Where a matter stands in a procedure after what was played so far."""

    procedure: Procedure
    calendar: Calendar
    remote: bool
    state: str
    branch: str
    facts: dict[str, JsonValue]
    clocks: dict[str, Running] = field(default_factory=dict)

    def due(self, code: str) -> dt.datetime | None:
        """When a clock that has started is over (UTC); None while it stands still. Raises `KeyError`."""
        it = self.clocks[code]
        regime = self.procedure.regime_of(code)
        due = reckon(
            limit=it.run.limit,
            start=it.run.start,
            regime=regime,
            calendar=self.calendar,
            pauses=it.pauses,
            extensions=it.extensions,
        ).due
        caps = [way.cap for way in self.procedure.clock[code].longer if way.cap] if it.extensions else []
        ends = [
            reckon(limit=cap, start=it.run.start, regime=regime, calendar=self.calendar, pauses=it.pauses).due
            for cap in caps
        ]
        return min([due, *(end for end in ends if end)]) if due else None

    def running(self) -> frozenset[str]:
        """The clocks that have started and are not met."""
        return frozenset(code for code, it in self.clocks.items() if not it.ended)

    def take(self, taken: Taken) -> None:
        """Take a step. Raises `Impossible`."""
        step = self._step(taken)
        word = taken.outcome or taken.ground
        self.facts |= taken.facts
        self._end(self.procedure.clocks_ending(step.code, word))
        if step.does == "pause":
            self._pause(self.procedure.clocks_pausing(step.code, word), taken)
        if step.does == "resume":
            self._resume(taken.at)
        self._lengthen(step, word)
        self.state = step.leads_to(taken.outcome) or self.state
        self.branch = step.turns or self.branch
        self.start(step.code, word, taken.at)

    def start(self, event: str, word: str | None, at: dt.datetime) -> None:
        """Start the clocks of an event; one that runs already starts anew."""
        for clock in self.procedure.clocks_starting(event, self.branch, word):
            run = clock.run(self.branch, remote=self.remote, at=at, facts=self.facts)
            if run:
                self.clocks[clock.code] = Running(run)

    def _step(self, taken: Taken) -> Step:
        step = self.procedure.step.get(taken.step)
        if step is None:
            raise Impossible(f"there is no step {taken.step}")
        if step.from_ and self.state not in step.from_:
            raise Impossible(f"{step.code} cannot be taken in the state {self.state}")
        if step.branch and self.branch not in step.branch:
            raise Impossible(f"{step.code} cannot be taken in the branch {self.branch}")
        _word(step, "outcome", taken.outcome, step.outcome)
        _word(step, "ground", taken.ground, step.grounds)
        return step

    def _end(self, clocks: Iterable[Clock]) -> None:
        for clock in clocks:
            if clock.code in self.clocks:
                self.clocks[clock.code] = replace(self.clocks[clock.code], ended=True)

    def _pause(self, clocks: Iterable[Clock], taken: Taken) -> None:
        for clock in clocks:
            it = self.clocks.get(clock.code)
            if it and not it.ended:
                pause = Pause(taken.at, None, taken.ground or taken.step)
                self.clocks[clock.code] = replace(it, pauses=(*it.pauses, pause))

    def _resume(self, at: dt.datetime) -> None:
        for code, it in self.clocks.items():
            pauses = tuple(pause if pause.until else replace(pause, until=at) for pause in it.pauses)
            self.clocks[code] = replace(it, pauses=pauses)

    def _lengthen(self, step: Step, word: str | None) -> None:
        for clock, way in self.procedure.clocks_longer(step.code, word):
            it = self.clocks.get(clock.code)
            if it is None or it.ended:
                continue
            law = way.law.rule.in_("en")
            extension = way.extension(self.branch, remote=self.remote, ground=word or step.code)
            if sum(each.ground == extension.ground for each in it.extensions) >= way.times:
                raise Impossible(f"{step.code} lengthens {clock.code} {way.times} times at most ({law})")
            self.clocks[clock.code] = replace(it, extensions=(*it.extensions, extension))


def rehearse(procedure: Procedure, example: Example, calendar: Calendar) -> Rehearsal:
    """Play an example through. Raises `Impossible`, and what `reckon` raises."""
    branch = procedure.branch_for(example.given)
    facts = dict(example.given)
    played = Rehearsal(procedure, calendar, example.remote, procedure.first_state, branch, facts)
    played.start(RECEIVED, None, example.received_at)
    for taken in example.then:
        played.take(taken)
    return played


def _word(step: Step, kind: str, word: str | None, known: Collection[str]) -> None:
    if known and word is None:
        raise Impossible(f"{step.code} needs its {kind}")
    if word and word not in known:
        raise Impossible(f"{step.code} has no {kind} {word}")
