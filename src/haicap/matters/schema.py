"""A procedure as data: what a TOML file in `shipped/` may say, and the questions the engine asks of it.

Shape and types are enforced here, on reading; that a procedure makes sense (`proving.check`) is proved apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, JsonValue, model_validator
from pydantic import Field as Of
from pydantic.json_schema import SkipJsonSchema

from haicap.matters.fields import Field, read_answers
from haicap.matters.parts import (
    Code,
    Coded,
    Codes,
    FieldCode,
    Law,
    Level,
    Named,
    Part,
    Role,
    Text,
    Valid,
    listed,
)
from haicap.matters.timing import RECEIVED, Clock, Facts, Longer, Regime

Side = Literal["holder", "raiser", "parent"]
Does = Literal[
    "hand-over",
    "accept",
    "refer",
    "assign",
    "pause",
    "resume",
    "extend",
    "refuse",
    "correct",
    "reopen",
    "join",
]
ToUnit = Literal["competence", "parent", "raiser", "stated"]

Fits = dict[
    FieldCode,
    Annotated[
        tuple[bool | Code, ...],
        BeforeValidator(listed, json_schema_input_type=bool | Code | list[bool | Code]),
    ],
]
"""One table of a condition: every field named has one of the values given."""


class Opens(Part):
    """Where and by whom a matter is raised, and to whom it goes at once."""

    at: Annotated[tuple[Level, ...], BeforeValidator(listed, json_schema_input_type=Level | list[Level])]
    by: tuple[Role, ...]
    anywhere: bool = False
    to_unit: Literal["competence", "stated"] | None = None


class Branch(Named):
    """One way through the procedure; the first that fits is taken, the last is `otherwise`."""

    code: Code
    any: tuple[Fits, ...] = ()
    all: tuple[Fits, ...] = ()
    otherwise: bool = False

    def fits(self, facts: Facts) -> bool:
        """Whether these public facts belong here. A field without an answer fits nothing."""
        if self.otherwise:
            return True
        some = not self.any or any(_fits(table, facts) for table in self.any)
        return some and all(_fits(table, facts) for table in self.all)

    def because(self, facts: Facts) -> tuple[str, ...]:
        """The fields whose answers brought a matter here, in the order of the conditions; none for `otherwise`."""
        hits = [table for table in self.any if _fits(table, facts)]
        return tuple(dict.fromkeys(field for table in (*hits, *self.all) for field in table))

    @property
    def fields(self) -> frozenset[str]:
        """The fields on which this branch depends."""
        return frozenset(field for table in (*self.any, *self.all) for field in table)


ONLY = Branch(code="only", vi="Mọi trường hợp", en="Every case", otherwise=True)
"""The branch of a procedure that has none."""


class Outcome(Text):
    """What a step may end in. `to` overrides the step's; `asks` adds to the step's."""

    to: Code | None = None
    asks: tuple[FieldCode, ...] = ()


class Step(Named):
    """Something that people may do. No `from`: a duty beside the states; no `to`: it moves nothing."""

    from_: Annotated[Codes, Of(alias="from")] = ()
    to: Code | None = None
    by: tuple[Role, ...]
    side: Side = "holder"
    branch: Codes = ()
    turns: Code | None = None
    does: Does | None = None
    to_unit: ToUnit | None = None
    asks: tuple[FieldCode, ...] = ()
    outcome: Annotated[dict[Code, Outcome], Of(default_factory=dict)]
    grounds: Annotated[dict[Code, Text], Of(default_factory=dict)]
    paper: Code | None = None
    help: Text | None = None
    usual: bool = True

    def targets(self) -> frozenset[str]:
        """Every state that this step can lead to; empty when it moves nothing."""
        ends = {outcome.to or self.to for outcome in self.outcome.values()} or {self.to}
        return frozenset(end for end in ends if end)

    def leads_to(self, outcome: str | None) -> str | None:
        """The state after this step with this outcome; None when it stays as it is."""
        return (self.outcome[outcome].to if outcome else None) or self.to

    def says(self, word: str | None = None) -> frozenset[str]:
        """The moments that taking this step is: itself, and `step.word` for its outcome or ground."""
        return frozenset({self.code} | ({f"{self.code}.{word}"} if word else set()))

    @property
    def moments(self) -> frozenset[str]:
        """Every moment that a clock may name of this step."""
        return frozenset({self.code, *(f"{self.code}.{word}" for word in (*self.outcome, *self.grounds))})


class Emergency(Named):
    """What cannot wait for a form: its words as people mark it, the numbers to call, and what to do first."""

    call: tuple[Annotated[str, Of(pattern=r"^[0-9]{3,11}$")], ...] = Of(min_length=1)
    first: Text
    law: Law | None = None


class Anonymous(Text):
    """What follows, in one sentence, where whoever comes gives no name. `field`: who that would be.

    `taken`: whether it is taken in all the same by this procedure.
    """

    field: FieldCode
    taken: bool
    law: Law | None = None


def written(value: object) -> object:
    """A date or time of TOML as the ISO 8601 text that facts hold."""
    return value.isoformat() if isinstance(value, dt.date) else value


Given = dict[FieldCode, Annotated[JsonValue, BeforeValidator(written)]]
"""Facts of an example, canonical; dates may be written as TOML dates."""


class Taken(Part):
    """A step taken in an example."""

    step: Code
    at: dt.datetime
    outcome: Code | None = None
    ground: Code | None = None
    facts: Annotated[Given, Of(default_factory=dict)]


class Expect(Part):
    """What an example must come to: the branch, and where stated the state and the instants due."""

    branch: Code
    state: Code | None = None
    due: Annotated[dict[Code, dt.datetime], Of(default_factory=dict)]
    running: tuple[Code, ...] | None = None


class Example(Part):
    """A worked example, run by `haicap procedures check`."""

    received_at: dt.datetime
    remote: bool = False
    given: Annotated[Given, Of(default_factory=dict)]
    then: tuple[Taken, ...] = ()
    expect: Expect


class Charge(Text):
    """A paper that people bring, or a fee that they pay, with the rule that asks for it."""

    law: Law


class Procedure(Part):
    """A whole procedure. `edition` is the SHA-256 of its text and is what a matter pins for life."""

    code: Code
    edition: SkipJsonSchema[str]
    name: Text
    valid: Valid
    opens: Opens
    days: Regime
    public: tuple[str, ...] = ()
    competence: Code | None = None
    states: Annotated[dict[Code, Text], Of(min_length=1)]
    ends: tuple[Code, ...]
    field: Annotated[dict[FieldCode, Field], Coded, Of(default_factory=dict)]
    branch: tuple[Branch, ...] = (ONLY,)
    step: Annotated[dict[Code, Step], Coded]
    clock: Annotated[dict[Code, Clock], Coded, Of(default_factory=dict)]
    paper: Annotated[dict[Code, Text], Of(default_factory=dict)]
    emergency: Annotated[dict[Code, Emergency], Coded, Of(default_factory=dict)]
    anonymous: Anonymous | None = None
    brings: tuple[Charge, ...] = ()
    fee: tuple[Charge, ...] = ()
    example: tuple[Example, ...] = ()

    @model_validator(mode="after")
    def _branches_are_total(self) -> Self:
        if [branch.otherwise for branch in self.branch] != [False] * (len(self.branch) - 1) + [True]:
            raise ValueError("the last branch, and no other, is `otherwise`")
        return self

    @property
    def for_people(self) -> bool:
        """Whether people come with it: it asks who they are. All others are the service's own."""
        return any(field.type == "person" for field in self.field.values())

    @property
    def first_state(self) -> str:
        """The state in which a matter opens: the first one listed."""
        return next(iter(self.states))

    def branch_for(self, facts: Facts) -> str:
        """The code of the first branch that fits the public facts (canonical, as `check` gives them)."""
        return next(branch.code for branch in self.branch if branch.fits(facts))

    def steps_from(
        self, state: str, branch: str, roles: Collection[str], sides: Collection[str] = ("holder",)
    ) -> tuple[Step, ...]:
        """The steps that someone with these roles, on these sides of the matter, may take now."""
        return tuple(step for step in self.step.values() if _offered(step, state, branch, roles, sides))

    def asked(self, step: str | None = None, outcome: str | None = None) -> tuple[Field, ...]:
        """The fields asked at the opening (no `step`), or at a step with its outcome, in the file's order."""
        if step is None:
            return tuple(field for field in self.field.values() if field.asked == "opening")
        taken = self.step[step]
        wanted = {*taken.asks, *(taken.outcome[outcome].asks if outcome else ())}
        return tuple(field for field in self.field.values() if field.code in wanted)

    def is_personal(self, field: str) -> bool:
        """Whether a field (or `title`, or `comment`) is sealed.

        Personal fields always; free text too as soon as the procedure has a personal field, unless it is
        listed in `public`.
        """
        known = self.field.get(field)
        if known and known.personal:
            return True
        free = known is None or known.type in ("text", "longtext")
        return free and field not in self.public and any(each.personal for each in self.field.values())

    def check(
        self, answers: Mapping[str, str], step: str | None = None, outcome: str | None = None
    ) -> tuple[dict[str, JsonValue], dict[str, JsonValue]]:
        """Read the answers given at the opening or at a step: (public, personal) facts, canonical JSON.

        Numbers are integers, money is a string, dates and times are ISO 8601 (times in UTC); a person
        is answered as `reporter.name`, `.id_number`, `.address` and `.phone` and becomes one object.
        Raises `Unanswered` with a reason for every answer that is missing, wrong or not asked for.
        """
        facts = read_answers(self.asked(step, outcome), answers)
        sealed = {code for code in facts if self.is_personal(code)}
        return (
            {code: value for code, value in facts.items() if code not in sealed},
            {code: value for code, value in facts.items() if code in sealed},
        )

    def clocks_starting(self, event: str, branch: str, word: str | None = None) -> tuple[Clock, ...]:
        """The clocks that begin with `received_at` or a step, with its outcome or ground where it has one.

        `branch` is the branch after the event. `Clock.run` tells from when and how long.
        """
        moments = {RECEIVED} if event == RECEIVED else self.step[event].says(word)
        return tuple(
            clock for clock in self.clock.values() if moments & set(clock.starts) and clock.limit_for(branch)
        )

    def clocks_ending(self, step: str, word: str | None = None) -> tuple[Clock, ...]:
        """The clocks that are met by a step with this outcome or ground."""
        return tuple(clock for clock in self.clock.values() if self.step[step].says(word) & set(clock.ends))

    def clocks_pausing(self, step: str, word: str | None = None) -> tuple[Clock, ...]:
        """The clocks that a step which pauses holds still."""
        return tuple(clock for clock in self.clock.values() if self.step[step].says(word) & set(clock.pause))

    def clocks_longer(self, step: str, word: str | None = None) -> tuple[tuple[Clock, Longer], ...]:
        """The clocks that a step lengthens, each with the way it does."""
        says = self.step[step].says(word)
        return tuple(
            (clock, way) for clock in self.clock.values() for way in clock.longer if says & set(way.by)
        )

    def regime_of(self, clock: str) -> Regime:
        """The regime by which a clock is reckoned: its own, else the procedure's."""
        return self.clock[clock].days or self.days


def _offered(step: Step, state: str, branch: str, roles: Collection[str], sides: Collection[str]) -> bool:
    return (
        (not step.from_ or state in step.from_)
        and (not step.branch or branch in step.branch)
        and not set(step.by).isdisjoint(roles)
        and step.side in sides
    )


def _fits(table: Fits, facts: Facts) -> bool:
    return all(facts.get(field) in wanted for field, wanted in table.items())
