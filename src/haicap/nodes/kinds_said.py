"""What an entry is, for those who may see that it is there and nothing in it: what it is about, what was done."""

from django.utils.translation import gettext_lazy as _

ABOUT = {
    "assessment": _("phiếu đánh giá"), "bulletin": _("bản tin"), "catalogue": _("danh mục"),
    "circuit": _("đường truyền dữ liệu"), "delegation": _("ủy quyền"), "directive": _("văn bản chỉ đạo"),
    "distance": _("khoảng cách"), "document": _("văn bản áp dụng"), "duty": _("chế độ trực"),
    "establishment": _("biên chế"), "fact": _("số liệu định mức"), "grant": _("quyền"), "guidance": _("hướng dẫn"),
    "handover": _("danh sách bàn giao"), "journal": _("nhật ký"), "key": _("khóa niêm phong"),
    "line": _("sổ trực"), "matter": _("hồ sơ vụ việc"), "node": _("nút mạng"), "norm": _("định mức"),
    "officer": _("cán bộ"), "person": _("nhân sự"), "plan": _("phương án"), "post": _("chức vụ"),
    "programme": _("chương trình đầu tư"), "project": _("công trình"), "round": _("đợt đánh giá"),
    "sheet": _("bảng nhập"), "shift": _("ca trực"), "site": _("trụ sở"), "stocktake": _("kiểm kê"),
    "thing": _("tài sản"), "unit": _("đơn vị"),
}  # fmt: skip
"""By the first part of a kind."""

DONE = {
    "accepted": _("ký nhận"), "adopted": _("phê duyệt"), "answered": _("trả lời"), "arrived": _("đến đơn vị nhận"),
    "asked": _("giao trả lời"), "assigned": _("phân công"), "attached": _("đính kèm tệp"),
    "became": _("thành việc khác"), "budgeted": _("bố trí vốn"), "building_given_up": _("thôi dùng một nhà"),
    "building_recorded": _("ghi một nhà"), "changed": _("thay đổi"), "closed": _("đóng"), "commented": _("ghi thêm"),
    "contracted": _("ký hợp đồng"), "corrected": _("đính chính"), "counted": _("kiểm đếm"), "described": _("mô tả"),
    "destroyed": _("đã hủy"), "detached": _("bỏ tệp"), "disposed": _("ghi giảm"),
    "disqualified": _("thu hồi chứng chỉ"),
    "distinct": _("xác định không trùng"), "dropped": _("bỏ"), "emergency_shown": _("đã xem cảnh báo khẩn cấp"),
    "ended": _("chấm dứt"), "erased": _("lệnh xóa"), "explained": _("giải thích"), "extended": _("gia hạn"),
    "found_by_identity": _("tra theo số giấy tờ"), "given": _("giao"), "guided": _("hướng dẫn"),
    "handed_over": _("bàn giao, chuyển đi"), "handover_ended": _("kết thúc bàn giao"), "imported": _("nhập vào"),
    "interrupted": _("gián đoạn"), "invited": _("mời"), "issued": _("ban hành, cấp"), "joined": _("nhập vào"),
    "judged": _("đánh giá chất lượng"), "left": _("thôi giữ"), "lent": _("cho mượn"), "lent_back": _("trả nơi mượn"),
    "linked": _("gắn với việc khác"), "listed": _("đưa vào danh mục"), "marked": _("đánh dấu"), "measured": _("đo"),
    "merged": _("sáp nhập"), "offered": _("đề nghị giao"), "opened": _("mở"), "outcome_told": _("báo kết quả"),
    "paid": _("thanh toán"), "paused": _("tạm dừng"), "placed": _("đặt ở nơi khác"), "planned": _("lập kế hoạch"),
    "published": _("công bố"), "qualified": _("cấp chứng chỉ"), "raised": _("mở hồ sơ mới"),
    "reached": _("xong một bước"),
    "read": _("đọc bảng"), "recalled": _("rút đề nghị giao"), "received": _("xác nhận đã nhận"),
    "recorded": _("ghi sổ"), "recounted": _("đếm lại"), "referred": _("chuyển cơ quan khác"),
    "refused": _("không nhận, trả lại"), "registered": _("đăng ký"), "released": _("cho tính"),
    "reminded": _("nhắc"), "renamed": _("đổi tên"), "renewed": _("bắt đầu đời mới"), "reopened": _("mở lại"),
    "repaid": _("sửa khoản thanh toán"), "repaired": _("sửa chữa"), "reported": _("báo cáo"),
    "resolved": _("quyết nghị"),
    "restored": _("khôi phục"), "resumed": _("làm tiếp"), "retracted": _("rút khỏi sổ"), "revised": _("sửa đổi"),
    "revoked": _("bị thu hồi"), "rooms_set": _("ghi các phòng"), "ruled": _("quy định"),
    "scheduled": _("định tiến độ"),
    "seconded": _("biệt phái"), "secondment_changed": _("đổi thời hạn biệt phái"), "sent": _("gửi đi"),
    "served": _("phục vụ địa bàn"), "set": _("giao chỉ tiêu"), "settled": _("chọn bản ghi đúng"),
    "shown": _("kèm ảnh, chứng từ"), "split": _("chia tách"), "stated": _("nêu số liệu"),
    "stepped": _("thực hiện một bước"),
    "stopped": _("dừng"), "struck": _("xóa tên"), "survey_withdrawn": _("rút lần khảo sát"), "surveyed": _("khảo sát"),
    "taken": _("nhận giữ"), "trained": _("tập huấn"), "undone": _("hủy lần nhập"), "unreached": _("rút một bước"),
    "unsealed": _("mở niêm phong"), "watched": _("theo dõi"), "withdrawn": _("rút khỏi sổ"), "written": _("ghi"),
}  # fmt: skip
"""By the second part of a kind."""


def kind_said(kind: str) -> str:
    """`đường truyền: đo` for `circuit.measured`; a kind of a newer version, of which nothing is known, as it is."""
    about, _dot, done = kind.partition(".")
    if about not in ABOUT or done not in DONE:
        return kind
    return f"{ABOUT[about]}: {DONE[done]}"
