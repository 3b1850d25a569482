"""The time limits of a procedure as data, and what is to be asked of `haicap.clocks` when one starts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field as Of
from pydantic import JsonValue, StringConstraints, model_validator

from haicap.clocks.limits import parse as parse_limit
from haicap.clocks.steps import Extension
from haicap.clocks.wall import VIETNAM
from haicap.matters.parts import Code, FieldCode, Law, Moments, Named, Part

Regime = Literal["civil", "criminal-procedure", "office"]
Facts = Mapping[str, JsonValue]
PerBranch = dict[Code, str]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]

RECEIVED = "received_at"
"""The moment at which a matter came in: the first event of every matter."""

UNTIL = "until"
"""The limit of a clock that runs until what a field states, or until a time of the day."""


class Run(NamedTuple):
    """A clock that starts: reckon `limit` from `start` (aware)."""

    start: dt.datetime
    limit: str


class Longer(Part):
    """A way to lengthen a clock: `to` and `cap` count from its start, `add` from its due date."""

    by: Moments
    to: str | PerBranch | None = None
    add: str | PerBranch | None = None
    remote: str | PerBranch | None = None
    times: int = Of(default=1, ge=1)
    cap: str | None = None
    before: str | None = None
    law: Law

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if (self.to is None) == (self.add is None):
            raise ValueError("exactly one of `to` and `add`")
        return self

    def length(self, branch: str, *, remote: bool = False) -> str | None:
        """The length as written; None where the clock is not lengthened in this branch."""
        far = _for_branch(self.remote, branch) if remote else None
        return far or _for_branch(self.to, branch) or _for_branch(self.add, branch)

    def extension(self, branch: str, *, remote: bool, ground: str = "", lang: str = "vi") -> Extension:
        """What `reckon` is to be told when the clock is lengthened. Raises `UnreadableLimit`."""
        how: Literal["to", "add"] = "to" if self.to else "add"
        return Extension(
            parse_limit(self.length(branch, remote=remote) or ""),
            how,
            ground,
            self.law.rule.in_(lang),
            self.law.mark,
        )

    @property
    def limits(self) -> tuple[str, ...]:
        """Every length written here, to be read by `haicap.clocks`."""
        tables = (self.to, self.add, self.remote, self.cap, self.before)
        return tuple(text for table in tables for text in _texts(table))


class Clock(Named):
    """A time limit: whom it binds, when it runs, when it is met, and by what rule."""

    binds: Literal["holder", "raiser", "third-party"] = "holder"
    days: Regime | None = None
    limit: str | PerBranch
    remote: str | PerBranch | None = None
    field: FieldCode | None = None
    time: TimeOfDay | dict[Code, TimeOfDay] | None = None
    starts: Moments
    since: FieldCode | None = None
    ends: Moments
    pause: Moments = ()
    longer: tuple[Longer, ...] = ()
    law: Law | dict[Code, Law]

    @model_validator(mode="after")
    def _until_what(self) -> Self:
        if (self.limit == UNTIL) != ((self.field is None) != (self.time is None)):
            raise ValueError(
                "the limit `until` needs one of `field` and `time`, and no other limit takes them"
            )
        return self

    def limit_for(self, branch: str, *, remote: bool = False) -> str | None:
        """The limit as written ("24 hours", "until"); None when the clock does not run in this branch."""
        far = _for_branch(self.remote, branch) if remote else None
        return far or _for_branch(self.limit, branch)

    def law_for(self, branch: str) -> Law:
        """The rule behind the limit in this branch. Raises `KeyError` for a branch without one."""
        return self.law if isinstance(self.law, Law) else self.law[branch]

    def run(self, branch: str, *, remote: bool, at: dt.datetime, facts: Facts) -> Run | None:
        """What `haicap.clocks.reckoning.reckon` is to be asked when an event at `at` starts the clock.

        None when the clock does not run in this branch, or when the date it needs was not given. `at` is
        aware; `facts` are the public facts, those of the event included.
        """
        limit = self.limit_for(branch, remote=remote)
        since = self._since(at, facts)
        if limit is None or since is None:
            return None
        if limit != UNTIL:
            return Run(since, limit)
        if time := _for_branch(self.time, branch):
            return Run(_next(time, since), "at once")
        stated = facts.get(self.field or "")
        if not isinstance(stated, str):
            return None
        return (
            Run(dt.datetime.fromisoformat(stated), "at once")
            if "T" in stated
            else Run(since, f"until {stated}")
        )

    def _since(self, at: dt.datetime, facts: Facts) -> dt.datetime | None:
        if self.since is None:
            return at
        stated = facts.get(self.since)
        if not isinstance(stated, str):
            return None
        since = dt.datetime.fromisoformat(stated)
        return since if since.tzinfo else since.replace(tzinfo=VIETNAM)

    @property
    def limits(self) -> tuple[str, ...]:
        """Every limit written here apart from `until`, to be read by `haicap.clocks`."""
        texts = (
            *_texts(self.limit),
            *_texts(self.remote),
            *(text for way in self.longer for text in way.limits),
        )
        return tuple(text for text in texts if text != UNTIL)


def _for_branch(limit: str | PerBranch | None, branch: str) -> str | None:
    return limit.get(branch) if isinstance(limit, dict) else limit


def _texts(limit: str | PerBranch | None) -> tuple[str, ...]:
    if limit is None:
        return ()
    return (limit,) if isinstance(limit, str) else tuple(limit.values())


def _next(time: str, since: dt.datetime) -> dt.datetime:
    """The next moment at which clocks in Vietnam show `time`, `since` itself included."""
    wall = since.astimezone(VIETNAM)
    then = dt.datetime.combine(wall.date(), dt.time.fromisoformat(time), VIETNAM)
    return then if then >= wall else then + dt.timedelta(days=1)
