"""What verification finds wrong, named by stream and `seq`."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it was written. `stream` and `seq` are None where it lies outside a stream."""

    stream: str | None
    seq: int | None
    what: str


@dataclass(slots=True)
class _Run:
    """The same thing, wrong in consecutive entries of a stream."""

    stream: UUID
    first: int
    last: int
    what: str

    def problem(self) -> Problem:
        further = self.last - self.first
        return Problem(
            str(self.stream), self.first, self.what + (f" (and so in the next {further})" if further else "")
        )


@dataclass(slots=True)
class Findings:
    """What one piece of work went through and found; a run of equal faults becomes one problem."""

    entries: int = 0
    runs: list[_Run] = field(default_factory=list)
    others: list[Problem] = field(default_factory=list)

    def add(self, stream: UUID, seq: int, what: str) -> None:
        """Take down a fault of one entry."""
        for run in reversed(self.runs[-3:]):  # an entry may have a few faults at once
            if run.stream == stream and run.what == what and run.last == seq - 1:
                run.last = seq
                return
        self.runs.append(_Run(stream, seq, seq, what))

    def problems(self) -> list[Problem]:
        """All faults found, those of entries first."""
        return [*(run.problem() for run in self.runs), *self.others]
