"""Every paper is set, looked at as a reader would: size, pages, words; and refused where data do not fit."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pypdfium2
import pytest
import segno

from haicap.papers.contents import PAPERS, LookUp
from haicap.papers.documents import UnfitPaper, UnknownPaper, qr_code, render
from haicap.papers.samples import HEAD, LOOK_UP, SAMPLES, STORY
from haicap.papers.wording import day_in_words, deadline_in_words, moment_in_words


def opened(pdf: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(pdf)


def words(pdf: bytes) -> str:
    """All text of a PDF, lines joined as they were before they were broken."""
    text = " ".join(page.get_textpage().get_text_range() for page in opened(pdf))
    return re.sub(r"\s+", " ", text)


def test_every_paper_has_a_sample() -> None:
    assert SAMPLES.keys() == PAPERS.keys()


@pytest.mark.parametrize("paper", SAMPLES)
def test_ordinary_data_fill_one_a4_page(paper: str) -> None:
    pages = opened(render(paper, SAMPLES[paper]))
    assert len(pages) == 1
    across = paper == "listing"
    assert [round(side / 72 * 25.4) for side in pages[0].get_size()] == ([297, 210] if across else [210, 297])


@pytest.mark.parametrize("paper", SAMPLES)
def test_the_national_name_and_the_agency_can_be_read_out(paper: str) -> None:
    text = words(render(paper, SAMPLES[paper]))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc" in text
    assert SAMPLES[paper]["head"]["agency"].upper() in text


def test_the_national_name_stands_on_one_line() -> None:
    lines = opened(render("notice", SAMPLES["notice"]))[0].get_textpage().get_text_range().splitlines()
    assert any("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in line for line in lines)


@pytest.mark.parametrize(
    ("paper", "sentence"),
    [
        ("receipt", "Thời gian hẹn trả kết quả: 24 giờ 00 phút, ngày 23 tháng 02 năm 2026"),
        ("receipt", "Mã tra cứu: 7K3M-Q9XD"),
        (
            "answer",
            "Tra cứu: số 11311-26-7K00482-P, mã 7K3M-Q9XD. Tại https://haicap.haiphong.example/tra-cuu/",
        ),
        ("directive", "1. Rà soát hiện trạng trụ sở"),
        ("directive", "Hoàn thành trước: 24 giờ 00 phút, ngày 23 tháng 02 năm 2026."),
        ("directive", "Kính gửi: - Công an các xã, phường, đặc khu; - Phòng Hậu cần."),
        (
            "receipt-crime",
            "Hôm nay, hồi 08 giờ 15 phút, ngày 16 tháng 02 năm 2026, tại trụ sở Công an xã Kiến Thụy.",
        ),
        ("receipt-crime", "Ảnh chụp màn hình tin nhắn, lịch sử chuyển khoản 6"),
        ("handover-slip", "Kính gửi: Cơ quan Cảnh sát điều tra Công an thành phố Hải Phòng"),
        ("handover-slip", "KT. TRƯỞNG CÔNG AN XÃ PHÓ TRƯỞNG CÔNG AN XÃ"),
        ("extension", "Thời hạn mới: 24 giờ 00 phút, ngày 16 tháng 4 năm 2026"),
        ("answer", "V/v trả lời vướng mắc về đường truyền số liệu"),
        ("answer", "của Phòng Tham mưu; đề nghị"),
        ("decision", "Điều 2. Gửi quyết định này"),
        ("notice", "- Viện kiểm sát nhân dân khu vực 3; - Bà Phạm Thị Quỳnh Ngọc."),
        ("derivation", "Hết hạn: 24 giờ 00 phút, ngày 23 tháng 02 năm 2026."),
    ],
)
def test_what_a_paper_says(paper: str, sentence: str) -> None:
    assert sentence in words(render(paper, SAMPLES[paper]))


def test_recipients_end_with_a_full_stop() -> None:
    text = words(render("extension", SAMPLES["extension"]))
    for line in (
        "Nơi nhận:",
        "- Như trên;",
        "- Viện kiểm sát nhân dân khu vực 3;",
        "- Lưu: hồ sơ 11311-26-7K00482-P.",
    ):
        assert line in text


@pytest.mark.parametrize("paper", SAMPLES)
def test_the_same_data_give_the_same_bytes(paper: str) -> None:
    first = render(paper, SAMPLES[paper])
    render("receipt", SAMPLES["receipt"] | {"number": "11311-26-7K00001-0"})
    assert render(paper, SAMPLES[paper]) == first


def test_the_file_names_the_day_of_the_paper_as_its_creation() -> None:
    created = opened(render("notice", SAMPLES["notice"])).get_metadata_value("CreationDate")
    assert created.startswith(("D:20260215170000", "D:20260216000000+07"))


def test_only_the_typeface_of_the_package_is_used() -> None:
    pdf = render("handover-slip", SAMPLES["handover-slip"])
    assert set(re.findall(rb"/FontName/?\s*/?[A-Z]{6}\+(\w+)", pdf)) == {b"TeXGyreTermes"}


def test_text_is_never_taken_for_markup() -> None:
    hostile = '#panic("x") *not bold* $x^2$ = Title <label> @ref \\ // "]'
    assert hostile in words(render("notice", SAMPLES["notice"] | {"paragraphs": [hostile]}))


def test_pages_are_numbered_from_the_second_on_in_the_top_margin() -> None:
    pages = opened(render("notice", SAMPLES["notice"] | {"paragraphs": [STORY] * 30}))
    tops = [
        page.get_textpage().get_text_bounded(bottom=page.get_height() - 17 / 25.4 * 72).strip()
        for page in pages
    ]
    assert len(tops) > 1
    assert tops == ["", *map(str, range(2, len(tops) + 1))]


def test_no_text_leaves_the_margins() -> None:
    long = SAMPLES["notice"] | {"paragraphs": ["0" * 300, "Nghiêng " * 200]}
    page = opened(render("notice", long))[0]
    right = page.get_width() - 20 / 25.4 * 72
    lines = page.get_textpage()
    ends = [lines.get_rect(place)[2] for place in range(lines.count_rects())]
    assert max(ends) <= right + 13 / 4 + 0.1  # the space at the end of a line hangs over


def test_synthetic_data_are_marked_on_every_page_and_others_never() -> None:
    pages = opened(render("notice", SAMPLES["notice"] | {"paragraphs": [STORY] * 30, "synthetic": True}))
    assert all("DỮ LIỆU TRÌNH DIỄN" in page.get_textpage().get_text_range() for page in pages)
    assert "TRÌNH DIỄN" not in words(render("notice", SAMPLES["notice"]))


def test_a_report_without_a_name_asks_for_no_second_signature() -> None:
    text = words(render("receipt-crime", SAMPLES["receipt-crime"] | {"reporter": None}))
    assert "Người cung cấp thông tin: không nêu tên." in text
    assert "NGƯỜI CUNG CẤP THÔNG TIN" not in text


def test_a_number_left_open_leaves_room() -> None:
    data = SAMPLES["notice"] | {"head": HEAD | {"number": ""}}
    assert re.search(r"Số: +/CAX", words(render("notice", data)))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"head": HEAD | {"agency": " "}}, "head.agency"),
        ({"head": {key: HEAD[key] for key in HEAD if key != "place"}}, "head.place"),
        ({"number": None}, "number"),
        ({"items": [{"name": "Đơn", "count": 0}]}, "items.0.count"),
        ({"received": datetime(2026, 2, 16, 8, 15)}, "received"),  # noqa: DTZ001  a naive time is the point
        ({"score": 3}, "score"),
    ],
)
def test_data_that_do_not_fit_name_the_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(UnfitPaper) as refused:
        render("receipt", SAMPLES["receipt"] | change)
    assert refused.value.faults.keys() == {field}
    assert f"receipt: {field}: " in str(refused.value)


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(UnknownPaper, match="no paper 'diploma'; there are answer, decision"):
        render("diploma", {})


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 1, 5), "ngày 05 tháng 01 năm 2026"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_days_in_words(day: date, told: str) -> None:
    assert day_in_words(day) == told


def test_moments_and_deadlines_are_told_in_vietnamese_time() -> None:
    midnight = datetime(2026, 2, 28, 17, tzinfo=UTC)
    assert moment_in_words(midnight) == "00 giờ 00 phút, ngày 01 tháng 3 năm 2026"
    assert deadline_in_words(midnight) == "24 giờ 00 phút, ngày 28 tháng 02 năm 2026"
    assert deadline_in_words(midnight.replace(hour=9)) == "16 giờ 00 phút, ngày 28 tháng 02 năm 2026"


def test_several_threads_may_print_at_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda paper: render(paper, SAMPLES[paper]), [*SAMPLES] * 3))
    assert made == [render(paper, SAMPLES[paper]) for paper in SAMPLES] * 3


def test_the_code_leads_to_the_look_up_and_never_stands_in_the_address() -> None:
    look_up = LookUp.model_validate(LOOK_UP)
    assert look_up.link == "https://haicap.haiphong.example/tra-cuu/?number=11311-26-7K00482-P"
    assert look_up.model_copy(update={"address": ""}).link == "11311-26-7K00482-P 7K3M-Q9XD"
    dark = segno.make(look_up.link, error="m", micro=False)
    assert f'width="{dark.symbol_size(border=0)[0]}"' in qr_code(look_up)


def test_the_qr_code_stands_in_the_foot_of_the_first_page_alone() -> None:
    pages = opened(render("notice", SAMPLES["notice"] | {"paragraphs": [STORY] * 30}))
    assert len(pages) > 1
    feet = [bool(page.get_textpage().get_text_bounded(top=20 / 25.4 * 72).strip()) for page in pages]
    assert feet == [True] + [False] * (len(pages) - 1)
    image = pages[0].render(scale=4).to_pil().convert("L")
    side, left, low = (round(mm / 25.4 * 72 * 4) for mm in (12, 30, 18))
    foot = image.crop((left, image.height - low, left + side, image.height - low + side))
    dark = sum(1 for it in foot.tobytes() if it < 128) / (side * side)
    assert 0.3 < dark < 0.7  # about half of the modules of a QR code are dark


def test_a_paper_without_a_look_up_has_an_empty_foot() -> None:
    page = opened(render("notice", SAMPLES["notice"] | {"look_up": None}))[0]
    assert page.get_textpage().get_text_bounded(top=20 / 25.4 * 72).strip() == ""


def test_more_addressees_than_a_letter_names_stand_on_a_list_behind_it() -> None:
    names = [f"Công an xã Thử {n}" for n in range(1, 115)]
    pages = opened(render("directive", SAMPLES["directive"] | {"annex": names}))
    texts = [re.sub(r"\s+", " ", page.get_textpage().get_text_range()) for page in pages]
    assert "DANH SÁCH ĐƠN VỊ THỰC HIỆN" in texts[1]
    assert all(any(name in text for text in texts[1:]) for name in names)
