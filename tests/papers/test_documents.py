"""Every paper is set, looked at as a reader would: size, pages, words; and refused where data do not fit."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pypdfium2
import pytest

from haicap.papers.contents import PAPERS
from haicap.papers.documents import UnfitPaper, UnknownPaper, render
from haicap.papers.wording import day_in_words, deadline_in_words, moment_in_words

HEAD = {
    "superior": "Công an thành phố Hải Phòng",
    "agency": "Công an xã Kiến Thụy",
    "number": "128",
    "symbol": "CAX",
    "place": "Kiến Thụy",
    "date": date(2026, 2, 16),
}
CHIEF = {"post": "Trưởng Công an xã", "name": "Nguyễn Hữu Thưởng"}
DEPUTY = {"power": "KT. Trưởng Công an xã", "post": "Phó Trưởng Công an xã", "name": "Đỗ Thị Mỹ Lệ"}
OFFICER = {"post": "Người tiếp nhận", "name": "Vũ Đức Ngữ", "hint": "Ký, ghi rõ họ tên"}
PERSON = {
    "name": "Phạm Thị Quỳnh Ngọc",
    "born": "1984",
    "identity": "031184001234",
    "address": "Thôn Đoài, xã Kiến Thụy, thành phố Hải Phòng",
    "phone": "0900 000 000",
}
ITEMS = [
    {"name": "Đơn trình báo", "count": 1, "note": "bản chính"},
    {"name": "Ảnh chụp màn hình tin nhắn, lịch sử chuyển khoản", "count": 6},
]
RECEIVED = datetime(2026, 2, 16, 1, 15, tzinfo=UTC)
DUE = datetime(2026, 2, 23, 17, 0, tzinfo=UTC)
LOOK_UP = {
    "number": "11311-26-7K00482-P",
    "code": "7K3M-Q9XD",
    "address": "https://haicap.haiphong.example/tra-cuu/",
}
STORY = (
    "Khoảng 20 giờ ngày 14 tháng 02 năm 2026, bà Ngọc nhận được cuộc gọi của người tự xưng là nhân viên "
    "giao hàng, yêu cầu chuyển khoản 4.800.000 đồng tiền phí.\n"
    "Sau khi chuyển khoản, bà không liên lạc được nữa."
)
PAPER = {
    "head": HEAD,
    "signature": CHIEF,
    "recipients": ["Viện kiểm sát nhân dân khu vực 3"],
    "look_up": LOOK_UP,
}
MATTER = {"number": "11311-26-7K00482-P"}

SAMPLES: Mapping[str, dict[str, Any]] = {
    "receipt": PAPER
    | MATTER
    | {
        "procedure": "Cấp Giấy chứng nhận đủ điều kiện về an ninh, trật tự",
        "subject": "Cấp mới Giấy chứng nhận cho cơ sở lưu trú Hòa Bình, 12 phòng",
        "giver": PERSON,
        "items": [
            {"name": "Văn bản đề nghị (Mẫu 03)"},
            {"name": "Danh sách người chịu trách nhiệm về an ninh, trật tự"},
        ],
        "received": RECEIVED,
        "limit": "4 ngày làm việc",
        "promised": DUE,
        "collect": "Trung tâm Phục vụ hành chính công xã Kiến Thụy",
        "signature": OFFICER,
        "recipients": [],
    },
    "receipt-crime": PAPER
    | MATTER
    | {
        "source": "Tố giác về tội phạm",
        "began": RECEIVED,
        "ended": datetime(2026, 2, 16, 2, 5, tzinfo=UTC),
        "at": "trụ sở Công an xã Kiến Thụy",
        "officer": "Thiếu tá Vũ Đức Ngữ, cán bộ trực ban",
        "office": "Công an xã Kiến Thụy",
        "by": "Trực tiếp tại trụ sở",
        "reporter": PERSON,
        "content": STORY,
        "items": ITEMS,
        "signature": OFFICER,
        "recipients": [],
    },
    "handover-slip": PAPER
    | MATTER
    | {
        "to": "Cơ quan Cảnh sát điều tra Công an thành phố Hải Phòng",
        "received": RECEIVED,
        "reporter": PERSON,
        "content": STORY,
        "done": "Lập biên bản tiếp nhận; đề nghị ngân hàng tạm dừng giao dịch; ghi lời trình bày.",
        "grounds": ["Căn cứ các điều 145, 146 của Bộ luật Tố tụng hình sự năm 2015;"],
        "items": ITEMS,
        "due": DUE,
        "signature": DEPUTY,
    },
    "extension": PAPER
    | MATTER
    | {
        "to": ["Viện kiểm sát nhân dân khu vực 3", "Bà Phạm Thị Quỳnh Ngọc"],
        "subject": "Tố giác về hành vi lừa đảo chiếm đoạt tài sản",
        "grounds": ["Căn cứ khoản 2 Điều 147 của Bộ luật Tố tụng hình sự năm 2015;"],
        "reason": "Vụ việc có nhiều tình tiết phức tạp, phải kiểm tra, xác minh tại nhiều địa điểm.",
        "was_due": DUE,
        "now_due": datetime(2026, 4, 16, 17, 0, tzinfo=UTC),
    },
    "answer": PAPER
    | {
        "to": ["Công an xã Kiến Thụy"],
        "subject": "trả lời vướng mắc về đường truyền số liệu",
        "reference": "Công văn số 12/CAX ngày 02 tháng 02 năm 2026 của Công an xã Kiến Thụy",
        "outcome": "Đã đề nghị cấp có thẩm quyền",
        "paragraphs": [
            "Đường truyền số liệu của 07 xã khu vực Kiến Thụy hiện dùng chung một tuyến cáp quang; "
            "việc mất kết nối trong tháng 01 năm 2026 do thi công đường tỉnh 353.",
            "Phòng đã có tờ trình đề nghị bổ sung tuyến dự phòng. Trong thời gian chờ, đơn vị tiếp tục "
            "làm việc trên máy tại chỗ; dữ liệu tự gửi khi có đường truyền trở lại.",
        ],
        "due": datetime(2026, 3, 16, 10, 0, tzinfo=UTC),
        "head": HEAD | {"agency": "Phòng Tham mưu", "symbol": "PV01", "place": "Hải Phòng"},
        "signature": {"power": "TL. Giám đốc", "post": "Trưởng phòng Tham mưu", "name": "Trần Ngọc Ẩn"},
    },
    "decision": PAPER
    | {
        "subject": "Về việc không khởi tố vụ án hình sự",
        "authority": "Thủ trưởng Cơ quan Cảnh sát điều tra",
        "grounds": [
            "Căn cứ các điều 36, 153, 157 và 158 của Bộ luật Tố tụng hình sự năm 2015;",
            "Xét kết quả kiểm tra, xác minh nguồn tin về tội phạm, mã hồ sơ 11311-26-7K00482-P,",
        ],
        "articles": [
            "Không khởi tố vụ án hình sự vì hành vi không cấu thành tội phạm.",
            "Gửi quyết định này kèm hồ sơ cho Viện kiểm sát trong thời hạn 24 giờ.\nThông báo cho người tố giác.",
        ],
        "head": HEAD | {"agency": "Cơ quan Cảnh sát điều tra", "symbol": "QĐ-CSĐT"},
        "signature": {"power": "KT. Thủ trưởng", "post": "Phó Thủ trưởng", "name": "Bùi Hồng Khoẻ"},
    },
    "notice": PAPER
    | {
        "to": ["Viện kiểm sát nhân dân khu vực 3", "Bà Phạm Thị Quỳnh Ngọc"],
        "subject": "Về việc tiếp nhận nguồn tin về tội phạm",
        "grounds": ["Căn cứ khoản 4 Điều 145, khoản 5 Điều 146 của Bộ luật Tố tụng hình sự năm 2015;"],
        "paragraphs": [STORY],
    },
    "directive": PAPER
    | {
        "to": ["Công an các xã, phường, đặc khu", "Phòng Hậu cần"],
        "subject": "rà soát trụ sở, nhà ở của Công an cấp xã",
        "grounds": ["Căn cứ Kế hoạch số 218/KH-CAT ngày 10 tháng 02 năm 2026 của Công an thành phố;"],
        "paragraphs": [
            "Qua phản ánh của các đơn vị, một số trụ sở Công an cấp xã xuống cấp, thiếu phòng làm việc."
        ],
        "clauses": [
            {
                "number": "1",
                "what": "Rà soát hiện trạng trụ sở, lập danh mục hạng mục cần sửa chữa.",
                "by": ["Công an các xã, phường, đặc khu"],
                "due": DUE,
                "measure": "100 % trụ sở có phiếu hiện trạng",
            },
            {"number": "2", "what": "Tổng hợp, đề xuất kinh phí.", "by": ["Phòng Hậu cần"]},
        ],
        "report": datetime(2026, 3, 16, 10, 0, tzinfo=UTC),
        "head": HEAD
        | {
            "superior": "Bộ Công an",
            "agency": "Công an thành phố Hải Phòng",
            "symbol": "CAT-PV01",
            "place": "Hải Phòng",
        },
    },
    "derivation": PAPER
    | MATTER
    | {
        "subject": "Tố giác về hành vi lừa đảo chiếm đoạt tài sản",
        "clock": "Chuyển nguồn tin về tội phạm",
        "regime": "Tố tụng hình sự (ngày, kể cả ngày nghỉ)",
        "law": "Điểm b khoản 5 Điều 8 Thông tư liên tịch 01/2017, sửa đổi năm 2021",
        "limit": "7 ngày",
        "starts": RECEIVED,
        "due": DUE,
        "steps": [
            {
                "what": "Ngày tiếp nhận không tính; ngày thứ nhất là 17/02/2026",
                "rule": "Bộ luật Dân sự, Điều 147",
            },
            {"what": "Ngày thứ bảy là 23/02/2026", "rule": "Kết thúc lúc 24 giờ", "moment": DUE},
        ],
        "calendar": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "edition": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
        "signature": None,
        "recipients": [],
    },
}


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
    assert [round(side / 72 * 25.4) for side in pages[0].get_size()] == [210, 297]


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
