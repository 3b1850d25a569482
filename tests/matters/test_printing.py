"""Every paper that a shipped procedure names can be printed, with and without the sealed facts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pypdfium2
import pytest

from cast import WARD
from haicap.journal.kinds import body_of
from haicap.journal.pen import writing
from haicap.matters.entries import Issued
from haicap.matters.fold import begun
from haicap.matters.founding import shipped_law
from haicap.matters.law import Law, law
from haicap.matters.laying_out import LAYOUTS, Office, Printing, laid_out, longest
from haicap.matters.lookup import code_of
from haicap.matters.printing import NoSuchPaper, derivation, print_paper
from haicap.matters.procedures import shipped
from haicap.matters.running import longer, starts
from haicap.matters.schema import Procedure
from haicap.matters.state import Clock, Matter
from haicap.papers.contents import PAPERS
from haicap.papers.documents import render
from haicap.papers.editions import Letterhead
from haicap.units.fold import Name, Unit
from haicap.units.rights import Person, Right, tell_database
from matters.acting import raises, steps, who

NOON = datetime(2026, 8, 3, 5, 0, tzinfo=UTC)
WARD_POLICE = Unit(
    code=WARD, names=(Name("Công an phường Hồng Bàng", "Hồng Bàng ward police", date(2025, 7, 1), "NĐ"),),
    level="commune", sort="ward", parent="31", province="31", territories=(WARD,), remote=False, resolved=True,
    opened=date(2025, 7, 1),
)  # fmt: skip
OFFICE = Office(
    WARD_POLICE, "Công an thành phố Hải Phòng", "Phòng Cảnh sát hình sự", "Công an phường Hồng Bàng"
)
CLERK = Person(
    id=UUID(int=3), name="Cán bộ 014", account="clerk", post_name="Trực ban", unit=WARD, unit_name="Công an phường",
    province="31", province_name="Hải Phòng", rights=(),
)  # fmt: skip
REPORTER = {"name": "Trần Thị Bê", "id_number": "031095001234", "address": "Chợ Sắt", "phone": "0912345678"}
ALL = [(it, code) for it in shipped() for code in it.paper]


def value(field: Any) -> Any:
    """Some canonical answer to a field."""
    return {
        "choice": next(iter(field.of), ""), "yes-no": True, "number": 4, "money": "850000000", "date": "2026-08-20",
        "datetime": "2026-08-03T01:00:00+00:00", "person": REPORTER,
    }.get(field.type, f"{field.vi} – lời ghi")  # fmt: skip


def answered(procedure: Procedure, known: Law) -> tuple[Matter, dict[str, Any]]:
    """A matter with every question answered: its state, and its sealed facts."""
    facts = {code: value(field) for code, field in procedure.field.items()}
    sealed = {code: it for code, it in facts.items() if procedure.is_personal(code)}
    public = {code: it for code, it in facts.items() if code not in sealed}
    branch = procedure.branch_for(public)
    clocks = starts(
        procedure, "received_at", None, branch=branch, remote=False, at=NOON, facts=public, calendar=known.calendar
    )  # fmt: skip
    title = "" if procedure.is_personal("title") else "Việc thử"
    return Matter(
        id=UUID(int=1), number="11311-26-7K00482-P", procedure=procedure.code, edition=procedure.edition, unit=WARD,
        province="31", raised_by=WARD, raised=NOON, received=NOON, by="desk", title=title, state=procedure.first_state,
        branch=branch, holder="31-PC02", why=None, remote=False, synthetic=True, source={}, facts=public,
        clocks=tuple(map(begun, clocks)), sealed=(UUID(int=2),) if sealed else (),
    ), sealed  # fmt: skip


def printing(procedure: Procedure, *, opened: bool) -> Printing:
    known = shipped_law()
    matter, sealed = answered(procedure, known)
    return Printing(matter, procedure, known, OFFICE, CLERK, NOON, sealed if opened else {})


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize("opened", [True, False], ids=["opened", "sealed"])
@pytest.mark.parametrize(
    ("procedure", "code"), ALL, ids=[f"{it.code}-{it.valid.from_}-{code}" for it, code in ALL]
)
def test_every_paper_of_every_procedure(procedure: Procedure, code: str, opened: bool) -> None:
    its = printing(procedure, opened=opened)
    text = text_of(render(*laid_out(code, its)))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "DỮ LIỆU TRÌNH DIỄN" in text
    assert its.matter.number in text
    if not opened:
        assert REPORTER["name"] not in text
        assert not [
            code for code in answered(procedure, its.law)[1] if f"{procedure.field[code].vi} – lời" in text
        ]


def test_only_papers_that_exist_have_a_layout_of_their_own() -> None:
    assert set(LAYOUTS) <= {code for _procedure, code in ALL}
    assert set(LAYOUTS.values()) <= set(PAPERS)


def test_a_receipt_names_the_reporter_only_when_opened() -> None:
    crime = next(it for it in shipped() if it.code == "crime-report")
    assert REPORTER["name"] in text_of(render(*laid_out("receipt-record", printing(crime, opened=True))))
    layout, data = laid_out("receipt-record", printing(crime, opened=False))
    assert layout == "receipt-crime"
    assert data["reporter"] is None


@pytest.mark.parametrize("code", ["procuracy-notice", "decision", "resumption", "assignment"])
def test_what_goes_to_others_does_not_name_the_reporter(code: str) -> None:
    crime = next(it for it in shipped() if it.code == "crime-report")
    text = text_of(render(*laid_out(code, printing(crime, opened=True))))
    assert REPORTER["name"] not in text
    assert REPORTER["phone"] not in text
    assert "Sự việc – lời ghi" not in text


def test_the_promised_day_is_that_of_the_last_limit() -> None:
    card = next(it for it in shipped() if it.code == "identity-card")
    its = printing(card, opened=True)
    begins = starts(
        card,
        "collect",
        None,
        branch=its.matter.branch,
        remote=False,
        at=NOON,
        facts={},
        calendar=its.law.calendar,
    )
    both = replace(its, matter=replace(its.matter, clocks=tuple(map(begun, begins))))
    assert len(begins) == 2
    assert laid_out("receipt", both)[1]["promised"] == max(it.due for it in begins if it.due)


def test_a_surrender_has_no_line_in_the_form_of_reports() -> None:
    crime = next(it for it in shipped() if it.code == "crime-report")
    its = printing(crime, opened=True)
    surrender = replace(its, matter=replace(its.matter, facts=its.matter.facts | {"source": "surrender"}))
    assert laid_out("receipt-record", surrender)[0] == "receipt"


def settling(known: Law) -> tuple[Printing, Clock]:
    """A crime report whose settlement has been made longer once."""
    crime = next(it for it in shipped() if it.code == "crime-report")
    its = printing(crime, opened=True)
    begins = starts(
        crime, "accept", None, branch="ordinary", remote=False, at=NOON, facts={}, calendar=known.calendar
    )
    clocks = tuple(map(begun, begins))
    further = {
        it.clock: it
        for it in longer(
            crime, clocks, "lengthen", "complex", branch="ordinary", remote=False, calendar=known.calendar
        )
    }
    clocks = tuple(
        replace(it, longer=(further[it.code],), due=further[it.code].due) if it.code in further else it
        for it in clocks
    )
    matter = replace(its.matter, clocks=clocks, state="settling", branch="ordinary")
    lengthened = longest(matter)
    assert lengthened is not None
    return replace(its, matter=matter), lengthened


def test_an_extension_names_both_ends() -> None:
    its, lengthened = settling(shipped_law())
    layout, data = laid_out("extension", its)
    assert layout == "extension"
    assert data["was_due"] < data["now_due"] == lengthened.due
    assert "kéo dài" in text_of(render(layout, data)).lower()


def test_the_derivation_sheet_on_paper() -> None:
    its, lengthened = settling(shipped_law())
    pdf = derivation(its.matter, its.procedure, lengthened, its.law.calendar, OFFICE, NOON)
    text = text_of(pdf)
    assert "Phiếu tính thời hạn".upper() in text.upper()
    assert its.matter.number in text
    assert lengthened.calendar in "".join(filter(str.isalnum, text))


CRIME = {
    "source": "information", "what": "Mất xe máy Wave", "place": "Chợ Sắt", "severity": "serious", "group": "drugs",
    "reporter.name": "Trần Thị Bê",
}  # fmt: skip


@pytest.mark.django_db(databases=["default", "worker", "owner"])
def test_printing_is_recorded_and_opens_by_a_purpose() -> None:
    matter = raises("clerk", "crime-report", "Mất xe", CRIME, at=NOON)
    clerk = who("clerk")
    tell_database(clerk)
    with writing(clerk, at=NOON + timedelta(hours=1), subjects=[matter.id], units=[WARD]) as pen:
        pdf = print_paper(pen, subject=matter.id, law=law(), paper="receipt-record", office=OFFICE)
    assert "Trần Thị Bê" in text_of(pdf)
    after = steps("clerk", matter, "record-receipt", at=NOON + timedelta(hours=2))
    assert after.openings == 1
    assert [(it.paper, it.sha256) for it in after.papers] == [("receipt-record", sha256(pdf).hexdigest())]


@pytest.mark.django_db(databases=["default", "worker", "owner"])
def test_who_may_not_open_prints_without() -> None:
    matter = raises("clerk", "crime-report", "Mất xe", CRIME, at=NOON)
    director = who("director")
    tell_database(director)
    with writing(director, at=NOON, subjects=[matter.id], units=[WARD]) as pen:
        pdf = print_paper(pen, subject=matter.id, law=law(), paper="receipt-record", office=OFFICE)
        with pytest.raises(NoSuchPaper):
            print_paper(pen, subject=matter.id, law=law(), paper="answer-letter", office=OFFICE)
    assert "Trần Thị Bê" not in text_of(pdf)
    assert "Mất xe máy Wave" not in text_of(pdf)


@pytest.mark.django_db(databases=["default", "worker", "owner"])
@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://haicap.example", "Tại https://haicap.example/tra-cuu/"),
        ("", "Tại nơi tiếp nhận hồ sơ"),
    ],
)
def test_a_paper_tells_where_to_look_the_matter_up(settings: Any, address: str, told: str) -> None:
    settings.PUBLIC_ADDRESS = address
    matter = raises("clerk", "crime-report", "Mất xe", CRIME, at=NOON)
    clerk = who("clerk")
    tell_database(clerk)
    with writing(clerk, at=NOON, subjects=[matter.id], units=[WARD]) as pen:
        pdf = print_paper(pen, subject=matter.id, law=law(), paper="handover-slip", office=OFFICE)
    text = " ".join(text_of(pdf).split())
    code = code_of(matter.id)
    assert f"Tra cứu: số {matter.number}, mã {code[:4]}-{code[4:]}. {told}" in text


def test_a_deputy_signs_for_the_chief() -> None:
    crime = next(it for it in shipped() if it.code == "crime-report")
    its = printing(crime, opened=False)
    letterhead = Letterhead(post="Trưởng Công an phường", power="TL. Giám đốc")
    office = replace(OFFICE, letterhead=letterhead)
    right = Right(UUID(int=1), UUID(int=2), "leader", WARD, ("matter.*",), "unit", None, frozenset({WARD}))
    deputy = replace(CLERK, post_name="Phó Trưởng Công an phường", rights=(right,))
    for person, power, post in (
        (deputy, "KT. Trưởng Công an phường", "Phó Trưởng Công an phường"),
        (replace(deputy, post_name="Trưởng Công an phường"), "TL. Giám đốc", "Trưởng Công an phường"),
        (CLERK, "TL. Giám đốc", "Trưởng Công an phường"),
    ):
        signed = laid_out("procuracy-notice", replace(its, office=office, person=person))[1]["signature"]
        assert (signed["power"], signed["post"]) == (power, post)


def test_what_was_issued_before_names_no_edition() -> None:
    body = body_of("matter.issued", 1, {"paper": "receipt", "sha256": "0" * 64, "on": None})
    assert isinstance(body, Issued)
    assert body.edition == ""
