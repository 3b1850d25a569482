"""Pieces of work for several processes. Imported by each before Django is: so it imports no tables."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from os import cpu_count
from typing import Any, TypeVar
from uuid import UUID

from haicap.journal.findings import Findings

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Refold:
    """The subjects after `low` up to `high`, folded again and held against their rows."""

    using: str
    where: Mapping[str, Any]  # what psycopg connects with
    low: UUID
    high: UUID

    def __call__(self) -> Findings:
        from django import setup
        from django.apps import apps

        if not apps.ready:
            setup()
        from django.db import connections

        from haicap.journal.refolding import compare

        its = connections[self.using].settings_dict
        its["NAME"] = self.where["dbname"]
        its["OPTIONS"]["application_name"] = self.where["application_name"]  # not another client's session
        return compare((self.low, self.high), self.using)


def run(
    tasks: Sequence[Callable[[], R]],
    processes: int | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[R]:
    """The results of tasks in their order: by this process where one is enough, else by fresh ones.

    `processes` is the number of processors unless given. Fresh processes share no connection with this one, which
    does `meanwhile` while they begin.
    """
    number = min(processes or cpu_count() or 1, len(tasks))
    if number < 2:
        meanwhile()
        yield from (task() for task in tasks)
        return
    with ProcessPoolExecutor(number, mp_context=get_context("spawn")) as pool:
        results = pool.map(_call, tasks)
        meanwhile()
        yield from results


def _call(task: Callable[[], R]) -> R:
    return task()
