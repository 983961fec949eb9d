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
    "task.given": _("Giao việc"),
    "task.finished": _("Báo xong việc"),
    "task.withdrawn": _("Rút lại việc đã giao"),
    "venue.added": _("Thêm phòng, thiết bị để đặt lịch"),
    "occasion.planned": _("Đặt lịch"),
    "occasion.cancelled": _("Huỷ lịch"),
}
