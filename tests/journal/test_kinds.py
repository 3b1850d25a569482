"""Kinds of entry, and the ladder from older versions: `journal.md` 5."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from haicap.journal.kinds import KINDS, Body, body_of, decides, kind, upcast


@pytest.fixture
def jar() -> Iterator[type[Body]]:
    """A kind in its third version; before, it had `colour` in grams, and no `label`."""

    @kind("test.jar", version=3)
    class JarSeen(Body):
        grams: int
        label: str | None

    @upcast("test.jar", 1)
    def to_2(body: dict[str, Any]) -> dict[str, Any]:
        return {"grams": body["kilograms"] * 1000}

    @upcast("test.jar", 2)
    def to_3(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "label": None}

    yield JarSeen
    del KINDS["test.jar"]


@pytest.mark.parametrize(
    ("version", "body"), [(1, {"kilograms": 2}), (2, {"grams": 2000}), (3, {"grams": 2000, "label": None})]
)
def test_an_older_body_is_lifted_to_the_newest(jar: Any, version: int, body: dict[str, Any]) -> None:
    given = dict(body)
    assert body_of("test.jar", version, body) == jar(grams=2000, label=None)
    assert body == given


def test_what_is_newer_or_unknown_has_no_body(jar: Any) -> None:
    assert body_of("test.jar", 4, {"grams": 1}) is None
    assert body_of("test.nothing", 1, {}) is None
    del KINDS["test.jar"].upcasters[1]
    assert body_of("test.jar", 1, {"kilograms": 2}) is None


@pytest.mark.parametrize(
    "body", [{"grams": 1}, {"grams": 1, "label": None, "more": 1}, {"grams": "x", "label": None}]
)
def test_a_body_that_does_not_fit_its_kind_is_refused(jar: Any, body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        body_of("test.jar", 3, body)


def test_a_kind_is_registered_once(jar: Any) -> None:
    with pytest.raises(ValueError, match=r"test\.jar is registered twice"):
        kind("test.jar", version=1)(jar)


def test_free_and_unknown_bodies_decide_nothing(jar: Any) -> None:
    @kind("test.note", version=1, free=True)
    class Note(Body):
        pass

    del KINDS["test.note"]
    assert decides(jar(grams=1, label=None))
    assert not decides(Note())
    assert not decides(None)


def test_no_released_kind_lacks_a_step_of_its_ladder() -> None:
    for known in (it for it in KINDS.values() if it.body.__module__.startswith("haicap.")):
        assert all(known.reads(version) for version in range(1, known.version + 1)), known.name
