"""Telling whoever runs a long command how far it is: on standard error, and only where somebody watches."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def counted() -> Iterator[Callable[[str, int], None]]:
    """A function to be told what is being done and to how many more entries; keeps one line up to date."""
    from rich.console import Console

    so_far: Counter[str] = Counter()
    with Console(stderr=True).status("") as line:

        def more(doing: str, count: int) -> None:
            so_far[doing] += count
            line.update(f"{doing}: {so_far[doing]:,} entries")

        yield more
