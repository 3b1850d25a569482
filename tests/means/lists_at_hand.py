"""Lists of former units' means made for tests, taken in by somebody of the cast."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from haicap.journal.ids import uuid7
from haicap.means.handover.models import Upload
from haicap.means.handover.room import MEANS
from haicap.papers.books import open_book
from haicap.papers.sheets_in import plans, uploads
from haicap.papers.sheets_in.fold import Batch
from haicap.papers.sheets_in.judging import Judged, judged, table_of
from haicap.papers.sheets_in.taking import take_in
from matters.sheets_at_hand import workbook
from pages import person

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
THINGS: list[list[Any]] = [
    ["CÔNG AN QUẬN HỒNG BÀNG", "", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["BIÊN BẢN BÀN GIAO TÀI SẢN"],
    [],
    ["STT", "Tên tài sản", "Số máy", "Biển số", "SL", "Tình trạng", "Năm sử dụng", "Nguyên giá (đồng)", "Nơi để"],
    ["I", "Công an phường Sở Dầu"],
    [1, "Máy vi tính Dell Optiplex 3080", "SN-88120", "", 1, "Tốt", 2021, "14.500.000", "Phòng trực"],
    [2, "MAY IN CANON LBP", "", "", "3 chiếc", "Cu", "", "12,000,000", "Kho"],
    [3, "Ghế xoay", "", "", 20, "Bình thường", "Năm 2018", "", ""],
    ["II", "Công an phường Quán Toan"],
    [4, "Xe mô tô Honda", "", "15B1-012.34", "", "hư hỏng", "16/02/2019", "32,5 triệu", ""],
    [5, "Máy chiếu ma thuật", "", "", 1, "Tốt", "", "", ""],
    [6, "Tủ hồ sơ sắt", "", "", "vài", "Tàm tạm", "31/02/2018", "rẻ", ""],
    [1, "Máy vi tính Dell", "SN-88120", "", 1, "Tốt", 2021, "", ""],
    ["", "Tổng cộng", "", "", 27],
    ["", "", "", "", "Hải Phòng, ngày 28 tháng 6 năm 2025"],
    ["", "NGƯỜI GIAO", "", "", "NGƯỜI NHẬN"],
]  # fmt: skip
PREMISES: list[list[Any]] = [
    ["TT", "Tên trụ sở", "Địa chỉ cũ", "Diện tích đất (m²)", "Giấy tờ đất", "Số GCN", "Diện tích sàn", "Số tầng",
     "Năm xây dựng", "Hiện trạng"],
    [1, "Trụ sở Công an quận Hồng Bàng", "17 Đinh Tiên Hoàng, phường Hoàng Văn Thụ, quận Hồng Bàng", "1.250,5 m2",
     "đã cấp", "BK 112233", "2.480", 5, 1998, "Xuống cấp"],
    [2, "Trụ sở Công an phường Sở Dầu", "215 Hùng Vương, phường Sở Dầu, quận Hồng Bàng", 320, "chưa có", "", 470.5, 3,
     2004, "Tốt"],
    [3, "Kho vật chứng", "Đường 5, phường Atlantis", "hai sào", "đã cấp", "", "", 1, 1801, ""],
    ["", "Tổng", "", "1.570,5"],
]  # fmt: skip
LINES: list[list[Any]] = [
    ["TT", "Đơn vị", "Nhà cung cấp", "Mã kênh", "Loại đường truyền", "Truyền dẫn", "Tốc độ", "Ngày ký", "Cước tháng"],
    [1, "CAP Sở Dầu", "Viettel", "HPG-0771", "truyền số liệu", "cáp quang", "100/50 Mbps", "01/03/2024", "2.200.000"],
    [2, "Quán Toan", "VNPT", "FTTH-1", "Internet", "FTTH", "1 Gbps", "5-6-2023", "1,1 triệu"],
    [3, "Quán Toan", "VNPT", "", "Internet", "khói", "nhanh", "04/2023", ""],
]  # fmt: skip
FILES: list[list[Any]] = [
    ["STT", "Loại hồ sơ", "Thời gian", "Số hồ sơ", "Số hộp", "Nơi lưu trữ"],
    [1, "Hồ sơ nhân khẩu", "2005–2020", "12.400", 84, "Kho tầng 1"],
    [2, "Hồ sơ đăng ký xe", "", "", "31 hộp", ""],
    [3, "Tàng thư cũ", "", 100, "", ""],
]  # fmt: skip


def list_in(
    data: bytes, account: str = "logistics", *, sort: str = "things", id: UUID | None = None, **said: Any
) -> Upload:
    """A file handed in with the plan that haicap guesses, and what somebody says beside it."""
    its, who = MEANS.sort(sort, NOW), person(account)
    upload = uploads.keep(
        Upload,
        who,
        data,
        id=id or uuid7(),
        name="ban-giao.xlsx",
        procedure=sort,
        unit=MEANS.desk(who, its),
        at=NOW,
    )
    table = table_of(open_book(data), plans.Plan(), its)
    uploads.say(upload, plans.Plan(**{"columns": plans.guess(table, its.targets), **said}))
    return upload


def looked_at(upload: Upload, account: str = "logistics") -> list[Judged]:
    """What would become of each line."""
    its, plan, who = MEANS.sort(upload.procedure, NOW), uploads.plan_of(upload), person(account)
    table = table_of(open_book(uploads.data_of(upload)), plan, its)
    return judged(MEANS, its, table, MEANS.ground(who, its, plan, upload.unit, NOW), who, upload.id)


def took(upload: Upload, account: str = "logistics") -> Batch:
    """The list, taken in."""
    return take_in(MEANS, upload, person(account), at=NOW)


def handed_over(
    rows: Sequence[Sequence[Any]], account: str = "logistics", *, sort: str = "things", **said: Any
) -> Batch:
    """Rows as a workbook, taken in."""
    return took(list_in(workbook(rows), account, sort=sort, **said), account)
