"""A database of its own for a test of the journal, and a folder with the node's keys and a witness file."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from journals import Journal


@pytest.fixture
def register(own_database: str, own_folder: Path) -> "Journal":
    """The whole register of units."""
    from journals import Journal  # needs Django, which is not ready when this file is read

    return Journal(own_folder)


@pytest.fixture
def journal(start_from: Callable[[Callable[[], object]], None], own_folder: Path) -> "Journal":
    """Two units, a post and somebody in it."""
    from journals import Journal

    its = Journal(own_folder)
    start_from(its.begin)
    return its
