"""What `check` proves: every flaw put into the toy procedure is found, and the shipped ones have none."""

import datetime as dt
from pathlib import Path

import pytest

from haicap.clocks.calendars import draft
from haicap.matters.procedures import parse, shipped
from haicap.matters.proving import check
from haicap.matters.rehearsal import IMPOSSIBLE, due, rehearse, running
from haicap.matters.schema import Example, Procedure

TOY = (Path(__file__).parent / "toy.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("procedure", shipped(), ids=lambda it: f"{it.code}-{it.valid.from_}")
def test_shipped_procedures_make_sense(procedure: Procedure) -> None:
    assert check(procedure) == []
    assert len(procedure.example) >= 2


def test_the_toy_makes_sense() -> None:
    assert check(parse(TOY)) == []


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ('ends = ["back", "no"]', 'ends = ["back", "never"]', "ends", "no state never"),
        ('public = ["title"]', 'public = ["borrower"]', "public", "no free text borrower"),
        ('from = "stopped"', 'from = "asked"', "states.stopped", "no way leads"),
        ('to = "stopped"', 'to = "lent"', "states.stopped", "cannot be reached"),
        ('to = "back"', 'to = "moon"', "step.give-back", "no state moon"),
        ('branch = "plain"', 'branch = "wet"', "step.wind-rises", "no branch wet"),
        ('asks = ["back_by"]', 'asks = ["when"]', "step.answer", "no field when"),
        ('asks = ["reason"]', "asks = []", "field.reason", "no step asks"),
        ('paper = "slip"', 'paper = "card"', "step.give-back", "no paper card"),
        ('paper = "slip"', "", "paper.slip", "no step issues"),
        ('does = "resume"', "", "step", "one that resumes"),
        ('does = "extend"', "", "clock.return", "longer is no step that extends"),
        ('pause = "stop"', "", "step.stop", "pauses no clock"),
        ('does = "extend"', 'does = "hand-over"', "step.longer", "a hand-over needs"),
        ('does = "extend"', 'does = "hand-over"\nto_unit = "stated"', "step.longer", "nobody accepts"),
        ('does = "extend"', 'does = "refer"\nto_unit = "competence"', "step.longer", "no table of competence"),
        ('starts = "answer.yes"', 'starts = "answer.maybe"', "clock.return", "no moment answer.maybe"),
        ('ends = "give-back"', "ends = []", "clock.return", "nothing ends it"),
        ('ends = "give-back"', 'ends = "wind-rises"', "clock.return", "cannot be met from the state lent"),
        ('starts = ["received_at", "wind-rises"]\nends', "starts = []\nends", "clock.answer", "never starts"),
        ('field = "back_by"', 'field = "height"', "clock.return", "height is no public date"),
        ('plain = "7 days"', 'plain = "soon"', "clock.answer", "soon"),
        ('plain = "7 days"', 'plain = "7 days before"', "clock.answer", "counts back"),
        ('before = "1 day before"', 'before = "1 day"', "clock.return", "counts back"),
        ('starts = "answer.yes"', 'starts = "answer.no"', "clock.return", "back_by is not asked at answer.no"),
        ('add = "7 days"', 'add = { plain = "7 days" }', "clock.return", "no longer limit for the branch risky"),
        ('field = "back_by"', 'time = { plain = "18:00" }', "clock.return", "no time for the branch risky"),
        ("[clock.answer.law.plain]", "[clock.answer.law.wet]", "clock.answer", "no rule for the branch plain"),
        ('plain = "7 days"', 'wet = "7 days"', "clock.answer", "no branch wet"),
        ('limit = { risky = "24 hours", ', "limit = { ", "clock.answer", "a remote limit but no other"),
        ('{ height = "high" }', '{ height = "steep" }', "branch.risky", "height is never steep"),
        ('{ height = "high" }', '{ rungs = "many" }', "branch.risky", "rungs is no public choice"),
        ('any = [{ height = "high" }, { windy = true }]', "", "branch.risky", "has no condition"),
        ('any = [{ height = "high" }', 'any = [{ height = ["high", "low"] }', "branch.plain", "never the first"),
        ("height = \"high\" }\n[example", "height = \"low\" }\n[example", "example.1", "branch plain, expected risky"),
        ("2026-08-04T08:00:00+07:00 }", "2026-08-05T08:00:00+07:00 }", "example.1", "answer due 2026-08-04T08"),
        ('state = "lent"', 'state = "back"', "example.2", "state lent, expected back"),
        ('running = ["return"]', "running = []", "example.2", "running return"),
        ('outcome = "yes"', 'outcome = "maybe"', "example.2", "outcome is missing"),
        ('step = "go-on"', 'step = "thank", ground = "joy"', "example.2", "ground is missing"),
        ("received_at = 2026-08-03", "received_at = 2027-08-03", "example.1", "outside the validity"),
        ('code = "ladder"', 'code = "ladder"\ncompetence = "ladders"', "competence", "no table ladders"),
        ('code = "ladder"', 'code = "ladder"\ncompetence = "difficulty"', "competence", "kind is no public choice"),
    ],
)  # fmt: skip
def test_a_flaw_is_found(old: str, new: str, where: str, what: str) -> None:
    assert old in TOY
    problems = check(parse(TOY.replace(old, new, 1)))
    assert any(it.where == where and what in it.what and not it.note for it in problems), problems


def test_branches_that_overlap_are_noted_since_the_order_decides() -> None:
    windy = '[[branch]]\ncode = "airy"\nvi = "Gió"\nen = "Airy"\nall = [{ windy = true }]\n'
    text = TOY.replace('[[branch]]\ncode = "plain"', windy + '[[branch]]\ncode = "plain"', 1)
    low = text.replace('any = [{ height = "high" }, { windy = true }]', 'any = [{ height = "high" }]', 1)
    low = low.replace("limit = { risky", 'limit = { airy = "1 hour", risky').replace(
        "[clock.answer.law.plain]",
        '[clock.answer.law.airy]\nmark = "memory"\nrule = { vi = "Gió", en = "Air" }\n[clock.answer.law.plain]',
    )
    assert [(it.where, it.note) for it in check(parse(low))] == [("branch.risky", True)]


class TestRehearsal:
    def play(self, *then: dict[str, object], **more: object) -> Example:
        start = {
            "received_at": dt.datetime(2026, 8, 3, 1, tzinfo=dt.UTC),
            "given": {"height": "low"},
            "expect": {"branch": "plain"},
        }
        return Example.model_validate(start | {"then": then} | more)

    def step(self, step: str, day: int, **more: object) -> dict[str, object]:
        return {"step": step, "at": dt.datetime(2026, 8, day, 3, tzinfo=dt.UTC), **more}

    def test_a_turn_starts_the_clock_anew_by_the_new_branch(self) -> None:
        played = rehearse(parse(TOY), self.play(self.step("wind-rises", 5)), draft(2025, 2027))
        assert played.branch == "risky"
        assert due(played, "answer") == dt.datetime(2026, 8, 6, 3, tzinfo=dt.UTC)

    def test_a_remote_unit_has_longer(self) -> None:
        play = self.play(given={"height": "high"}, remote=True, expect={"branch": "risky"})
        assert due(rehearse(parse(TOY), play, draft(2025, 2027)), "answer") == dt.datetime(
            2026, 8, 5, 1, tzinfo=dt.UTC
        )

    def test_lengthening_stops_at_the_count_and_at_the_cap(self) -> None:
        lend = self.step("answer", 4, outcome="yes", facts={"back_by": "2026-08-28"})
        longer = [self.step("longer", day) for day in (5, 6, 7)]
        played = rehearse(parse(TOY), self.play(lend, *longer[:2]), draft(2025, 2027))
        assert due(played, "return") == dt.datetime(2026, 9, 4, 17, tzinfo=dt.UTC)
        with pytest.raises(IMPOSSIBLE, match="2 times at most"):
            rehearse(parse(TOY), self.play(lend, *longer), draft(2025, 2027))

    def test_a_clock_that_stands_still_is_not_due(self) -> None:
        lend = self.step("answer", 4, outcome="yes", facts={"back_by": "2026-08-28"})
        crime = next(each for each in shipped() if each.code == "complaint" and each.valid.until is None)
        then = [self.step("accept", 4), self.step("suspend", 10, ground="force-majeure")]
        play = self.play(
            *then, given={"instance": "first", "against": "commune-act"}, expect={"branch": "first"}
        )
        assert due(rehearse(crime, play, draft(2025, 2027)), "settle") is None
        assert running(rehearse(parse(TOY), self.play(lend), draft(2025, 2027))).keys() == {"return"}

    def test_steps_out_of_place(self) -> None:
        with pytest.raises(IMPOSSIBLE, match="cannot be taken in the state asked"):
            rehearse(parse(TOY), self.play(self.step("give-back", 4)), draft(2025, 2027))
        with pytest.raises(IMPOSSIBLE, match="outcome is missing"):
            rehearse(parse(TOY), self.play(self.step("answer", 4)), draft(2025, 2027))
        with pytest.raises(IMPOSSIBLE, match="branch risky"):
            rehearse(parse(TOY), self.play(*[self.step("wind-rises", 4)] * 2), draft(2025, 2027))
        with pytest.raises(IMPOSSIBLE, match="dance cannot be taken"):
            rehearse(parse(TOY), self.play(self.step("dance", 4)), draft(2025, 2027))
