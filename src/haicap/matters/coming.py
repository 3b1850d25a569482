"""How a matter comes in beside what its procedure asks: spoken for by another, without a name, in an emergency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

from haicap.matters.fields import PERSON_PARTS, Field, Unanswered, read_answers

Done = Literal["called", "passed"]
Facts = dict[str, JsonValue]

SPEAKER = Field(code="speaker", vi="Người đến nói thay", en="Who speaks for them", type="person", of={})
"""Whoever comes for somebody else; the procedure's own person is the one it concerns."""

RESERVED = frozenset({"speaker", "on_behalf", "anonymous", "emergency", "emergency_done", "alike"})
"""Names that no field of a procedure may have."""


@dataclass(frozen=True, slots=True)
class Coming:
    """`speaker`: parts of a person (`speaker.name` …) where another speaks; `emergency`: its code, what was `done`."""

    speaker: Mapping[str, str] = field(default_factory=dict)
    anonymous: bool = False
    emergency: str | None = None
    done: Done | None = None

    def facts(self) -> tuple[Facts, Facts]:
        """What is written down of it: (public, personal). Raises `Unanswered` where the speaker lacks a name."""
        personal = read_answers([SPEAKER], self.speaker)
        public: Facts = {"on_behalf": True} if personal else {}
        return public | ({"anonymous": True} if self.anonymous else {}), personal


AS_USUAL = Coming()
"""Whom it concerns comes, says who they are, and nothing burns."""


def without(person: str, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers without those about this person: what is not given is not kept."""
    gone = {f"{person}.{part}" for part in PERSON_PARTS}
    return {key: text for key, text in answers.items() if key not in gone}


class NotWithoutName(Unanswered):
    """This procedure takes nothing in without a name."""

    def __init__(self) -> None:
        super().__init__({"anonymous": "not-anonymous"})
