"""A batch of which all is made before it is taken in: nothing comes out otherwise than without that."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from foreign import Line, commented, raised, stepped
from haicap.journal import receiving
from haicap.journal.intake import Fork, Malformed, head, prepared, receive
from haicap.journal.refolding import Unfoldable
from haicap.matters.models import MatterRow
from journals import Journal

SUBJECTS = [UUID(int=n << 100) for n in range(1, 5)]


def filled() -> Line:
    """Four matters, each opened, decided on and remarked upon, one after the other."""
    line = Line()
    opened = [line.write(one, raised(str(n))) for n, one in enumerate(SUBJECTS)]
    for one, after in zip(SUBJECTS, opened, strict=True):
        line.write(one, stepped("answered"), after=after)
        line.write(one, commented())
    return line


def shown() -> list[dict[str, Any]]:
    return list(MatterRow.objects.using("worker").order_by("pk").values())


def test_its_rows_are_those_that_taking_in_makes(journal: Journal) -> None:
    line = filled()
    receive(prepared(line.batch(), line.hashes()[0]), None)
    assert [row["status"] for row in shown()] == ["answered"] * len(SUBJECTS)
    assert journal.problems(refold=True) == []


def test_what_is_made_of_it_is_not_made_again(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    line = filled()
    ready = prepared(line.batch(), line.hashes()[0])
    for name in ("check", "folded"):
        monkeypatch.delattr(receiving, name)
    assert [entry.seq for entry in receive(ready, None)] == [*range(1, len(line.items) + 1)]
    assert len(shown()) == len(SUBJECTS)


def test_what_lies_here_of_its_subjects_counts(journal: Journal) -> None:
    line = filled()
    receive(line.batch(0, 4), None)
    receive(prepared(line.batch(4), line.hashes()[4]), None)
    assert [row["status"] for row in shown()] == ["answered"] * len(SUBJECTS)
    assert journal.problems(refold=True) == []


def test_what_has_come_meanwhile_is_passed_over(journal: Journal) -> None:
    line = filled()
    ready = prepared(line.batch(), line.hashes()[0])
    receive(line.batch(0, 6), None)
    assert [entry.seq for entry in receive(ready, None)] == [*range(7, len(line.items) + 1)]
    assert journal.problems(refold=True) == []


def test_what_is_held_shows_nothing(journal: Journal) -> None:
    line = filled()
    ready = prepared(line.batch(), line.hashes()[0])
    receive(ready, {ready.entries[0].id: "right"})
    assert [row["id"] for row in shown()] == SUBJECTS[1:]
    assert journal.problems(refold=True) == []


def test_another_line_is_a_fork_before_and_here(journal: Journal) -> None:
    line, other = filled(), filled()
    with pytest.raises(Fork):
        prepared(line.batch(2, 2), line.hashes()[1])
    receive(line.batch(0, 2), None)
    with pytest.raises((Fork, Malformed)):
        receive(prepared(replace(other.batch(2, 2), description=line.description), other.hashes()[2]), None)
    known = head(line.id)
    assert known is not None
    assert known.seq == 2


def test_a_fold_that_fails_stores_nothing(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    line = filled()
    broken = Unfoldable(SUBJECTS[0], line.id, 1, ValueError("no"))
    monkeypatch.setattr(receiving, "folded", lambda *given: broken)
    ready = prepared(line.batch(), line.hashes()[0])
    with pytest.raises(Unfoldable):
        receive(ready, None)
    assert head(line.id) is None
