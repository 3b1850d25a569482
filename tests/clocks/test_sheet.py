"""The derivation as sentences in both languages, and as the JSON that `haicap reckon` prints."""

import ast
import gettext
import io
import json
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils import translation

from haicap.clocks import sheet
from haicap.clocks.calendars import Label, draft
from haicap.clocks.limits import Unit, UnreadableLimit, parse
from haicap.clocks.reckoning import Left, reckon
from haicap.clocks.sheet import Sheet, left_said, limit_said, reckon_json, reckoned_json, rest_said
from haicap.clocks.steps import Extension, Pause, Rest
from haicap.clocks.wall import VIETNAM

CALENDAR = draft(2024, 2030)
CATALOG = Path(sheet.__file__).parent / "locale/en/LC_MESSAGES/django.po"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The English catalog as it stands in the repository, compiled or not."""
    compiled = io.BytesIO()
    with CATALOG.open("rb") as file:
        write_mo(compiled, read_po(file, locale="en"))
    compiled.seek(0)
    catalog = gettext.GNUTranslations(compiled)
    monkeypatch.setattr(sheet, "_", catalog.gettext)
    monkeypatch.setattr(sheet, "ngettext", catalog.ngettext)
    monkeypatch.setattr(sheet, "get_language", lambda: "en")


@pytest.fixture
def vietnamese() -> object:
    with translation.override("vi"):
        yield


pytestmark = pytest.mark.usefixtures("vietnamese")


def sentences(**asked: object) -> list[str]:
    reckoned = reckon(calendar=CALENDAR, **asked)  # type: ignore[arg-type]
    return Sheet(
        Label(vi="Tố giác", en="Report"), Label(vi="Điều 147", en="Art. 147"), "verified", reckoned
    ).sentences()


def test_sentences_in_vietnamese() -> None:
    assert sentences(limit="3 working days", start=at("2026-08-20 08:00"), regime="office") == [
        "Không tính ngày 20/08/2026, tính từ ngày tiếp theo — Điều 147 khoản 2, 3 Bộ luật Dân sự 2015; "
        "Điều 17 khoản 3 Nghị định 118/2025/NĐ-CP (sửa đổi bởi Nghị định 309/2026/NĐ-CP); chưa kiểm chứng",
        "Có tính ngày 22/08/2026: Ngày làm bù",
        "Không tính ngày 23/08/2026: Chủ nhật, ngày nghỉ hằng tuần",
        "Hết thời hạn lúc 17:00 ngày 24/08/2026 — Hết giờ hành chính của ngày cuối; cấu hình",
    ]


@pytest.mark.usefixtures("english")
def test_sentences_in_english() -> None:
    assert sentences(limit="1 month", start=at("2026-01-31 08:00"), regime="criminal-procedure") == [
        "31/01/2026 is not counted, counting begins with the next day — "
        "As the Civil Code (the Criminal Procedure Code says nothing); not verified",
        "The last month has no such date: its last day, 28/02/2026 — Criminal Procedure Code 2015 art. 134",
        "The last day, 28/02/2026, is a day off and moves to 02/03/2026 "
        "(28/02/2026 Saturday, weekly rest; 01/03/2026 Sunday, weekly rest) — Criminal Procedure Code 2015 art. 134",
        "The limit is over at 24:00 on 02/03/2026 — Criminal Procedure Code 2015 art. 134",
    ]


def test_pauses_and_extensions_are_told() -> None:
    told = sentences(
        limit="20 days",
        start=at("2026-03-02 08:00"),
        regime="criminal-procedure",
        pauses=[Pause(at("2026-04-10 09:00"), at("2026-04-15 09:00"), "chờ giám định")],
        extensions=[Extension(parse("2 months"), "to", ground="vụ việc phức tạp", law="Điều 147 khoản 2")],
    )
    assert told[0].startswith("Kéo dài, tổng thời hạn 2 tháng: vụ việc phức tạp; Điều 147 khoản 2 — ")
    assert told[2].startswith(
        "Tạm dừng từ 09:00 ngày 10/04/2026 đến 09:00 ngày 15/04/2026, lùi 5 ngày: chờ giám định — "
    )
    assert told[-1].startswith("Hết thời hạn lúc 24:00 ngày 07/05/2026 — ")


def test_a_running_pause_tells_the_rest() -> None:
    told = sentences(
        limit="24 hours",
        start=at("2026-07-06 08:00"),
        regime="criminal-procedure",
        pauses=[Pause(at("2026-07-06 12:20"), None, "chờ")],
    )
    assert told[1].startswith("Tạm dừng từ 12:20 ngày 06/07/2026, chưa tiếp tục: chờ — ")
    assert told[-1].startswith("Đang tạm dừng, còn lại 19 giờ 40 phút — ")


def test_json_of_the_command() -> None:
    said = reckon_json("criminal-procedure", "24 hours", "2026-02-16T08:00")
    assert json.loads(json.dumps(said)) == said
    steps = said.pop("derivation")
    assert said == {
        "due": "2026-02-17T08:00:00+07:00",
        "regime": "criminal-procedure",
        "limit": "24 hours",
        "from": "2026-02-16T08:00:00+07:00",
        "rest": [],
    }
    assert [step["what"] for step in steps] == ["from-moment", "result"]
    assert steps[0]["at"] == "2026-02-16T08:00:00+07:00"
    assert all(step["text"] and step["mark"] == "verified" for step in steps)


@pytest.mark.parametrize(
    ("asked", "end", "due"),
    [
        (("civil", "7 days", "2026-02-10T02:00:00+00:00"), None, "2026-02-24T00:00:00+07:00"),
        (("office", "3 working days before", "2026-01-05"), "2026-10-09", "2026-10-06T17:00:00+07:00"),
        (("civil", "24 hours before", "2026-01-05"), "2026-10-09T14:00", "2026-10-08T14:00:00+07:00"),
    ],
)
def test_json_reads_zones_days_and_ends(asked: tuple[str, str, str], end: str | None, due: str) -> None:
    assert reckon_json(*asked, end_text=end)["due"] == due


def test_json_refuses_what_it_cannot_read() -> None:
    with pytest.raises(UnreadableLimit):
        reckon_json("civil", "soon", "2026-02-10")
    with pytest.raises(ValueError, match="Invalid isoformat"):
        reckon_json("civil", "7 days", "yesterday")


def test_every_kind_of_step_has_its_code_data_and_text() -> None:
    pause = [Pause(at("2026-07-08 09:00"), at("2026-07-10 09:00"), "chờ")]
    longer = [Extension(parse("10 working days"), "add")]
    asked: list[dict[str, object]] = [
        {"limit": "at once", "regime": "civil"},
        {"limit": "5 working days", "regime": "office", "pauses": pause, "extensions": longer},
        {"limit": "8 working hours", "regime": "office"},
        {"limit": "0.5 working days", "regime": "office"},
        {"limit": "until 2026-09-02", "regime": "office"},
        {"limit": "24 hours", "regime": "civil"},
        {"limit": "3 working days before", "regime": "office", "end": date(2026, 8, 25)},
        {"limit": "8 months", "regime": "civil", "start": at("2026-06-30 08:00")},
    ]
    found: dict[str, dict[str, object]] = {}
    for each in asked:
        said = reckoned_json(reckon(**({"start": at("2026-07-06 08:00"), "calendar": CALENDAR} | each)))  # type: ignore[arg-type]
        json.dumps(said)
        found |= {step["what"]: step for step in said["derivation"]}
    assert found.keys() == set(sheet._WHAT.values())
    assert all(str(step["text"])[:1].isupper() for step in found.values())
    assert found["worked"]["date"] == "2026-08-22"
    assert found["paused"]["gave"] == {"unit": "working day", "amount": "2"}
    assert found["extended"] | {"text": ""} == {
        "what": "extended", "how": "add", "limit": "10 working days", "reason": "", "date": "2026-07-15",
        "law": "Tính tiếp từ ngày cuối của thời hạn trước", "mark": "setting", "text": "",
    }  # fmt: skip


def test_sheet_json_carries_the_rule() -> None:
    reckoned = reckon(limit="7 days", start=at("2026-01-05 08:00"), regime="civil", calendar=CALENDAR)
    said = Sheet(
        Label(vi="Tin báo", en="Report"), Label(vi="Điều 8", en="Art. 8"), "verified", reckoned
    ).to_json()
    assert said["rule"] == {"vi": "Tin báo", "en": "Report"}
    assert (said["mark"], said["law"]["en"], said["due"]) == (
        "verified",
        "Art. 8",
        "2026-01-13T00:00:00+07:00",
    )


LEFT = [
    (Left(False, 2, "working-day", at("2026-07-08 17:00")), "còn 2 ngày làm việc", "2 working days left"),
    (Left(False, 1, "day", at("2026-07-08 17:00")), "còn 1 ngày", "1 day left"),
    (Left(True, 3, "hour", at("2026-07-08 17:00")), "quá hạn 3 giờ", "3 hours overdue"),
    (Left(True, 1, "minute", at("2026-07-08 17:00")), "quá hạn 1 phút", "1 minute overdue"),
    (Left(False, 0, "today", at("2026-07-08 16:30")), "hôm nay 16:30", "today 16:30"),
    (Left(False, 0, "today", at("2026-07-09 00:00")), "hôm nay 24:00", "today 24:00"),
]


@pytest.mark.parametrize(("left", "vi"), [row[:2] for row in LEFT])
def test_how_far_in_vietnamese(left: Left, vi: str) -> None:
    assert left_said(left) == vi


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("left", "en"), [(row[0], row[2]) for row in LEFT])
def test_how_far_in_english(left: Left, en: str) -> None:
    assert left_said(left) == en


LIMITS = [
    ("at once", "ngay", "at once"),
    ("24 hours", "24 giờ", "24 hours"),
    ("1.5 hours", "1 giờ 30 phút", "1 hour 30 minutes"),
    ("0.5 hours", "30 phút", "30 minutes"),
    ("8 working hours", "8 giờ làm việc", "8 working hours"),
    ("0.5 working days", "nửa ngày làm việc", "half a working day"),
    ("1.5 working days", "1,5 ngày làm việc", "1.5 working days"),
    ("1 month", "1 tháng", "1 month"),
    ("until 2026-05-01", "đến hết ngày 01/05/2026", "until the end of 01/05/2026"),
    ("3 working days before", "trước 3 ngày làm việc", "3 working days before"),
]


@pytest.mark.parametrize(("limit", "vi"), [row[:2] for row in LIMITS])
def test_limits_in_vietnamese(limit: str, vi: str) -> None:
    assert limit_said(parse(limit)) == vi


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("limit", "en"), [(row[0], row[2]) for row in LIMITS])
def test_limits_in_english(limit: str, en: str) -> None:
    assert limit_said(parse(limit)) == en


def test_no_time_at_all_is_still_said() -> None:
    assert rest_said(Rest(Unit.HOUR, Fraction(1, 120))) == "0 giờ"


def test_every_text_is_in_the_catalog_with_the_same_blanks() -> None:
    with CATALOG.open("rb") as file:
        catalog = read_po(file, locale="en")
    tree = ast.walk(ast.parse(Path(sheet.__file__).read_text("utf-8")))
    calls = [node for node in tree if isinstance(node, ast.Call)]
    wrapped = [call.args[0] for call in calls if getattr(call.func, "id", "") in ("_", "ngettext")]
    texts = {str(text.value) for text in wrapped if isinstance(text, ast.Constant)}
    assert len(texts) > 20
    for text in texts:
        found = catalog.get(text)
        assert found is not None, text
        forms = found.string if isinstance(found.string, tuple) else (found.string,)
        assert all(blanks(form) == blanks(text) for form in forms), text


def blanks(text: str) -> set[str]:
    return {word.split(")")[0] for word in text.split("%(")[1:]}
