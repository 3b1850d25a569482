"""What is kept of units, rights and nodes while `reference` stands still."""

from django.db import transaction

from foreign import Line
from haicap.journal.ids import uuid7
from haicap.journal.intake import receive
from haicap.journal.reference import holding, standing
from haicap.units.entries import UnitMarked
from journals import DAY, Journal


class Reading:
    """What is read, and how often it was."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def moved() -> None:
    line = Line(unit="10507", channel="reference")
    line.write(uuid7(), UnitMarked(remote=True, since=DAY, act="QĐ"))
    receive(line.batch(), None)


def test_what_stands_is_read_again_once_reference_has_moved(journal: Journal) -> None:
    reading, name = Reading(), uuid7()
    assert [standing(name, reading, "worker") for _ in range(3)] == [1, 1, 1]
    with holding():
        assert standing(name, reading, "worker") == 1
        moved()
        assert standing(name, reading, "worker") == 2
    assert standing(name, reading, "worker") == 2
    assert standing(name, reading, "default") == 3  # who reads sees what that connection may see


def test_what_a_transaction_may_undo_is_not_kept(journal: Journal) -> None:
    reading, name = Reading(), uuid7()
    with transaction.atomic(using="worker"):
        assert [standing(name, reading, "worker") for _ in range(2)] == [1, 2]
    assert standing(name, reading, "worker") == 3
