"""A database of its own for a test of the journal, and a folder with the node's keys and a witness file."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

if TYPE_CHECKING:
    from journals import Journal


@pytest.fixture
def register(own_database: str, tmp_path: Path, settings: Settings) -> "Journal":
    """The whole register of units."""
    from journals import Journal  # needs Django, which is not ready when this file is read

    shutil.copy(settings.HOME / "node.json", tmp_path)
    settings.HOME = tmp_path
    return Journal(tmp_path)


@pytest.fixture
def journal(register: "Journal") -> "Journal":
    """Two units, a post and somebody in it."""
    register.begin()
    return register
