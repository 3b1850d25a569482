"""Questions of siting without an answer, and what lies next to one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings

from haicap.plan.median import median
from haicap.plan.outcome import Infeasible
from haicap.plan.siting import Siting, changes
from towns import choices, sitings

LINE = Siting(  # villages at 0, 10, 20, 30 km along a road, each a site
    ("a", "b", "c", "d"),
    np.array([5.0, 1.0, 1.0, 4.0]),
    ("A", "B", "C", "D"),
    np.abs(np.subtract.outer(np.arange(4.0), np.arange(4.0))) * 10,
    1,
)


def reasons(it: Siting) -> tuple[str, ...]:
    """Why there is no answer; empty if there is one."""
    try:
        median(it)
    except Infeasible as none:
        return none.reasons
    return ()


@given(sitings())
@settings(max_examples=60, deadline=None)
def test_there_is_no_answer_just_where_no_choice_keeps_the_rules(it: Siting) -> None:
    assert bool(reasons(it)) != any(choices(it))


@given(sitings())
@settings(max_examples=100, deadline=None)
def test_the_reasons_cannot_hold_together_and_none_is_needless(it: Siting) -> None:
    found = reasons(it)
    assume(found)
    assert not any(choices(just(it, found)))
    for reason in found:
        fact = reason.startswith(("sites:", "demand:")) or len(it.forbidden) == len(it.sites)
        others = tuple(other for other in found if other != reason)
        assert fact or any(choices(just(it, others))), (reason, found)


def just(it: Siting, reasons: tuple[str, ...]) -> Siting:
    """The question with these rules alone; where the number of points is none of them, all sites may open."""
    named: dict[str, set[str]] = {
        what: set() for what in ("kept", "forbidden", "longest", "demand", "points", "sites")
    }
    for reason in reasons:
        what, _, code = reason.partition(":")
        named[what].add(code)
    rows = [row for row, code in enumerate(it.demands) if not named["demand"] or code in named["demand"]]
    return Siting(
        tuple(it.demands[row] for row in rows),
        it.people[rows],
        it.sites,
        it.km[rows],
        it.points if named["points"] else max(1, len(it.sites) - len(named["forbidden"])),
        frozenset(named["kept"]),
        frozenset(named["forbidden"]),
        it.longest if named["longest"] else None,
    )


def test_a_site_cannot_be_kept_and_forbidden() -> None:
    both = replace(LINE, kept=frozenset("AB"), forbidden=frozenset("BC"))
    assert reasons(both) == ("kept:B", "forbidden:B")


def test_more_sites_cannot_be_kept_than_there_are_points() -> None:
    assert reasons(replace(LINE, kept=frozenset("ABC"))) == ("points:1", "kept:A", "kept:B")


def test_too_many_sites_cannot_be_forbidden() -> None:
    found = reasons(replace(LINE, points=3, forbidden=frozenset("ABC")))
    assert found == ("points:3", "sites:4", "forbidden:A", "forbidden:B")


def test_who_can_be_reached_from_nowhere_is_named_with_what_is_forbidden_there() -> None:
    found = reasons(replace(LINE, longest=10.0, forbidden=frozenset("ABD")))
    assert found == ("longest:10", "demand:a", "forbidden:A", "forbidden:B")


def test_the_number_of_points_is_at_fault_alone_or_with_edits() -> None:
    assert reasons(replace(LINE, longest=10.0)) == ("longest:10", "points:1")
    assert reasons(replace(LINE, points=2, longest=0.0, kept=frozenset("A"))) == ("longest:0", "points:2")
    wide = replace(LINE, longest=20.0)
    assert median(wide).points == ("B",)
    assert reasons(replace(wide, kept=frozenset("A"))) == ("longest:20", "points:1", "kept:A")
    assert reasons(replace(wide, forbidden=frozenset("BC"))) == (
        "longest:20",
        "points:1",
        "forbidden:B",
        "forbidden:C",
    )


def test_what_lies_next_is_really_solved() -> None:
    it = replace(LINE, points=2, kept=frozenset("B"), forbidden=frozenset("D"), longest=20.0)
    answer = median(it)
    found = {change.code: change for change in changes(it, answer, median)}
    assert list(found) == ["points:3", "points:1", "kept:B", "forbidden:D", "longest:20"]
    assert answer.proof.value == 90  # B and C: 5 from A, 4 from D, ten kilometres each
    assert found["points:3"].better == 50
    assert found["points:1"].better == -50  # B alone: the four from d go twenty kilometres, c ten
    assert found["kept:B"].better == 40  # A and C
    assert found["forbidden:D"].better == 30  # B and D
    assert found["longest:20"].better == 0  # the limit does not bind


def test_what_lies_next_may_have_no_answer() -> None:
    it = replace(LINE, points=2, longest=10.0)
    found = {change.code: change for change in changes(it, median(it), median, codes=["points:1"])}
    assert list(found) == ["points:1"]
    assert found["points:1"].better is None
    assert found["points:1"].reasons == ("longest:10", "points:1")


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": 0},
        {"people": np.array([1.0, 2.0])},
        {"people": np.array([1.0, 2.0, -1.0, 1.0])},
        {"km": np.full((4, 4), np.nan)},
        {"sites": ("A", "B", "C", "C")},
        {"kept": frozenset("X")},
    ],
)
def test_a_question_that_does_not_fit_together_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        replace(LINE, **wrong)  # type: ignore[arg-type]
