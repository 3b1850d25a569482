"""Conflicts as work items: who sees them, both sides in words, one settlement; and numbers borne by several."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client

from cast import WARD
from conflicting import strays
from haicap.journal import reference
from haicap.journal.history import folded_again
from haicap.journal.ids import uuid7
from haicap.journal.models import Node
from haicap.journal.pen import writing
from haicap.journal.settling import Settled
from haicap.matters.afterwards import comment, distinguish
from haicap.matters.conflicts.actions import Moved, NotHere, settle
from haicap.matters.conflicts.numbers import clashes
from haicap.matters.conflicts.of_matters import ROOM
from haicap.matters.conflicts.queries import one, waiting
from haicap.matters.entries import Corrected, Linked
from haicap.matters.fold import matters
from haicap.matters.handling import assign
from haicap.matters.law import law
from haicap.matters.models import MatterRow
from haicap.matters.state import Matter
from haicap.units.rights import Refused, tell_database
from matters.acting import raises, steps, who
from pages import browser, html, in_days

pytestmark = pytest.mark.django_db(databases=["default", "worker"])
ROOF = {"kind": "headquarters", "what": "Dột"}
NOW = datetime.now(UTC)


def torn() -> Matter:
    """A difficulty that the department has answered while the ward, without a line, corrected what it is about."""
    matter = raises("clerk", "difficulty", "Trụ sở dột", ROOF, at=NOW)
    steps("logistics", matter, "answer", at=NOW, outcome="guidance", guidance="Theo mẫu")
    body = Corrected(facts={"kind": "land", "what": "Lấn đất"}, title="Đất trụ sở bị lấn", reason="Ghi nhầm")
    strays(matters, matter.id, body, account="chief", unit=WARD)
    return matter


def settles(account: str, matter: Matter, whole: int, **more: object) -> Matter:
    with writing(who(account), at=NOW, subjects=[matter.id], units=[WARD]) as pen:
        its: Matter = settle(
            pen,
            ROOM,
            entry_id=uuid7(),
            subject=matter.id,
            whole=whole,
            reason="Đối chiếu",
            **more,  # type: ignore[arg-type]
        )
    return its


def test_a_conflict_shows_both_sides_and_what_differs() -> None:
    matter = torn()
    tell_database(who("director"))
    assert waiting(who("director")) == [("matter", matter.id)]
    found = one(who("director"), "matter", matter.id)
    assert found is not None
    assert found.may
    first, second = found.versions
    assert [(it.person, it.unit) for it in first.acts] == [
        ("Cán bộ logistics, Chức vụ logistics", "Phòng Hậu cần")
    ]
    assert [it.person for it in second.acts] == ["Cán bộ chief, Chức vụ chief"]
    differ = {it.code: it.said for it in found.differences}
    assert set(differ) == {"progress", "title", "facts.kind", "facts.what", "facts.guidance"}
    assert differ["title"] == ("Trụ sở dột", "Đất trụ sở bị lấn")
    assert differ["facts.guidance"] == ("Theo mẫu", "–")


def test_only_who_may_settle_has_it_as_work() -> None:
    matter = torn()
    for account in ("clerk", "neighbour", "auditor", "outsider"):
        tell_database(who(account))
        assert waiting(who(account)) == [], account
        with pytest.raises(Refused):
            settles(account, matter, 0)
    tell_database(who("auditor"))
    seen = one(who("auditor"), "matter", matter.id)
    assert seen is not None
    assert not seen.may


def test_parts_of_two_versions_make_one_result() -> None:
    matter = torn()
    with writing(who("clerk"), at=NOW, subjects=[matter.id], units=[WARD]) as pen:
        comment(pen, entry_id=uuid7(), subject=matter.id, law=law(), text="Đã gọi")
    settled = settles("director", matter, 0, picks={"title": 1, "facts.kind": 1})
    assert (settled.title, settled.facts["kind"]) == ("Đất trụ sở bị lấn", "land")
    assert (settled.state, settled.facts["what"], settled.facts["guidance"]) == (
        "answered",
        "Dột",
        "Theo mẫu",
    )
    tell_database(who("director"))
    again = folded_again(matters, matter.id)
    assert (again.state, again.aside, again.branches) == (settled, (), ())
    other = torn()
    with writing(who("clerk"), at=NOW, subjects=[other.id], units=[WARD]) as pen:
        comment(pen, entry_id=uuid7(), subject=other.id, law=law(), text="Đã gọi")
    chosen = settles("director", other, 1)
    assert (chosen.state, chosen.title, chosen.comments) == ("raised", "Đất trụ sở bị lấn", 1)


def test_nobody_settles_what_was_not_shown() -> None:
    matter = torn()
    with pytest.raises(Moved):
        settles("director", matter, 0, seen="others than these")
    with pytest.raises(Moved):
        settles("director", matter, 2)
    with pytest.raises(Moved):
        settles("director", matter, 0, picks={"title": 7})
    settles("director", matter, 0)
    with pytest.raises(Moved):
        settles("director", matter, 0)


def test_on_a_communes_node_the_province_settles(monkeypatch: pytest.MonkeyPatch) -> None:
    matter = torn()
    node = Node.objects.get(ours=True)
    node.authority = uuid4()
    monkeypatch.setattr(reference, "ours", lambda using: node)
    with pytest.raises(NotHere):
        settles("chief", matter, 0)
    page = html(browser("chief"), "/conflicts/")
    assert "Công an tỉnh chọn bản ghi đúng" in page
    assert 'name="whole"' not in page


def sent(client: Client, matter: Matter, **more: str) -> object:
    found = one(who("director"), "matter", matter.id)
    assert found is not None
    data = {"entry_id": str(uuid7()), "mark": found.mark, "whole": "1", "reason": "Đối chiếu bản giấy"}
    return client.post(f"/conflicts/matter/{matter.id}/", data | more)


def test_the_page_settles_and_today_counts() -> None:
    matter, client = torn(), browser("director")
    assert "Hai bản ghi khác nhau" in html(client, "/")
    page = html(client, "/conflicts/")
    assert page.count('name="whole"') == 2
    tell_database(who("director"))
    faulty = sent(client, matter, reason=" ")
    assert faulty.status_code == 422  # type: ignore[attr-defined]
    stale = sent(client, matter, mark="x")
    assert stale["Location"] == f"/conflicts/matter/{matter.id}/"  # type: ignore[index]
    tell_database(who("director"))
    assert MatterRow.objects.get(pk=matter.id).conflicts == 1
    done = sent(client, matter, part1="0")
    assert done["Location"] == "/conflicts/"  # type: ignore[index]
    tell_database(who("director"))
    row = MatterRow.objects.get(pk=matter.id)
    assert (row.conflicts, row.title, row.status) == (0, "Trụ sở dột", "raised")
    assert browser("director").get(f"/conflicts/matter/{matter.id}/").status_code == 302
    assert "Hai bản ghi khác nhau" not in html(client, "/")
    assert "Chọn bản ghi đúng" in html(client, f"/matters/id/{matter.id}/")


def test_rows_that_one_may_not_see_answer_as_if_there_were_none() -> None:
    matter = torn()
    for account in ("outsider", "neighbour"):
        answer = browser(account).get(f"/conflicts/matter/{matter.id}/")
        assert answer.status_code == 302
        assert browser(account).get(answer["Location"]).status_code == 404
    assert browser("clerk").get("/conflicts/").status_code == 404
    assert browser("director").get(f"/conflicts/nothing/{matter.id}/").status_code == 404


def twins() -> tuple[Matter, Matter]:
    """Two matters with one number, as a node and its clone give them out before anybody has noticed."""
    first = raises("clerk", "difficulty", "Trụ sở dột", ROOF, at=NOW)
    second = raises("clerk", "difficulty", "Xe hỏng", ROOF, at=NOW)
    with writing(who("chief"), at=NOW, subjects=[second.id], units=[WARD]) as pen:
        state = matters.form.dump_python(replace(second, number=first.number), mode="json")
        body = Settled(disposes=(), state=state, reason="Như bản sao")
        pen.write(matters, uuid7(), second.id, body, unit=WARD, grant=None)
    return first, second


def test_the_same_number_twice_is_kept_and_listed_until_told_apart() -> None:
    first, second = twins()
    tell_database(who("director"))
    (clash,) = clashes(who("director"))
    assert (clash.sort, clash.number) == ("matter", first.number)
    assert {it.subject for it in clash.bearers} == {first.id, second.id}
    assert first.number in html(browser("director"), "/conflicts/")
    assert "Trùng số" in html(browser("clerk"), f"/matters/id/{first.id}/")
    with writing(who("clerk"), at=NOW, subjects=[second.id], units=[WARD]) as pen:
        distinguish(pen, entry_id=uuid7(), subject=second.id, other=first)
    tell_database(who("director"))
    assert clashes(who("director")) == []


def test_two_units_with_one_paper_number_clash_and_one_unit_does_not() -> None:
    asked = {
        "kind": "advice",
        "authority": "UBND thành phố",
        "paper": "112/ĐN",
        "what": "Xin ý kiến",
        "answer_due": f"{in_days(90)}",
    }
    for account, unit in (("clerk", WARD), ("clerk", WARD), ("neighbour", "11329")):
        tell_database(who("director"))
        assert [it for it in clashes(who("director")) if it.sort == "paper"] == []
        requested(account, unit, asked)
    tell_database(who("director"))
    (clash,) = [it for it in clashes(who("director")) if it.sort == "paper"]
    assert (clash.number, len(clash.bearers)) == ("112/ĐN", 3)


def requested(account: str, unit: str, asked: dict[str, str]) -> Matter:
    return raises(account, "authority-request", "Xin ý kiến", asked, at=NOW, at_unit=unit)


def test_whoever_assigns_while_another_links_makes_no_conflict() -> None:
    matter = raises("clerk", "difficulty", "Trụ sở dột", ROOF, at=NOW)
    with writing(who("logistics_head"), at=NOW, subjects=[matter.id], units=[WARD]) as pen:
        assign(pen, entry_id=uuid7(), subject=matter.id, person=who("logistics").id)
    strays(matters, matter.id, Linked(to=uuid7(), number="1", how="about"), account="clerk", unit=WARD)
    tell_database(who("director"))
    assert waiting(who("director")) == []
