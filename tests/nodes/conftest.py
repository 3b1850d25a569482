"""A province and two communes in memory, made anew for each test."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from nodes.pair import Pair


@pytest.fixture
def pair() -> "Pair":
    """They have joined, and nothing more."""
    from nodes.pair import Pair  # needs Django, which is not ready when this file is read

    return Pair()


@pytest.fixture
def in_touch(pair: "Pair") -> None:
    """Each of the two communes has called once."""
    from nodes.pair import call

    for machine in (pair.ward, pair.other):
        assert call(pair, machine).good
