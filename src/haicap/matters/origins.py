"""What a matter came of in another room, which this room knows only by what that room tells it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Origin:
    """A kind of thing that matters come of: what it is called (translated when shown), and where one of it is."""

    words: Any
    url: Callable[[UUID], str]


ORIGINS: dict[str, Origin] = {}
"""By the key in a matter's source that holds the thing's subject; each room tells its own when it is made ready."""


def origins(source: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a matter with this source came of: words and addresses."""
    return [(str(it.words), it.url(UUID(source[key]))) for key, it in ORIGINS.items() if source.get(key)]
