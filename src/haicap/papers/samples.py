"""What papers say when one only wants to see them: invented persons and deeds, for previews and for tests."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

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
        "signature": {"power": "KT. Giám đốc", "post": "Phó Giám đốc", "name": "Đoàn Thị Hương Giang"},
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
    "listing": {
        "head": HEAD,
        "title": "Danh sách kiến nghị với chính quyền địa phương",
        "summary": "Từ 01/01/2026 đến 31/01/2026",
        "lines": ["Số kiến nghị: 02"],
        "columns": [
            {"label": "Nội dung"},
            {"label": "Hạn trả lời", "width": 30},
            {"label": "Số tiền", "right": True},
        ],
        "groups": [
            {
                "title": "Ủy ban nhân dân xã Kiến Thụy",
                "rows": [
                    ["Sửa chữa trụ sở", "20/02/2026", "450.000.000"],
                    ["Bố trí đất xây trụ sở", "28/02/2026", ""],
                ],
            },
        ],
    },
}
