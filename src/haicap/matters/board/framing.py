"""What every page of the board has: where it looks and when, and the tabs, which rooms above add their own to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haicap.matters.board.place import Here, Place, place, units_of
from haicap.matters.law import Law, law
from haicap.units.sign_in import Request


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the board: the name of its address, what it is called, and the action without which it says nothing."""

    name: str
    words: Callable[[], str]
    action: str = "board.see"


TABS: list[Tab] = [
    Tab("board:conference", lambda: _("Vướng mắc")),
    Tab("board:work", lambda: _("Việc")),
    Tab("board:preview", lambda: _("Thử thay đổi")),
]
"""The pages in order; a room above tells its own when it is made ready."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What every page of the board needs: where, when, the law, and the units by name."""

    at: datetime
    place: Place
    law: Law
    units: list[Here]
    tabs: tuple[Tab, ...]

    @property
    def names(self) -> dict[str, str]:
        """Names of units by code."""
        return {unit.code: unit.name for unit in self.units}

    @property
    def lang(self) -> str:
        """The language of the page."""
        return get_language() or "vi"


def asked_of(request: Request) -> Asked:
    """Where the page looks. Raises `Http404` beyond the person's reach."""
    try:
        here = place(request.person, request.GET.get("province", ""))
    except LookupError as error:
        raise Http404 from error
    tabs = tuple(tab for tab in TABS if request.person.may(tab.action))
    return Asked(timezone.now(), here, law(), units_of(here.code), tabs)


def frame(asked: Asked, current: str) -> dict[str, Any]:
    """What the frame of a page shows; `current` is the name of its address."""
    query = f"?province={asked.place.code}" if len(asked.place.choices) > 1 else ""
    tabs = [
        {"label": tab.words(), "url": reverse(tab.name) + query, "current": tab.name == current}
        for tab in asked.tabs
    ]
    communes = sum(unit.maps for unit in asked.units)
    return {"tabs": tabs, "place": asked.place, "communes": communes, "now": asked.at, "names": asked.names}
