"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "document.registered": _("Vào sổ văn bản đến"),
    "document.assigned": _("Giao xử lý văn bản"),
    "document.finished": _("Xử lý xong văn bản"),
    "document.drafted": _("Soạn văn bản"),
    "document.redrafted": _("Sửa dự thảo văn bản"),
    "document.submitted": _("Trình văn bản"),
    "document.approved": _("Duyệt văn bản"),
    "document.returned": _("Trả lại dự thảo văn bản"),
    "document.released": _("Phát hành văn bản"),
    "document.file_added": _("Thêm tệp vào văn bản"),
    "document.file_removed": _("Gỡ tệp khỏi văn bản"),
    "task.given": _("Giao việc"),
    "task.finished": _("Báo xong việc"),
    "task.withdrawn": _("Rút lại việc đã giao"),
    "meeting.written": _("Lập biên bản họp"),
    "meeting.rewritten": _("Sửa biên bản họp"),
    "meeting.agreed": _("Thông qua biên bản họp"),
    "staff_leave.asked": _("Xin nghỉ"),
    "staff_leave.granted": _("Duyệt đơn nghỉ của nhân sự"),
    "staff_leave.declined": _("Không duyệt đơn nghỉ của nhân sự"),
    "staff_leave.withdrawn": _("Rút đơn nghỉ của nhân sự"),
    "leave_allowance.set": _("Đặt số ngày phép năm"),
    "shared_file.put": _("Đưa tệp vào thư mục chung"),
    "shared_file.removed": _("Bỏ tệp khỏi thư mục chung"),
    "shared_file.restored": _("Lấy lại tệp của thư mục chung"),
    "venue.added": _("Thêm phòng, thiết bị để đặt lịch"),
    "occasion.planned": _("Đặt lịch"),
    "occasion.cancelled": _("Huỷ lịch"),
}
