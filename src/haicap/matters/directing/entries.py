"""What can be written down of a directive. What each unit does about a clause is a matter of its own."""

from datetime import date
from typing import Literal
from uuid import UUID

from haicap.journal.kinds import Body, kind

Sort = Literal["directive", "resolution", "plan", "visit"]


class ClauseSaid(Body):
    """One clause: how it is cited, what is to be done until the end of `due`, and what shows that it is done."""

    code: str
    text: str
    due: date
    target: str = ""


@kind("directive.issued", version=1)
class DirectiveIssued(Body):
    """A directive, a resolution, or the directions of a visit to the unit `visited`, and to which units it goes."""

    number: str
    title: str
    sort: Sort
    issued: date
    signer: str  # the post that issued it, or led the visit
    province: str | None
    clauses: tuple[ClauseSaid, ...]
    units: tuple[str, ...]
    visited: str | None = None
    previous: UUID | None = None  # the visit to the same unit before this one


@kind("directive.reminded", version=1, free=True)
class DirectiveReminded(Body):
    """Units that have not reported yet were reminded of these tasks."""

    tasks: tuple[UUID, ...]
    text: str
