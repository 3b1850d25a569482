"""A province's year, written into the journal by several processes at once."""

import os
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait

from haicap.journal.node import own
from haicap.matters.law import law
from haicap.matters.year.people import crew
from haicap.matters.year.process import work
from haicap.matters.year.running import Year, files, fill
from haicap.matters.year.shape import load

Told = Callable[[str, int, int], None]
"""Hears how a loading goes: what is being done, how much of it is done, and of how much (0: not known)."""

PROCESSES = 4  # at most; two cores are kept busy by two, and the database needs some of each


class CutOff(RuntimeError):
    """A process that loads ended before its work was done."""


def load_year(year: Year, province: str, *, told: Told, using: str = "worker") -> int:
    """Write the year of all files of `province`; returns how many entries.

    Files are shared out among processes, each with a desk and a connection of its own: a file has one writer.
    What the journal holds already is passed over. `told` hears of files done. Raises `CutOff`.
    """
    people = crew(province, year.last, using=using)
    codes = [unit.code for unit in files(people)]
    told("year", 0, len(codes))
    context, lines, processes = get_context("spawn"), [], []
    for part in shared_out(codes, min(PROCESSES, os.cpu_count() or 1)):
        ours, theirs = context.Pipe(duplex=False)
        arguments = (theirs, year.seed, year.end.isoformat(), province, part, using)
        processes.append(context.Process(target=work, args=arguments, daemon=True))
        processes[-1].start()
        theirs.close()
        lines.append(ours)
    try:
        return _followed(lines, len(codes), told)
    finally:
        for process in processes:
            process.terminate()  # where we were cut off; else it has ended, or is about to
            process.join()


def _followed(lines: list[Connection], files_in_all: int, told: Told) -> int:
    """Hear the processes out; each sends (files, entries) and at last None."""
    done = entries = 0
    while lines:
        for line in wait(lines):
            assert isinstance(line, Connection)
            try:
                news = line.recv()
            except EOFError as error:
                raise CutOff("a process that was loading the year ended early") from error
            if news is None:
                lines.remove(line)
            else:
                done, entries = done + news[0], entries + news[1]
                told("year", done, files_in_all)
    return entries


def shared_out(codes: Sequence[str], parts: int) -> list[list[str]]:
    """Files dealt out so that each part has about the same work, the heaviest first."""
    dealt: list[list[str]] = [[] for _ in range(parts)]
    weights = [0.0] * parts
    for code in codes:
        lightest = weights.index(min(weights))
        dealt[lightest].append(code)
        weights[lightest] += load(code) if "-" not in code else 3.0
    return dealt


def load_files(
    year: Year,
    province: str,
    codes: Sequence[str],
    progress: Callable[[int, int], None],
    *,
    using: str = "worker",
) -> int:
    """Fill and load the files of these units one by one; `progress` hears (files, entries) after each."""
    people, its_law, node = crew(province, year.last, using=using), law(using=using), own(using)
    written = 0
    for code in codes:
        desk = fill(year, people.units[code], crew=people, law=its_law, own=node)
        entries = desk.load(using)
        written += entries
        progress(1, entries)
    return written
