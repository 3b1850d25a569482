"""That a procedure makes sense: what `haicap procedures check` proves before one is published."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from haicap.clocks.calendars import Calendar, OutsideCalendar, draft
from haicap.clocks.limits import UnreadableLimit, parse
from haicap.clocks.wall import VIETNAM, day_of
from haicap.matters.coming import RESERVED
from haicap.matters.competence import Table, gaps_and_overlaps, shipped
from haicap.matters.rehearsal import IMPOSSIBLE, due, rehearse, running
from haicap.matters.routes import Routes
from haicap.matters.schema import Branch, Example, Procedure, Step
from haicap.matters.timing import RECEIVED, Clock

DATED = ("date", "datetime")
FREE = ("text", "longtext")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place like `clock.settle.ends`; a `note` is worth knowing and no fault."""

    where: str
    what: str
    note: bool = False


def check(procedure: Procedure, tables: Mapping[str, Table] | None = None) -> list[Problem]:
    """Everything that is wrong with a procedure, and notes on what depends on order.

    Proves: all names are known; every state is reachable and leads to an end; every branch is taken by some
    answers and every answer has a branch; every clock can start and, wherever the matter goes meanwhile, be
    met; the table of competence (of `tables`, or of those shipped) asks for what the procedure knows; every
    limit can be read and has its rule; every example comes out as it says (`draft(2025, 2027)`).
    """
    found = [*_names(procedure), *_clock_names(procedure), *_limits(procedure)]
    found += _competence(procedure, shipped() if tables is None else tables)
    if any(not problem.note for problem in found):
        return found
    return [*_branches(procedure), *_states(procedure), *_clocks(procedure), *_examples(procedure)]


def _names(it: Procedure) -> Iterator[Problem]:
    for end in it.ends:
        yield from _known("ends", end, it.states, "state")
    for word in it.public:
        free = {"title", "comment", *(f.code for f in it.field.values() if f.type in FREE and not f.personal)}
        yield from _known("public", word, free, "free text")
    for step in it.step.values():
        yield from _step_names(it, step)
    asked = {code for step in it.step.values() for code in _asks(step)}
    for field in it.field.values():
        if field.asked == "step" and field.code not in asked:
            yield Problem(f"field.{field.code}", "no step asks this")
    yield from _coming_names(it)
    papers = {step.paper for step in it.step.values()}
    for paper in it.paper:
        if paper not in papers:
            yield Problem(f"paper.{paper}", "no step issues this")


def _coming_names(it: Procedure) -> Iterator[Problem]:
    """What the form asks of every matter has its own names; without a name one person is left out, and may be."""
    for code in sorted(RESERVED & it.field.keys()):
        yield Problem(f"field.{code}", "the form itself asks this")
    if (rule := it.anonymous) is not None:
        person = it.field.get(rule.field)
        if person is None or person.type != "person" or person.asked != "opening":
            yield Problem("anonymous", f"{rule.field} is no person asked at the opening")
        elif rule.taken and person.needed:
            yield Problem("anonymous", f"{rule.field} is needed, and cannot be left out")


def _step_names(it: Procedure, step: Step) -> Iterator[Problem]:
    where = f"step.{step.code}"
    branches = {branch.code for branch in it.branch}
    for state in (*step.from_, *step.targets()):
        yield from _known(where, state, it.states, "state")
    for branch in (*step.branch, *([step.turns] if step.turns else [])):
        yield from _known(where, branch, branches, "branch")
    for field in _asks(step):
        yield from _known(where, field, it.field, "field")
    if step.paper:
        yield from _known(where, step.paper, it.paper, "paper")
    if step.does == "hand-over" and not step.to_unit:
        yield Problem(where, "a hand-over needs `to_unit`")
    if step.to_unit == "competence" and not it.competence:
        yield Problem(where, "`to_unit` is by competence, but the procedure names no table of competence")
    accepted = {state for each in it.step.values() if each.does == "accept" for state in each.from_}
    if step.does == "hand-over" and not (step.targets() and step.targets() <= accepted):
        yield Problem(where, "nobody accepts what is handed over: a step from there must do `accept`")
    if step.outcome and step.grounds:
        yield Problem(where, "a step has outcomes or grounds, not both")


def _asks(step: Step) -> tuple[str, ...]:
    return (*step.asks, *(field for outcome in step.outcome.values() for field in outcome.asks))


def _known(where: str, name: str, names: Container[str], what: str) -> Iterator[Problem]:
    if name not in names:
        yield Problem(where, f"there is no {what} {name}")


def _clock_names(it: Procedure) -> Iterator[Problem]:
    moments = {moment: step for step in it.step.values() for moment in step.moments}
    for clock in it.clock.values():
        where = f"clock.{clock.code}"
        for moment in (*clock.starts, *clock.ends):
            if moment != RECEIVED:
                yield from _known(where, moment, moments, "moment")
        for moment in clock.pause:
            if moment not in moments or moments[moment].does != "pause":
                yield Problem(where, f"{moment} is no step that pauses")
        for moment in (each for way in clock.longer for each in way.by):
            if moment not in moments or moments[moment].does != "extend":
                yield Problem(where, f"{moment} is no step that extends")
        for field in filter(None, (clock.field, clock.since)):
            if field not in it.field or it.field[field].type not in DATED or it.field[field].personal:
                yield Problem(where, f"{field} is no public date or time")
            for moment in clock.starts:
                if field not in _known_at(it, moment):
                    yield Problem(where, f"{field} is not asked at {moment}")
        if not clock.ends:
            yield Problem(where, "nothing ends it")
    yield from _idle(it)


def _known_at(it: Procedure, moment: str) -> set[str]:
    """The fields asked at the opening, and those at the step that this moment is."""
    code, _, word = moment.partition(".")
    known = {field.code for field in it.asked()}
    if step := it.step.get(code):
        known |= {field.code for field in it.asked(code, word if word in step.outcome else None)}
    return known


def _idle(it: Procedure) -> Iterator[Problem]:
    """Steps that say they pause or extend, and no clock listens; pauses that nothing ends."""
    for step in it.step.values():
        words: list[str | None] = [*step.outcome, *step.grounds] or [None]
        if step.does == "extend" and not any(it.clocks_longer(step.code, word) for word in words):
            yield Problem(f"step.{step.code}", "lengthens no clock")
        if step.does == "pause" and not any(it.clocks_pausing(step.code, word) for word in words):
            yield Problem(f"step.{step.code}", "pauses no clock")
    does = {step.does for step in it.step.values()}
    if ("pause" in does) != ("resume" in does):
        yield Problem("step", "a step that pauses needs one that resumes, and the other way round")


def _limits(it: Procedure) -> Iterator[Problem]:
    branches = [branch.code for branch in it.branch]
    for clock in it.clock.values():
        where = f"clock.{clock.code}"
        yield from _lengths(clock)
        ways = (table for way in clock.longer for table in (way.to, way.add, way.remote))
        tables = (clock.limit, clock.remote, clock.law, clock.time, *ways)
        named = [table for table in tables if isinstance(table, dict)]
        for branch in sorted({each for table in named for each in table}):
            yield from _known(where, branch, branches, "branch")
        for branch in branches:
            limit = clock.limit_for(branch)
            if clock.limit_for(branch, remote=True) and not limit:
                yield Problem(where, f"a remote limit but no other in the branch {branch}")
            if not limit:
                continue
            if isinstance(clock.law, dict) and branch not in clock.law:
                yield Problem(where, f"no rule for the branch {branch}")
            if isinstance(clock.time, dict) and branch not in clock.time:
                yield Problem(where, f"no time for the branch {branch}")
            if not all(way.length(branch) for way in clock.longer):
                yield Problem(where, f"no longer limit for the branch {branch}")


def _lengths(clock: Clock) -> Iterator[Problem]:
    befores = {way.before for way in clock.longer}
    for text in clock.limits:
        try:
            if parse(text).before != (text in befores):
                yield Problem(f"clock.{clock.code}", f"{text}: only `before` counts back, and it must")
        except UnreadableLimit as error:
            yield Problem(f"clock.{clock.code}", str(error))


def _competence(it: Procedure, tables: Mapping[str, Table]) -> Iterator[Problem]:
    if it.competence is None:
        return
    if it.competence not in tables:
        yield Problem("competence", f"there is no table {it.competence}")
        return
    for name, dimension in tables[it.competence].dimension.items():
        field = it.field.get(name)
        known: Iterable[object] = (
            field.of if field and field.asked == "opening" and not field.personal else ()
        )
        if name == "procedure":
            known = [it.code]
        if name == "place":
            known = dimension.of
        if not known or not set(known) <= set(dimension.of):
            yield Problem("competence", f"{name} is no public choice of the opening with values of the table")


def _branches(it: Procedure) -> Iterator[Problem]:
    wrong = [problem for branch in it.branch[:-1] for problem in _condition(it, branch)]
    yield from wrong
    if not wrong:
        yield from _cover(it)


def _condition(it: Procedure, branch: Branch) -> Iterator[Problem]:
    where = f"branch.{branch.code}"
    if not branch.fields:
        yield Problem(where, "has no condition")
    for table in (*branch.any, *branch.all):
        for code, values in table.items():
            field = it.field.get(code)
            if field is None or not field.values or field.personal or field.asked != "opening":
                yield Problem(where, f"{code} is no public choice or yes-no of the opening")
            else:
                yield from (
                    Problem(where, f"{code} is never {value}")
                    for value in values
                    if value not in field.values
                )


def _cover(it: Procedure) -> Iterator[Problem]:
    """Every combination of answers is tried: each branch must be the first for one of them."""
    codes = sorted(frozenset[str]().union(*(branch.fields for branch in it.branch)))
    domains = [(*it.field[code].values, *(() if it.field[code].needed else (None,))) for code in codes]
    first: set[str] = set()
    overlaps: set[tuple[str, str]] = set()
    for values in product(*domains):
        fits = [branch.code for branch in it.branch if branch.fits(dict(zip(codes, values, strict=True)))]
        first.add(fits[0])
        overlaps |= {(fits[0], other) for other in fits[1:-1]}
    for branch in it.branch:
        if branch.code not in first:
            yield Problem(f"branch.{branch.code}", "is never the first that fits")
    for one, other in sorted(overlaps):
        yield Problem(f"branch.{one}", f"some answers fit {other} too: the order decides", note=True)


def _states(it: Procedure) -> Iterator[Problem]:
    routes = Routes(it)
    nodes = routes.onward(routes.starts())
    for state in it.states:
        here = {node for node in nodes if node.state == state}
        if not here:
            yield Problem(f"states.{state}", "cannot be reached")
        elif state not in it.ends and any(
            not any(node.state in it.ends for node in routes.onward({each})) for each in here
        ):
            yield Problem(f"states.{state}", "no way leads from here to an end")


def _clocks(it: Procedure) -> Iterator[Problem]:
    routes = Routes(it)
    for clock in it.clock.values():
        begun = routes.begun(clock)
        if not begun:
            yield Problem(f"clock.{clock.code}", "never starts")
        for node in sorted(routes.stuck(clock, begun)):
            yield Problem(
                f"clock.{clock.code}",
                f"cannot be met from the state {node.state} in the branch {node.branch}",
            )


def _examples(it: Procedure) -> Iterator[Problem]:
    calendar = draft(2025, 2027)
    for number, example in enumerate(it.example, start=1):
        where = f"example.{number}"
        if not it.valid.covers(day_of(example.received_at)):
            yield Problem(where, "lies outside the validity")
        try:
            yield from (Problem(where, what) for what in _differences(it, example, calendar))
        except (*IMPOSSIBLE, OutsideCalendar) as error:
            yield Problem(where, str(error))


def _differences(it: Procedure, example: Example, calendar: Calendar) -> Iterator[str]:
    expect = example.expect
    if (branch := it.branch_for(example.given)) != expect.branch:
        yield f"branch {branch}, expected {expect.branch}"
        return
    played = rehearse(it, example, calendar)
    if expect.state and played.state != expect.state:
        yield f"state {played.state}, expected {expect.state}"
    started = {clock.code for clock in played.clocks}
    for code, expected in expect.due.items():
        if code not in started:
            yield f"{code} does not start"
        elif (found := due(played, code)) != expected:
            local = found.astimezone(VIETNAM).isoformat() if found else "open"
            yield f"{code} due {local}, expected {expected.astimezone(VIETNAM).isoformat()}"
    if expect.running is not None and (still := running(played).keys()) != set(expect.running):
        yield f"running {', '.join(sorted(still))}, expected {', '.join(expect.running)}"


def flaws(table: Table) -> Iterator[Problem]:
    """The gaps of a table of competence, as notes, and its overlaps: for which values, and from when."""
    for flaw in gaps_and_overlaps(table):
        facts = ", ".join(f"{name} {value}" for name, value in flaw.facts)
        units = f": {', '.join(flaw.units)}" if flaw.units else ""
        yield Problem(facts, f"{flaw.kind} from {flaw.since}{units}", note=flaw.kind == "gap")
