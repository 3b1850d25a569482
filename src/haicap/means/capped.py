"""A long list, counted only so far as anybody reads the number."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
MOST = 10_000  # a list is counted, and can be paged through, so far


class Capped(Generic[M]):
    """Rows in order, as much of a list as a `Paginator` needs."""

    def __init__(self, rows: QuerySet[M]) -> None:
        self.rows = rows

    @cached_property
    def counted(self) -> int:
        """How many there are, up to one more than `MOST`."""
        return self.rows.order_by()[: MOST + 1].count()

    @property
    def more(self) -> bool:
        """Whether there are more than are counted."""
        return self.counted > MOST

    def count(self) -> int:
        """How many there are, `MOST` where there are more."""
        return min(self.counted, MOST)

    def __getitem__(self, places: slice) -> Sequence[M]:
        """The rows in these places."""
        return list(self.rows[places])


def paged(rows: QuerySet[M], number: str | None, per_page: int) -> Page[Any]:
    """The page of this number; the first where it names none. Two queries."""
    its: Paginator[Any] = Paginator(Capped(rows), per_page)  # type: ignore[arg-type]  # it asks for no more than this
    return its.get_page(number)
