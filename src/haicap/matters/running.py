"""From a procedure's clocks to instants: what an act starts, lengthens and puts off, and why."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import JsonValue

from haicap.clocks import calendars
from haicap.clocks.calendars import Calendar
from haicap.clocks.limits import parse as parse_limit
from haicap.clocks.reckoning import Reckoned, reckon
from haicap.clocks.sheet import Sheet
from haicap.clocks.steps import Extension, Pause
from haicap.matters.entries import Due, Longer, Start
from haicap.matters.schema import Procedure
from haicap.matters.state import Clock
from haicap.matters.timing import Clock as Rule
from haicap.matters.timing import Longer as Way


class TooOften(Exception):
    """A clock has been lengthened as often as the law allows; `law` names the rule in both languages."""

    def __init__(self, rule: Rule, way: Way) -> None:
        super().__init__(f"{rule.code}: {way.times} times at most ({way.law.rule.en})")
        self.rule = rule
        self.way = way


def starts(
    procedure: Procedure,
    event: str,
    word: str | None,
    *,
    branch: str,
    remote: bool,
    at: datetime,
    facts: Mapping[str, JsonValue],
    calendar: Calendar,
) -> tuple[Start, ...]:
    """The clocks that an event at `at` (aware) sets going, reckoned to their ends.

    `event` is `received_at` or a step, `word` its outcome or ground. Raises what `reckon` raises.
    """
    begun = []
    for rule in procedure.clocks_starting(event, branch, word):
        run = rule.run(branch, remote=remote, at=at, facts=facts)
        if run is not None:
            regime = procedure.regime_of(rule.code)
            due = reckon(limit=run.limit, start=run.start, regime=regime, calendar=calendar).due
            begun.append(
                Start(
                    clock=rule.code,
                    binds=rule.binds,
                    since=run.start,
                    limit=run.limit,
                    regime=regime,
                    calendar=calendar.sha256,
                    due=due,
                )
            )
    return tuple(begun)


def reckoned(clock: Clock, calendar: Calendar, *, extra: Iterable[Longer] = ()) -> Reckoned:
    """A clock of a matter reckoned anew, with its pauses and extensions and `extra` ones."""
    return reckon(
        limit=clock.limit,
        start=clock.since,
        regime=clock.regime,
        calendar=calendar,
        pauses=[Pause(stop.since, stop.until, stop.ground) for stop in clock.pauses],
        extensions=[
            Extension(parse_limit(it.limit), it.how, it.ground, it.law, it.mark)
            for it in (*clock.longer, *extra)
        ],
    )


def capped(rule: Rule, clock: Clock, due: datetime | None, calendar: Calendar) -> datetime | None:
    """`due`, or the furthest that the law lets an extended clock go, whichever is earlier."""
    caps = [way.cap for way in rule.longer if way.cap]
    if due is None or not caps:
        return due
    pauses = [Pause(stop.since, stop.until, stop.ground) for stop in clock.pauses]
    ends = (
        reckon(limit=cap, start=clock.since, regime=clock.regime, calendar=calendar, pauses=pauses).due
        for cap in caps
    )
    return min([due, *(end for end in ends if end)])


def longer(
    procedure: Procedure,
    clocks: Iterable[Clock],
    step: str,
    word: str | None,
    *,
    branch: str,
    remote: bool,
    calendar: Calendar,
    lang: str = "vi",
) -> tuple[Longer, ...]:
    """What a step that extends makes of the running clocks. Raises `TooOften`."""
    running = {clock.code: clock for clock in clocks if clock.runs}
    made = []
    for rule, way in procedure.clocks_longer(step, word):
        clock = running.get(rule.code)
        if clock is None:
            continue
        extension = way.extension(
            branch, remote=remote, ground=_ground(procedure, step, word, lang), lang=lang
        )
        it = Longer(
            clock=rule.code, limit=str(extension.limit), how=extension.how, ground=extension.ground,
            law=extension.law, mark=extension.mark, due=None,
        )  # fmt: skip
        if sum((each.law, each.ground) == (it.law, it.ground) for each in clock.longer) >= way.times:
            raise TooOften(rule, way)
        due = reckoned(clock, calendar, extra=(it,)).due
        made.append(it.model_copy(update={"due": capped(rule, clock, due, calendar)}))
    return tuple(made)


def _ground(procedure: Procedure, step: str, word: str | None, lang: str) -> str:
    its = procedure.step[step]
    text = its.grounds.get(word or "") or its
    return text.in_(lang)


def resumed(
    clocks: Iterable[Clock], at: datetime, procedure: Procedure, calendar: Calendar
) -> tuple[Due, ...]:
    """The new ends of the clocks that stand still and run on from `at` (aware)."""
    dues = []
    for clock in clocks:
        if clock.runs and any(stop.until is None for stop in clock.pauses):
            pauses = [Pause(stop.since, stop.until or at, stop.ground) for stop in clock.pauses]
            extensions = [
                Extension(parse_limit(it.limit), it.how, it.ground, it.law, it.mark) for it in clock.longer
            ]
            due = reckon(
                limit=clock.limit, start=clock.since, regime=clock.regime, calendar=calendar, pauses=pauses,
                extensions=extensions,
            ).due  # fmt: skip
            due = capped(procedure.clock[clock.code], clock, due, calendar) if extensions else due
            dues.append(Due(clock=clock.code, due=due))
    return tuple(dues)


def sheet(procedure: Procedure, clock: Clock, branch: str, calendar: Calendar) -> Sheet:
    """The derivation sheet of a clock: rule, article with its mark, and every step to its end."""
    rule = procedure.clock[clock.code]
    law = rule.law_for(branch)
    return Sheet(
        name=calendars.Label(vi=rule.vi, en=rule.en),
        article=calendars.Label(vi=law.rule.vi, en=law.rule.en),
        mark=law.mark,
        reckoned=reckoned(clock, calendar),
    )
