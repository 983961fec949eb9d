"""Words for what the tables hold as codes."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from khue.foundation.ui.formats import as_number
from khue.workspace import symbols

WAYS = {"in": _("Văn bản đến"), "out": _("Văn bản đi")}
STATES = {
    "arrived": _("Chờ phân công"),
    "assigned": _("Đang xử lý"),
    "done": _("Đã xử lý"),
    "draft": _("Dự thảo"),
    "submitted": _("Chờ duyệt"),
    "returned": _("Cần sửa lại"),
    "approved": _("Chờ phát hành"),
    "released": _("Đã phát hành"),
    "agreed": _("Đã thông qua"),
}
TONES = {
    "arrived": "soon",
    "assigned": "info",
    "done": "good",
    "draft": "",
    "submitted": "soon",
    "returned": "late",
    "approved": "soon",
    "released": "good",
    "agreed": "good",
}
URGENCIES = {
    "normal": _("Thường"),
    "urgent": _("Khẩn"),
    "very_urgent": _("Thượng khẩn"),
    "express": _("Hoả tốc"),
}
VERBS = {
    "registered": _("Đã vào sổ"),
    "corrected": _("Sửa thông tin vào sổ; trước đó ghi"),
    "assigned": _("Giao xử lý"),
    "finished": _("Xử lý xong"),
    "answered": _("Đã trả lời bằng văn bản"),
    "drafted": _("Soạn"),
    "redrafted": _("Sửa dự thảo"),
    "submitted": _("Trình ký duyệt"),
    "approved": _("Duyệt"),
    "returned": _("Trả lại"),
    "released": _("Phát hành"),
    "file_added": _("Thêm tệp"),
    "file_removed": _("Gỡ tệp"),
}
ARRIVAL = {
    "symbol": _("Số, ký hiệu"),
    "dated_on": _("Ngày văn bản"),
    "issuer": _("Cơ quan ban hành"),
    "kind": _("Loại văn bản"),
    "summary": _("Trích yếu"),
    "urgency": _("Mức độ khẩn"),
    "due_on": _("Hạn xử lý"),
}
POWERS = {
    "": _("Ký trực tiếp"),
    "KT.": _("KT. (ký thay)"),
    "TL.": _("TL. (thừa lệnh)"),
    "TUQ.": _("TUQ. (thừa uỷ quyền)"),
    "Q.": _("Q. (quyền)"),
}
PARTS = {"scan": _("Bản chụp văn bản"), "annex": _("Phụ lục, tài liệu kèm theo"), "signed": _("Bản đã ký, đóng dấu")}
LEAVE_KINDS = {
    "annual": _("Nghỉ phép năm"),
    "personal": _("Việc riêng, hưởng lương"),
    "unpaid": _("Việc riêng, không hưởng lương"),
    "sick": _("Nghỉ ốm"),
    "maternity": _("Thai sản"),
    "away": _("Đi công tác, học tập"),
}
LEAVE_STATES = {
    "waiting": _("Chờ duyệt"),
    "approved": _("Được nghỉ"),
    "declined": _("Không duyệt"),
    "withdrawn": _("Đã rút"),
}
LEAVE_TONES = {"waiting": "soon", "approved": "good", "declined": "late", "withdrawn": ""}


def arrival_value(name: str, value: object) -> str:
    """One thing that is written of a document that arrived, in the words of the page."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if name == "kind":
        return next(kind.name for kind in symbols.KINDS if kind.code == value)
    return str(URGENCIES[str(value)] if name == "urgency" else value or _("để trống"))


def days(half_days: int) -> str:
    """Halves of a day as people say them: 3 is "1,5"."""
    return as_number(half_days / 2) if half_days % 2 else as_number(half_days // 2)
