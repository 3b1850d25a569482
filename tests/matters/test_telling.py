"""Every kind of entry of a matter as a sentence, in both languages."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation
from msgspec import structs

from haicap.journal.carrying import Left
from haicap.journal.entry import Entry, Seal
from haicap.journal.erasing import KeyDestroyed, KeyErased
from haicap.journal.holders import KeyGiven
from haicap.journal.kinds import Body
from haicap.journal.settling import Settled
from haicap.matters import entries as of
from haicap.matters.fold import matters
from haicap.matters.procedures import shipped
from haicap.matters.showing import Names
from haicap.matters.telling import SAID, Teller, people_named, units_named
from samples import HISTORIES, NOON, OTHER

ACTOR = UUID(int=99)
NAMES = Names(
    {"11311": "Công an phường Hồng Bàng", "31-PX01": "Phòng Tổ chức cán bộ", "31-PV01": "Phòng Tham mưu"},
    {ACTOR: "Cán bộ 014, Trực ban", OTHER: "Cán bộ 021"},
)
DIFFICULTY = next(it for it in shipped() if it.code == "difficulty")
TELL = Teller(DIFFICULTY, NAMES, {})
MATTER_KINDS = [kind for kind, (fold, _bodies) in HISTORIES.items() if fold is matters]


def entry(body: Body | None, number: int = 1, seal: Seal | None = None) -> Entry[Any]:
    kind = body.kind if body else "matter.dreamt"
    return Entry(
        stream=UUID(int=5), seq=number, unit="11311", id=UUID(int=number), subject=UUID(int=1), after=None, kind=kind,
        version=1, actor=ACTOR, grant=None, at=NOON, body=body, sealed=seal,
    )  # fmt: skip


def bodies(kind: str) -> list[Body]:
    return HISTORIES[kind][1]([UUID(int=n) for n in range(1, 9)])


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("kind", MATTER_KINDS)
def test_every_kind_is_a_sentence(kind: str, lang: str) -> None:
    with translation.override(lang):
        events = [TELL.event(entry(body)) for body in bodies(kind)]
    for event in events:
        assert event.title
        assert event.title[0].isupper()
        assert event.by == "Cán bộ 014, Trực ban"
        assert "None" not in event.text
        assert "%(" not in event.title + event.text


def test_every_kind_that_can_be_folded_can_be_told() -> None:
    assert {*matters.handlers, Settled, Left, KeyErased, KeyDestroyed, KeyGiven} == set(SAID)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (of.Refused(ground="Không đúng đơn vị", back_to="11311"), ("trả lại", "Không đúng đơn vị", "Hồng Bàng")),
        (of.HandedOver(to="31-PX01", why=of.Reason(vi="Vì biên chế", en="-")), ("Tổ chức cán bộ", "Vì biên chế")),
        (of.Assigned(person=OTHER), ("Phân công Cán bộ 021",)),
        (of.Assigned(person=None), ("Thôi phân công",)),
        (of.Commented(text="Đã gọi lại"), ("Ghi thêm", "Đã gọi lại")),
        (of.Unsealed(purpose="Trả lời đơn"), ("Mở phần niêm phong", "Trả lời đơn")),
        (of.Linked(to=OTHER, number="2", how="parent"), ("2", "việc gốc")),
        (of.EmergencyShown(emergency="fire", numbers=("114",), done="called"), ("khẩn cấp", "114", "đã gọi")),
        (of.Distinct(other=OTHER, number="2"), ("Không trùng", "2")),
        (of.Issued(paper="answer-letter", sha256="ab" * 32, on=None, edition=""), ("Công văn trả lời", "abababababab")),
        (
            of.Stepped(
                step="answer", now="answered", outcome="asked-authority",
                facts={"answer_due": "2026-12-01", "authority": "UBND", "sum": "850000000"},
            ),
            ("Trả lời", "Đã đề nghị cấp", "UBND", "850.000.000", "01/12/2026"),
        ),
    ],
)  # fmt: skip
def test_what_is_said(body: Body, words: tuple[str, ...]) -> None:
    with translation.override("vi"):
        event = TELL.event(entry(body))
    for word in words:
        assert word in f"{event.title} {event.text}"


def test_facts_are_told_in_the_procedure_s_order() -> None:
    with translation.override("vi"):
        told = TELL.facts({"paper": "1/A", "authority": "UBND"})
    assert told.index("UBND") < told.index("1/A")


def test_a_newer_version_s_entry_says_only_that() -> None:
    with translation.override("vi"):
        event = TELL.event(entry(None))
    assert event.title == "Bản ghi từ phiên bản mới hơn"
    assert "matter.dreamt" in event.text
    assert event.kind == "hold"


def test_a_conflict_is_marked() -> None:
    with translation.override("vi"):
        event = replace(TELL, aside=(UUID(int=1),)).event(entry(bodies("matter.stepped")[1]))
    assert event.kind == "clash"
    assert "chưa chọn" in event.text


def test_sealed_parts_show_only_when_opened() -> None:
    seal = Seal("a", "b")
    body = of.Commented(text="")
    with translation.override("vi"):
        shut = TELL.event(entry(body, seal=seal))
        open_ = replace(TELL, opened={UUID(int=1): {"comment": "Bà Bê gọi lại"}}).event(
            entry(body, seal=seal)
        )
    assert "niêm phong" in shut.text
    assert "Bà Bê" not in shut.text
    assert open_.text == "Bà Bê gọi lại"


def test_a_step_and_the_act_that_it_is_are_one_line() -> None:
    stepped = entry(of.Stepped(step="reassign", now="raised", facts={"reason": "Nhầm"}), 1)
    given = entry(of.HandedOver(to="31-PX01"), 2)
    later = structs.replace(given, at=NOON.replace(hour=9), id=UUID(int=3))
    with translation.override("vi"):
        events = TELL.events([stepped, given, later])
    assert len(events) == 2
    assert "Chuyển đến Phòng Tổ chức cán bộ" in events[0].text


def test_who_is_named() -> None:
    entries = [entry(body) for kind in ("matter.handed_over", "matter.assigned") for body in bodies(kind)]
    assert units_named(entries) == {"11311", "31-PH10", "31-PX01"}
    assert people_named(entries) == {ACTOR, OTHER}
