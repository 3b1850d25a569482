"""Ugly lists of means by the thousand, each from a seed, typed and saved as `matters.ugly_sheets` does it."""

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from matters import ugly_sheets
from matters.ugly_sheets import DATES, JUNK, UNITS, Ugly

Cell = Callable[[random.Random, int], Any]


def _of(*its: Any) -> Cell:
    return lambda chance, number: chance.choice(its)


def _day(chance: random.Random, number: int) -> Any:
    return chance.choice(DATES)(date(2018, 1, 5) + timedelta(days=chance.randrange(2000)))


def _money(chance: random.Random, number: int) -> Any:
    sum_ = chance.randrange(1, 900) * 100_000
    grouped = f"{sum_:,}"
    return chance.choice(
        (sum_, grouped, grouped.replace(",", "."), f"{sum_ // 10**6} triệu", "", f"{grouped} đồng")
    )


def _area(chance: random.Random, number: int) -> Any:
    area = chance.randrange(200, 30_000) / 10
    words = f"{area:,.1f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return chance.choice((area, words, f"{words} m2", f"{words} m²", int(area), int(area), "hai sào"))


def _signed(chance: random.Random, number: int) -> Any:
    return _day(chance, number) if chance.random() < 0.3 else f"{chance.randrange(1, 29)}/5/2023"


def _number(chance: random.Random, number: int) -> Any:
    return "" if chance.random() < 0.08 else f"HPG-{chance.randrange(99)}"


def _serial(chance: random.Random, number: int) -> Any:
    return chance.choice(("", f"SN{chance.randrange(9999):05}", "-"))


SORTS: Mapping[str, Mapping[str, tuple[tuple[str, ...], Cell]]] = {
    "things": {
        "kind": (("Tên tài sản", "TEN TAI SAN", "Loại trang bị", "Tên thiết bị"), _of(
            "Máy vi tính", "MAY IN CANON", "ghe xoay", "Xe mô tô Honda Wave", "Tủ hồ sơ", "Máy chiếu", "Bàn ghế",
            "Laptop Dell", "Cộng hưởng kế", "Điều hoà Daikin", "Két sắt")),
        "name": (("Nhãn hiệu", "Model", "Thông số kỹ thuật"), _of("Dell 3080", "", "LBP 2900", "Hòa Phát")),
        "serial": (("Số máy", "Serial"), _serial),
        "plate": (("Biển số", "BKS"), _of("", "", "15B1-012.34", "15A 567.89")),
        "count": (("Số lượng", "SL"), _of(1, 2, "03", "12 chiếc", "1.200", "vài", "", -1, "0")),
        "condition": (("Tình trạng", "HIEN TRANG", "Chất lượng"), _of("Tốt", "cu", "Hư hỏng", "80%", "", "đang dùng")),
        "bought": (("Năm mua", "Năm sử dụng", "Ngày mua"), lambda chance, number: chance.choice(
            (2019, "Năm 2020", "", "2o21", _day(chance, number)))),
        "price": (("Nguyên giá", "Đơn giá (đồng)", "Thành tiền"), _money),
        "place": (("Nơi để", "Vị trí"), _of("Kho", "Phòng trực", "")),
    },
    "premises": {
        "name": (("Tên trụ sở", "Trụ sở", "CƠ SỞ NHÀ ĐẤT"), _of(
            "Trụ sở Công an phường", "Trụ sở cũ quận", "Nhà xe", "Kho vật chứng", "Tổng kho")),
        "address": (("Địa chỉ cũ", "Địa chỉ"), _of(
            "12 Lê Đại Hành, phường Minh Khai, quận Hồng Bàng", "Sở Dầu, Hồng Bàng", "phường Hồng Bàng", "đường 5",
            "")),
        "land": (("Diện tích đất (m2)", "DT đất"), _area),
        "title": (("Giấy tờ đất", "Pháp lý"), _of(
            "đã cấp", "chua co", "chưa cấp", "đang làm thủ tục", "", "chua co", "tranh chấp")),
        "certificate": (("Số GCN",), _of("BK 1", "", 112233)),
        "floor": (("Diện tích sàn", "DT sàn (m2)"), _area),
        "storeys": (("Số tầng", "Tầng"), _of(1, 3, "5 tầng", 2, "cấp 4", "")),
        "year": (("Năm xây dựng", "Năm XD"), _of(1998, "2004", "", 2011, 2015, "trước 75")),
        "condition": (("Hiện trạng", "Tình trạng"), _of("Tốt", "xuong cap", "nứt", "Bỏ hoang", "", "tot", "tạm")),
    },
    "lines": {
        "provider": (("Nhà cung cấp", "Nhà mạng"), _of("VNPT", "Viettel", "FPT")),
        "number": (("Mã kênh", "Số thuê bao"), _number),
        "kind": (("Loại đường truyền", "Dịch vụ"), _of(
            "internet", "Truyền số liệu", "MPLS", "Internet", "WAN", "khác")),
        "medium": (("Truyền dẫn", "Công nghệ"), _of("Cáp quang", "FTTH", "4G", "cap dong", "quang", "QUANG", "khói")),
        "down": (("Tốc độ", "Băng thông (Mbps)"), _of(
            "100", "100/50 Mbps", "1 Gbps", "512 kbps", 40.5, 200, "300Mbps", "nhanh")),
        "begun": (("Ngày ký", "Từ ngày"), _signed),
        "until": (("Đến ngày",), lambda chance, number: chance.choice(("", _day(chance, number)))),
        "cost": (("Cước tháng", "Cước"), _money),
    },
    "files": {
        "name": (("Loại hồ sơ", "TEN HO SO"), _of(
            "Hồ sơ nhân khẩu", "Tàng thư căn cước", "Hồ sơ đăng ký xe", "tong hop", "HS")),
        "years": (("Thời gian", "Giai đoạn"), _of("2005–2020", "", 2019, "trước 2010")),
        "dossiers": (("Số hồ sơ",), _of("12.400", "", 30, "nhiều")),
        "count": (("Số hộp", "Số cặp"), _of(3, "31 hộp", "", "1.200", "0", "mấy")),
        "place": (("Nơi lưu trữ", "Kho"), _of("Kho tầng 1", "")),
    },
}  # fmt: skip
"""By sort of list, each column with heads that it may have, and what stands in it."""

NEEDED = {"things": ("kind",), "premises": ("name", "address"), "lines": ("provider", "number", "down", "begun"),
          "files": ("name", "count")}  # fmt: skip


def ugly_list(sort: str, seed: int) -> Ugly:
    """The list of a seed; the same seed gives the same list."""
    chance = random.Random(f"{sort}/{seed}")
    rows, merged = _rows(sort, chance)
    rows = [[ugly_sheets._as_typed(cell, chance) for cell in row] for row in rows]
    if chance.random() < 0.5:
        return Ugly(ugly_sheets._csv(rows, chance), ugly_sheets._used(rows), "csv")
    return Ugly(ugly_sheets._book(rows, merged), ugly_sheets._used(rows), "xlsx")


def _rows(sort: str, chance: random.Random) -> tuple[list[list[Any]], list[tuple[int, int, int, int]]]:
    its = SORTS[sort]
    columns = [name for name in its if name in NEEDED[sort] or chance.random() < 0.8]
    if chance.random() < 0.2:
        chance.shuffle(columns)
    heads = ["STT", *(chance.choice(its[name][0]) for name in columns)]
    with_unit = chance.random() < 0.5
    rows: list[list[Any]] = [[chance.choice(("CÔNG AN QUẬN HỒNG BÀNG", "", "BIÊN BẢN BÀN GIAO"))]
                             for _ in range(chance.randrange(5))]  # fmt: skip
    merged: list[tuple[int, int, int, int]] = []
    if rows and chance.random() < 0.3:
        merged.append((0, 0, 0, 2))
    if chance.random() < 0.95:
        rows.append([*heads, "Đơn vị (cũ)"] if with_unit else heads)
        if chance.random() < 0.2:
            rows.append([f"({place})" for place in range(1, len(rows[-1]) + 1)])
    for number in range(1, chance.randrange(1, 12)):
        if chance.random() < 0.1:
            rows.append(
                ["I", chance.choice(("Công an phường Sở Dầu", "Tài sản năm 2020", "Công an quận Hồng Bàng"))]
            )
        if chance.random() < 0.06:
            rows.append([])
        row = [number, *(_cell(its[name][1], chance, number) for name in columns)]
        rows.append([*row, chance.choice(UNITS)] if with_unit else row)
        if chance.random() < 0.12:
            rows.append(list(rows[-1]))
    if chance.random() < 0.6:
        rows.append(["", chance.choice(("Tổng cộng", "Cộng: 5 cái")), "", 12])
    if chance.random() < 0.4:
        rows += [["", "", "Hải Phòng, ngày 28 tháng 6 năm 2025"], ["NGƯỜI GIAO", "", "", "NGƯỜI NHẬN"]]
    return ([] if chance.random() < 0.02 else rows), merged


def _cell(its: Cell, chance: random.Random, number: int) -> Any:
    return chance.choice(JUNK) if chance.random() < 0.05 else its(chance, number)
