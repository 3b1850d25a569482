"""The sorts of plan: which questions can be asked, and how each is answered from the record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from haicap.means.plans.outcome import Answer, Item
from haicap.units.rights import Person


class NotCalculated(Exception):
    """The question has no answer here; it says why in words for people, as where there is nothing to plan for."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of which province, with which parameters, and what was put right by hand (keys of items).

    `more`: also what one more of what is scarce would change, which takes further searches.
    """

    province: str
    asked: Mapping[str, str]
    kept: Sequence[str]
    forbidden: Sequence[str]
    at: datetime
    more: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """What adopting an item asks of a unit."""

    unit: str
    title: str
    what: str


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of plan. Words are translated when shown.

    `form` asks for the parameters; `answer` reads the record as `person` may see it and solves (raises
    `NotCalculated`); `request` says what an item asks of whom; `words` tells a code that stands in an answer; `named`
    names the subjects of items, as far as the person may see them named.
    """

    code: str
    name: Any
    about: Any
    form: type[forms.Form]
    answer: Callable[[Person, Question], Answer]
    request: Callable[[Item, Mapping[str, str]], Request]
    words: Callable[[str], str]
    named: Callable[[Person, Sequence[UUID]], Mapping[UUID, str]] = lambda person, ids: {}
    ends: tuple[Any, Any] = (gettext_lazy("cho"), gettext_lazy("nhận"))  # of a line on the map


SORTS: dict[str, Sort] = {}


def told(sort: Sort) -> None:
    """Offer a sort of plan."""
    SORTS[sort.code] = sort
