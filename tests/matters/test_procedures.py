"""A procedure is read from TOML, asked by the engine, and shown to authors as a JSON Schema."""

import datetime as dt
import json
from pathlib import Path

import pytest
from pydantic import BaseModel

from haicap.matters.parts import Text
from haicap.matters.procedures import Malformed, edition, in_force, json_schema, parse, shipped
from haicap.matters.schema import Procedure
from haicap.matters.timing import Run

ROOT = Path(__file__).parents[2]
TOY = (Path(__file__).parent / "toy.toml").read_text(encoding="utf-8")
MORNING = dt.datetime(2026, 8, 3, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def toy() -> Procedure:
    return parse(TOY)


def codes(steps: object) -> list[str]:
    return [step.code for step in steps]  # type: ignore[attr-defined]


class TestReading:
    def test_labels_come_in_both_languages_and_codes_from_the_keys(self, toy: Procedure) -> None:
        assert toy.step["give-back"].label("vi") == "Trả thang"
        assert toy.step["give-back"].label("en-gb") == "Give it back"
        assert toy.field["height"].of["low"].in_("en") == "Low"
        assert toy.clock["return"].code == "return"
        assert toy.first_state == "asked"

    def test_edition_is_the_digest_of_the_text_whatever_its_line_ends(self, toy: Procedure) -> None:
        assert toy.edition == edition(TOY) == edition(TOY.replace("\n", "\r\n"))
        assert parse(TOY.replace("\n", "\r\n")) == toy
        assert edition(TOY + "\n") != toy.edition

    @pytest.mark.parametrize(
        ("old", "new", "where"),
        [
            ('en = "Borrow a ladder"', "", "name.en"),
            ('by = ["clerk"]\nside', 'by = ["emperor"]\nside', "step.give-back.by"),
            ('does = "pause"', 'does = "dance"', "step.stop.does"),
            ('mark = "memory"', 'mark = "hearsay"', "clock.answer.law"),
            ('type = "person"', 'type = "person"\npersonal = false', "field.borrower"),
            ('type = "number"', 'type = "choice"', "field.rungs"),
            ('field = "back_by"', "", "clock.return"),
            ('add = "7 days"', 'add = "7 days"\nto = "9 days"', "clock.return.longer"),
            ('code = "ladder"', 'code = "ladder"\nedition = "x"', "edition"),
            ("[step.thank]", '[step.thank]\ncode = "thank"', "step"),
            ("otherwise = true", "any = [{ windy = false }]", "the last branch"),
            ('days = "civil"', 'days = "civil"\ncolour = "red"', "colour"),
            ('code = "ladder"', 'code = "ladder', "line 2"),
        ],
    )
    def test_a_fault_is_named_by_its_place(self, old: str, new: str, where: str) -> None:
        assert old in TOY
        with pytest.raises(Malformed) as caught:
            parse(TOY.replace(old, new, 1))
        assert any(where in fault for fault in caught.value.faults)

    def test_validity_is_half_open(self, toy: Procedure) -> None:
        assert in_force([toy], "ladder", dt.date(2026, 1, 1)) is toy
        assert in_force([toy], "ladder", dt.date(2026, 12, 31)) is toy
        assert in_force([toy], "ladder", dt.date(2027, 1, 1)) is None
        assert in_force([toy], "stairs", dt.date(2026, 5, 1)) is None


class TestBranchesAndSteps:
    @pytest.mark.parametrize(
        ("facts", "branch"),
        [
            ({"height": "high"}, "risky"),
            ({"height": "low", "windy": True}, "risky"),
            ({"height": "low", "windy": False}, "plain"),
            ({"height": "low"}, "plain"),
            ({}, "plain"),
        ],
    )
    def test_the_first_branch_that_fits(self, toy: Procedure, facts: dict[str, object], branch: str) -> None:
        assert toy.branch_for(facts) == branch  # type: ignore[arg-type]

    def test_a_branch_says_which_answers_lead_there(self, toy: Procedure) -> None:
        risky, plain = toy.branch
        assert risky.because({"height": "high", "windy": False}) == ("height",)
        assert risky.because({"height": "high", "windy": True}) == ("height", "windy")
        assert plain.because({"height": "low"}) == ()

    def test_steps_are_offered_by_state_branch_role_and_side(self, toy: Procedure) -> None:
        assert codes(toy.steps_from("asked", "plain", {"officer"})) == ["answer", "wind-rises"]
        assert codes(toy.steps_from("asked", "risky", {"officer"})) == ["answer"]
        assert codes(toy.steps_from("lent", "plain", {"leader"})) == ["longer", "stop"]
        assert codes(toy.steps_from("lent", "plain", {"clerk"})) == ["thank"]
        assert codes(toy.steps_from("lent", "plain", {"clerk"}, sides={"raiser"})) == ["give-back"]
        assert toy.steps_from("lent", "plain", {"auditor"}) == ()

    def test_an_outcome_may_lead_elsewhere(self, toy: Procedure) -> None:
        assert toy.step["answer"].leads_to("yes") == "lent"
        assert toy.step["answer"].leads_to("no") == "no"
        assert toy.step["thank"].leads_to(None) is None

    def test_fields_are_asked_at_the_opening_or_where_an_outcome_needs_them(self, toy: Procedure) -> None:
        assert codes(toy.asked()) == ["height", "windy", "why", "rungs", "deposit", "borrower"]
        assert codes(toy.asked("answer", "yes")) == ["back_by"]
        assert codes(toy.asked("answer", "no")) == ["reason"]
        assert toy.asked("thank") == ()

    def test_free_text_is_sealed_beside_personal_fields_unless_public(self, toy: Procedure) -> None:
        assert toy.is_personal("borrower")
        assert toy.is_personal("why")
        assert toy.is_personal("comment")
        assert not toy.is_personal("title")
        assert not toy.is_personal("height")

    def test_nothing_is_sealed_without_a_personal_field(self) -> None:
        (difficulty,) = [each for each in shipped() if each.code == "difficulty"]
        assert not difficulty.is_personal("what")
        assert not difficulty.is_personal("title")


class TestClocks:
    def test_starting_and_ending(self, toy: Procedure) -> None:
        assert codes(toy.clocks_starting("received_at", "plain")) == ["answer"]
        assert codes(toy.clocks_starting("wind-rises", "risky")) == ["answer"]
        assert codes(toy.clocks_starting("answer", "plain", "yes")) == ["return"]
        assert toy.clocks_starting("answer", "plain", "no") == ()
        assert codes(toy.clocks_ending("answer", "no")) == ["answer"]
        assert codes(toy.clocks_pausing("stop")) == ["return"]
        assert [(clock.code, way.times) for clock, way in toy.clocks_longer("longer")] == [("return", 2)]

    def test_the_limit_depends_on_branch_and_remoteness(self, toy: Procedure) -> None:
        clock = toy.clock["answer"]
        assert clock.limit_for("risky") == "24 hours"
        assert clock.limit_for("risky", remote=True) == "48 hours"
        assert clock.limit_for("plain", remote=True) == "7 days"
        assert clock.limit_for("unheard-of") is None
        assert clock.law_for("plain").mark == "memory"
        assert clock.law_for("risky").by_law
        assert not toy.clock["return"].law_for("risky").by_law
        assert toy.regime_of("answer") == "civil"

    def test_until_a_stated_date(self, toy: Procedure) -> None:
        clock = toy.clock["return"]
        run = clock.run("plain", remote=False, at=MORNING, facts={"back_by": "2026-08-10"})
        assert run == Run(MORNING, "until 2026-08-10")
        assert clock.run("plain", remote=False, at=MORNING, facts={}) is None

    def test_from_the_moment_that_a_field_states(self) -> None:
        stay = _shipped("stay-notification")
        late = {"arrived_at": "2026-08-03T23:40:00+07:00"}
        run = stay.clock["notify"].run("night", remote=False, at=MORNING, facts=late)
        assert run is not None
        assert run.limit == "at once"
        assert run.start == dt.datetime(2026, 8, 4, 1, tzinfo=dt.UTC)
        assert stay.clock["notify"].run("night", remote=False, at=MORNING, facts={}) is None


def _shipped(code: str) -> Procedure:
    procedure = in_force(shipped(), code, dt.date(2026, 8, 1))
    assert procedure is not None
    return procedure


LIMITS = {
    ("crime-report", "reception", "ordinary"): ("at once", "at once"),
    ("crime-report", "call", "urgent"): ("at once", "at once"),
    ("crime-report", "call", "ordinary"): (None, None),
    ("crime-report", "hand-over", "urgent"): ("24 hours", "48 hours"),
    ("crime-report", "hand-over", "ordinary"): ("7 days", "7 days"),
    ("crime-report", "hand-over-turned", "urgent"): ("24 hours", "48 hours"),
    ("crime-report", "forward", "ordinary"): ("24 hours", "24 hours"),
    ("crime-report", "procuracy-notified", "urgent"): ("3 days", "3 days"),
    ("crime-report", "receipt-told", "urgent"): ("3 working days", "3 working days"),
    ("crime-report", "assignment", "urgent"): ("3 days", "3 days"),
    ("crime-report", "settle", "urgent"): ("20 days", "20 days"),
    ("crime-report", "settle-resumed", "urgent"): ("1 month", "1 month"),
    ("crime-report", "decision-sent", "urgent"): ("24 hours", "24 hours"),
    ("crime-report", "outcome-told", "urgent"): ("3 days", "3 days"),
    ("residence-permanent", "settle", "only"): ("7 working days", "7 working days"),
    ("residence-temporary", "settle", "only"): ("3 working days", "3 working days"),
    ("residence-confirmation-known", "settle", "only"): ("0.5 working days", "0.5 working days"),
    ("residence-confirmation-checked", "settle", "only"): ("3 working days", "3 working days"),
    ("identity-card", "issue", "only"): ("7 working days", "7 working days"),
    ("foreigner-stay", "declare", "paper"): ("12 hours", "24 hours"),
    ("foreigner-stay", "declare", "web"): ("at once", "at once"),
    ("foreigner-stay", "pass-on", "paper"): ("24 hours", "24 hours"),
    ("complaint", "accept", "first"): ("7 working days", "7 working days"),
    ("complaint", "settle", "first"): ("30 days", "45 days"),
    ("complaint", "settle", "second"): ("45 days", "60 days"),
    ("denunciation", "check", "ours"): ("7 working days", "7 working days"),
    ("denunciation", "pass-on", "not-ours"): ("5 working days", "5 working days"),
    ("denunciation", "tell-accepted", "ours"): ("5 working days", "5 working days"),
    ("denunciation", "settle", "ours"): ("30 days", "30 days"),
    ("denunciation", "report-up", "ours"): ("5 working days", "5 working days"),
    ("lost-document", "notice", "passport"): ("2 working days", "2 working days"),
    ("lost-document", "tell", "passport"): ("1 working day", "1 working day"),
    ("feedback", "answer", "ours"): ("15 working days", "15 working days"),
    ("feedback", "pass-on", "not-ours"): ("5 working days", "5 working days"),
    ("means-request", "review", "only"): ("10 working days", "10 working days"),
    ("means-request", "provide", "only"): ("30 working days", "30 working days"),
}
"""What the texts say; the second is the limit in a remote place."""

THEIRS = {
    ("authority-request", "authority"),
    ("difficulty", "authority"),
    ("means-request", "authority"),
    ("recommendation", "authority"),
    ("stay-notification", "notify"),
    ("foreigner-stay", "declare"),
    ("lost-document", "notice"),
    ("lost-document", "cancel"),
}
"""The clocks of third parties: never a late mark of the unit."""


class TestShipped:
    def test_all_are_there(self) -> None:
        assert {procedure.code for procedure in shipped()} == {
            "authority-request", "complaint", "crime-report", "denunciation", "difficulty", "directive", "feedback",
            "foreigner-stay", "identity-card", "inspection-finding", "lost-document", "means-request",
            "plan-task", "recommendation", "residence-confirmation-checked",
            "residence-confirmation-known", "residence-permanent", "residence-temporary", "stay-notification",
        }  # fmt: skip

    def test_no_two_of_one_code_are_in_force_on_one_day(self) -> None:
        for one in shipped():
            others = [each for each in shipped() if each.code == one.code and each is not one]
            assert not any(each.valid.covers(one.valid.from_) for each in others)

    @pytest.mark.parametrize(("where", "limits"), LIMITS.items(), ids=lambda value: "-".join(map(str, value)))
    def test_limits(self, where: tuple[str, str, str], limits: tuple[str | None, str | None]) -> None:
        procedure, clock, branch = where
        its = _shipped(procedure).clock[clock]
        assert (its.limit_for(branch), its.limit_for(branch, remote=True)) == limits

    def test_the_accept_clock_of_complaints_changed_on_1_july_2026(self) -> None:
        before = in_force(shipped(), "complaint", dt.date(2026, 6, 30))
        assert before is not None
        assert before.clock["accept"].limit_for("first") == "10 days"

    def test_clocks_of_third_parties(self) -> None:
        binds = {
            (it.code, clock.code)
            for it in shipped()
            for clock in it.clock.values()
            if clock.binds == "third-party"
        }
        assert binds == THEIRS

    def test_service_levels_are_settings_and_never_law(self) -> None:
        for code, clock in (("difficulty", "answer"), ("recommendation", "answer")):
            law = _shipped(code).clock[clock].law_for("only")
            assert law.mark == "setting"
            assert not law.by_law

    def test_difficulty_is_answered_and_removed_apart(self) -> None:
        it = _shipped("difficulty")
        assert set(it.step["answer"].outcome) == {
            "own-means", "asked-authority", "guidance", "rule-changed", "not-competent",
        }  # fmt: skip
        assert codes(it.asked("answer", "asked-authority")) == ["authority", "paper", "sum", "answer_due"]
        assert it.step["confirm-removed"].side == it.step["still-there"].side == "raiser"
        assert "confirm-removed" not in codes(
            it.steps_from("answered", "only", {"leader", "department-officer"})
        )

    def test_settling_a_crime_report_is_lengthened_once_by_each(self) -> None:
        ways = _shipped("crime-report").clock["settle"].longer
        assert [(way.to, way.add, way.times, way.cap, way.before) for way in ways] == [
            ("2 months", None, 1, None, None),
            (None, "2 months", 1, "4 months", "5 days before"),
        ]

    @pytest.mark.parametrize("code", ["feedback", "complaint", "denunciation", "residence-permanent"])
    def test_titles_that_name_people_are_sealed(self, code: str) -> None:
        assert _shipped(code).is_personal("title")

    def test_personal_fields_say_how_long_they_are_kept(self) -> None:
        for it in shipped():
            assert all(field.keep for field in it.field.values() if field.personal), it.code

    def test_every_label_is_written_in_two_languages(self) -> None:
        for it in shipped():
            same = {text.vi for text in _texts(it) if text.vi == text.en}
            assert same == set(), it.code


def _texts(part: object) -> list[Text]:
    if isinstance(part, BaseModel):
        here = [part] if isinstance(part, Text) else []
        return [*here, *(each for name in type(part).model_fields for each in _texts(getattr(part, name)))]
    if isinstance(part, dict):
        part = tuple(part.values())
    return [each for item in part for each in _texts(item)] if isinstance(part, tuple) else []


class TestForAuthors:
    def test_the_schema_is_the_one_kept(self) -> None:
        kept = (ROOT / "docs" / "procedure.schema.json").read_text(encoding="utf-8")
        assert json.loads(kept) == json_schema()

    def test_the_guide_names_everything_that_can_be_written(self) -> None:
        guide = (ROOT / "docs" / "procedures.md").read_text(encoding="utf-8")
        schema = json_schema()
        parts = [schema, *(part for part in schema["$defs"].values() if "properties" in part)]
        names = {name for part in parts for name in part["properties"]}
        words = {word for part in _all(schema) for word in part.get("enum", ())}
        assert {name for name in names | words if f"`{name}`" not in guide} == set()

    def test_the_example_of_the_guide_is_a_procedure_that_makes_sense(self) -> None:
        from haicap.matters.proving import check

        guide = (ROOT / "docs" / "procedures.md").read_text(encoding="utf-8")
        text = guide.split("```toml\n")[1].split("```")[0]
        procedure = parse(text)
        assert check(procedure) == []
        assert procedure.example


def _all(part: object) -> list[dict[str, list[str]]]:
    if isinstance(part, list):
        return [each for item in part for each in _all(item)]
    if isinstance(part, dict):
        return [part, *(each for item in part.values() for each in _all(item))]
    return []
