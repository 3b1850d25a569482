"""The settlement of a conflict, the same for every kind of subject: the result in full, as its fold has it."""

from uuid import UUID

from pydantic import JsonValue

from haicap.journal.kinds import Body, kind


@kind("journal.settled", version=1, settles=True)
class Settled(Body):
    """A conflict is settled: what it disposes of, the state that results, in full, and why."""

    disposes: tuple[UUID, ...]
    state: dict[
        str, JsonValue
    ]  # as the subject's fold writes its state; fields that came later have defaults
    reason: str
