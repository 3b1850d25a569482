"""What a child says it has: noted once for each mark, only what has moved, and nothing of a life that was lost."""

from uuid import UUID

import pytest

from haicap.nodes import given
from haicap.nodes.models import Contact

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
NODE, LIFE, NEXT = UUID(int=1), UUID(int=2), UUID(int=3)
ONE, OTHER = UUID(int=11), UUID(int=12)


def test_what_a_child_says_it_has_is_kept_until_it_says_otherwise() -> None:
    Contact.objects.using("worker").create(node=NODE)
    assert given.of(NODE, LIFE) == ("", {})
    given.note(NODE, LIFE, "a", {ONE: 3, OTHER: 5})
    assert given.of(NODE, LIFE)[1] == {ONE: 3, OTHER: 5}
    given.note(NODE, LIFE, "b", {ONE: 4})
    assert given.of(NODE, LIFE)[0] == "b"
    assert given.of(NODE, LIFE)[1] == {ONE: 4}
    assert given.of(UUID(int=9), LIFE)[1] == {}


def test_a_restored_child_has_said_nothing_yet() -> None:
    Contact.objects.using("worker").create(node=NODE)
    given.note(NODE, LIFE, "a", {ONE: 3})
    assert given.of(NODE, NEXT)[1] == {}
    given.note(NODE, NEXT, "a", {OTHER: 1})
    assert given.of(NODE, NEXT)[1] == {OTHER: 1}
    assert given.of(NODE, LIFE) == ("", {})
