"""What every plan answers, as plain data: kept beside the question, and written down whole when it is adopted.

Numbers are decimal strings: what is written down holds no floats.
"""

from uuid import UUID

from pydantic import Field

from haicap.journal.kinds import Body


class Said(Body):
    """A fact by its code, with its value as a text: an assumption, a figure, a limit that binds, what one more does.

    `unit` is the unit that it speaks of, if it is one's own.
    """

    code: str
    value: str = ""
    unit: str = ""


class Item(Body):
    """One thing that the plan proposes. `key` is the same again whenever the same is proposed: edits name it.

    `what` is a code of the catalogue, or of a plan's own sort; `of` the subjects concerned (officers, things).
    """

    key: str
    from_unit: str = ""
    to_unit: str = ""
    what: str
    of: tuple[UUID, ...] = ()
    serves: tuple[str, ...] = ()  # units that come to `to_unit`
    named: str = ""
    count: int = 1
    km: str = ""
    money: str = ""
    year: int | None = None
    kept: bool = False


class Without(Body):
    """A unit in need that got nothing, or not enough, and the code of the reason."""

    unit: str
    what: str = ""
    count: int = 0
    reason: str
    detail: str = ""


class Answer(Body):
    """A plan: what it proposes, how good that is, and what it says of itself.

    `value`, `bound`: what it minimises or maximises, and what no plan can pass; `gap` the share between them.
    `reasons`: rules that cannot hold together, where there is no plan; any fewer of them could.
    """

    items: tuple[Item, ...] = ()
    without: tuple[Without, ...] = ()
    figures: tuple[Said, ...] = ()
    assumed: tuple[Said, ...] = ()
    binding: tuple[Said, ...] = ()
    more: tuple[Said, ...] = ()
    reasons: tuple[str, ...] = ()
    value: str = ""
    bound: str = ""
    gap: str = ""
    inputs: str = Field(default="", description="SHA-256 of all that the solver was given")

    @property
    def possible(self) -> bool:
        """Whether there is a plan."""
        return not self.reasons
