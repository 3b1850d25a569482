"""Every test of the duty desk reads as the ward's clerk does, unless it says otherwise."""

import pytest


@pytest.fixture(autouse=True)
def clerk(db: None) -> None:
    """The session sees what the clerk may see."""
    from haicap.units.rights import tell_database
    from pages import person

    tell_database(person("clerk"))
