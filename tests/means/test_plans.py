"""Plans: tried as long works, put right by hand, adopted with what they ask of whom, withdrawn."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django import forms

from cast import WARD, unit
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters.fold import matters
from haicap.matters.law import law
from haicap.matters.models import MatterRow
from haicap.means.plans import actions, queries, sorts, trials
from haicap.means.plans.fold import Plan
from haicap.means.plans.models import PlanRow, Trial
from haicap.means.plans.outcome import Answer, Item, Said, Without
from haicap.means.plans.sorts import NotCalculated, Question, Request, Sort
from haicap.units.acting import NotSo, Unsaid
from haicap.units.rights import Person, Refused
from matters.acting import steps, who
from pages import browser, in_days

pytestmark = pytest.mark.django_db
LOGISTICS = "31-PH10"
NEXT = "11329"


class Ask(forms.Form):
    """A toy question."""

    most = forms.IntegerField(label="Nhiều nhất", min_value=0)


def toy(person: Person, question: Question) -> Answer:
    """As many items as asked for, those ruled out left out; none can be had of more than five."""
    most = int(question.asked["most"])
    if most == 0:
        raise NotCalculated("Không có gì để tính")
    if most > 5:
        return Answer(reasons=("too-many",), inputs="0" * 64)
    keys = [f"{WARD}>{NEXT}:{n}" for n in range(most) if f"{WARD}>{NEXT}:{n}" not in question.forbidden]
    items = tuple(
        Item(key=key, from_unit=WARD, to_unit=NEXT, what="officer", kept=key in question.kept) for key in keys
    )
    return Answer(
        items=items, without=(Without(unit=NEXT, what="officer", count=1, reason="limit"),),
        figures=(Said(code="left", value=str(9 - len(items))),), value=str(9 - len(items)), bound="4", gap="0.2",
        inputs="0" * 64,
    )  # fmt: skip


def request(item: Item, asked: Mapping[str, str]) -> Request:
    return Request(item.to_unit, f"Nhận 1 cán bộ {item.key}", "Nhận cán bộ tăng cường")


TOY = Sort("toy", "Thử", "Câu hỏi thử", Ask, toy, request, lambda code: f"<{code}>")


@pytest.fixture(autouse=True)
def offered() -> Iterator[None]:
    sorts.told(TOY)
    yield
    del sorts.SORTS["toy"]


def tried(account: str = "logistics", **more: Any) -> Trial:
    id = uuid7()
    given: dict[str, Any] = {"sort": "toy", "name": "Thử", "province": "31", "asked": {"most": "2"}} | more
    trials.try_one(who(account), id=id, at=datetime.now(UTC), **given)
    return Trial.objects.get(pk=id)


def adopted(account: str = "logistics_head", **more: Any) -> Plan:
    trial = tried()
    answer = trials.answer_of(trial)
    assert answer is not None
    subject, person = uuid4(), who(account)
    given: dict[str, Any] = {
        "name": "Quý I", "sort": "toy", "paper": "15/KH", "due": in_days(90), "asked": trial.asked, "kept": (),
        "forbidden": (), "answer": answer, "requests": {it.key: request(it, {}) for it in answer.items},
    } | more  # fmt: skip
    with writing(person, at=datetime.now(UTC), subjects=[subject], units=[LOGISTICS]) as pen:
        return actions.adopt(
            pen, entry_id=uuid7(), subject=subject, law=law(), unit=unit(LOGISTICS, using="default"), **given
        )


def withdraws(
    plan: Plan, account: str = "logistics_head", reason: str = "Thay đổi", id: UUID | None = None
) -> Plan:
    with writing(
        who(account), at=datetime.now(UTC), subjects=[plan.id, *actions.tasks(plan)], units=[LOGISTICS]
    ) as pen:
        return actions.withdraw(pen, entry_id=id or uuid7(), subject=plan.id, law=law(), reason=reason)


def test_an_answer_is_kept_beside_its_question_and_asked_twice_is_asked_once() -> None:
    trial = tried()
    answer = trials.answer_of(trial)
    assert answer is not None
    assert len(answer.items) == 2
    trials.try_one(
        who("logistics"), id=trial.pk, sort="toy", name="", province="31", asked={"most": "5"}, at=trial.at
    )
    assert Trial.objects.get(pk=trial.pk).asked == {"most": "2"}


def test_what_cannot_be_calculated_says_so() -> None:
    trial = tried(asked={"most": "0"})
    assert (trial.answer, trial.fault) == (None, "Không có gì để tính")


def test_an_installation_without_optimisers_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(person: Person, question: Question) -> Answer:
        raise ModuleNotFoundError("numpy")

    monkeypatch.setitem(sorts.SORTS, "toy", Sort("toy", "", "", Ask, missing, request, str))
    assert "chưa cài" in tried().fault


def test_adopting_asks_every_unit_for_its_part_and_says_the_plan_whole() -> None:
    plan = adopted()
    rows = MatterRow.objects.filter(pk__in=actions.tasks(plan))
    assert {(row.holder, row.status, row.procedure) for row in rows} == {(NEXT, "asked", "plan-task")}
    assert PlanRow.objects.get(pk=plan.id).items == len(rows) == 2
    assert queries.progress(plan, queries.states(who("logistics"), [plan])) == {"asked": 2}


def test_adopted_twice_with_one_form_it_is_one() -> None:
    trial = tried()
    answer = trials.answer_of(trial)
    assert answer is not None
    entry, subject = uuid7(), uuid4()
    for _ in range(2):
        with writing(
            who("logistics_head"), at=datetime.now(UTC), subjects=[subject], units=[LOGISTICS]
        ) as pen:
            actions.adopt(
                pen, entry_id=entry, subject=subject, law=law(), unit=unit(LOGISTICS, using="default"),
                name="A", sort="toy", paper="1",
                due=in_days(90), asked={}, kept=(), forbidden=(), answer=answer,
                requests={it.key: request(it, {}) for it in answer.items},
            )  # fmt: skip
    assert MatterRow.objects.filter(procedure="plan-task").count() == 2


@pytest.mark.parametrize("account", ["clerk", "chief", "crime_head", "outsider", "auditor"])
def test_only_who_may_direct_adopts(account: str) -> None:
    with pytest.raises(Refused):
        adopted(account)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"name": " "}, Unsaid),
        ({"paper": ""}, Unsaid),
        ({"answer": Answer(inputs="0" * 64)}, Unsaid),
        ({"answer": Answer(reasons=("too-many",))}, NotSo),
    ],
)
def test_what_is_no_plan_is_not_adopted(more: dict[str, Any], fault: type[Exception]) -> None:
    with pytest.raises(fault):
        adopted(**more)


def test_withdrawing_takes_back_what_nobody_has_begun() -> None:
    plan = adopted()
    first, second = actions.tasks(plan)
    begun = matters.form.validate_python(MatterRow.objects.get(pk=first).state, strict=False)
    steps("neighbour", begun, "begin", at=datetime.now(UTC))
    entry = uuid7()
    assert withdraws(plan, id=entry).withdrawn
    assert withdraws(plan, id=entry).reason == "Thay đổi"
    states = dict(MatterRow.objects.filter(pk__in=[first, second]).values_list("pk", "status"))
    assert states == {first: "begun", second: "withdrawn"}
    with pytest.raises(NotSo):
        withdraws(plan)


def test_the_pages_lead_from_the_question_to_the_decision(django_assert_max_num_queries: Any) -> None:
    page = browser("logistics_head")
    asked = page.post("/means/plans/new/toy/", {"id": str(uuid7()), "most": "2"}, follow=True)
    trial = Trial.objects.get(person=who("logistics_head").id)
    assert asked.redirect_chain[-1][0] == f"/means/plans/trial/{trial.pk}/"
    key = f"{WARD}>{NEXT}:1"
    page.post(
        f"/means/plans/trial/{trial.pk}/", {"id": str(uuid7()), "forbidden": key, "kept": f"{WARD}>{NEXT}:0"}
    )
    again = Trial.objects.get(before=trial.pk)
    assert (again.kept, again.forbidden) == ([f"{WARD}>{NEXT}:0"], [key])
    with django_assert_max_num_queries(14):
        compared = page.get(f"/means/plans/compare/?a={trial.pk}&b={again.pk}")
    assert "&lt;left&gt;" in compared.text
    with django_assert_max_num_queries(14):
        assert "Loại bỏ" in page.get(f"/means/plans/trial/{again.pk}/").text
    form = {"entry_id": str(uuid7()), "name": "Quý I", "paper": "15/KH", "due": f"{in_days(90)}"}
    done = page.post(f"/means/plans/trial/{again.pk}/adopt/", form, follow=True)
    assert "Đã phê duyệt và giao 1 nội dung" in done.text
    plan = PlanRow.objects.get()
    with django_assert_max_num_queries(14):
        assert page.get(f"/means/plans/id/{plan.pk}/?format=csv").status_code == 200
    page.post(f"/means/plans/id/{plan.pk}/", {"entry_id": str(uuid7()), "reason": "Thôi"})
    assert PlanRow.objects.get().withdrawn


def test_rules_that_cannot_hold_together_are_named() -> None:
    page = browser("logistics_head")
    page.post("/means/plans/new/toy/", {"id": str(uuid7()), "most": "7"})
    trial = Trial.objects.get(person=who("logistics_head").id)
    told = page.get(f"/means/plans/trial/{trial.pk}/").text
    assert "&lt;too-many&gt;" in told
    assert page.get(f"/means/plans/trial/{trial.pk}/adopt/").status_code == 404


def test_others_neither_see_nor_throw_away_a_trial() -> None:
    trial = tried("logistics_head")
    assert browser("chief").get(f"/means/plans/trial/{trial.pk}/").status_code == 404
    browser("director").post(f"/means/plans/trial/{trial.pk}/forget/")
    assert Trial.objects.filter(pk=trial.pk).exists()
    browser("logistics_head").post(f"/means/plans/trial/{trial.pk}/forget/")
    assert not Trial.objects.filter(pk=trial.pk).exists()
