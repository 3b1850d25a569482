"""Every code that a page may have to say has its words, in both languages."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import get_args

import pytest
from django.utils.translation import override

from haicap.nodes import words
from haicap.nodes.courier import book
from haicap.nodes.exchange import calls, judging, records, signing, wire
from haicap.nodes.models import Incident

INCIDENTS = sorted({*calls.WRONG, *get_args(book.Why), "courier"} - {"gap"})  # a gap is no incident


def said() -> Iterator[tuple[str, dict[str, str]]]:
    """What is said of each code, by where codes come from; an unknown one is missing."""
    faults = {
        *get_args(calls.Code),
        *get_args(signing.Code),
        *get_args(wire.Reason),
        *get_args(book.Why),
    }
    yield "held", {code: words.held_reasons().get(code, "") for code in get_args(judging.Reason)}
    yield "faults", {code: words.faults().get(code, "") for code in faults}
    yield "reasons", {code: words.reasons().get(code, "") for code in get_args(records.Reason)}
    yield "things", {code: words.things().get(code, "") for code in get_args(records.Sort)}
    at = datetime.now(UTC)
    yield (
        "incidents",
        {sort: words.incident(Incident(sort=sort, what="", first=at, last=at)) for sort in INCIDENTS},
    )


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_code_has_words(language: str) -> None:
    with override(language):
        for name, its in said():
            assert [code for code, text in its.items() if not text or f": {code}." in text] == [], name


def test_no_words_are_the_same_in_both_languages() -> None:
    with override("vi"):
        vietnamese = dict(said())
    with override("en"):
        english = dict(said())
    same = [
        (name, code) for name, its in vietnamese.items() for code in its if its[code] == english[name][code]
    ]
    assert same == []


def test_nothing_is_said_of_codes_that_are_no_more() -> None:
    assert words.held_reasons().keys() == set(get_args(judging.Reason))
