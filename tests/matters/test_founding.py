"""Publishing a new edition of a procedure: old matters keep theirs, new ones begin with it."""

from datetime import UTC, datetime
from importlib.resources import files

import pytest

from haicap.matters.founding import publish_procedure
from haicap.matters.law import law
from matters.acting import raises

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])


def test_a_new_edition_is_for_new_matters() -> None:
    text = (files("haicap.matters") / "shipped" / "difficulty.toml").read_text(encoding="utf-8")
    other = text.replace('limit = "10 working days"', 'limit = "5 working days"')
    assert publish_procedure(text, using="default") is False
    old = raises("clerk", "difficulty", "Trụ sở dột", {"kind": "headquarters", "what": "Dột"})
    assert publish_procedure(other, using="default") is True
    new = raises("clerk", "difficulty", "Trụ sở dột", {"kind": "headquarters", "what": "Dột"})
    assert old.edition != new.edition
    assert (old.clocks[0].limit, new.clocks[0].limit) == ("10 working days", "5 working days")
    assert law().pinned(old.edition).clock["answer"].limit == "10 working days"
    assert law().procedure("difficulty", datetime.now(UTC)).edition == new.edition
