"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "audit.exported": _("Xuất nhật ký"),
    "file.removed": _("Xoá tệp"),
    "file.sealed": _("Mã hoá tệp trên đĩa"),
    "file.stored": _("Tải tệp lên"),
    "file.shared": _("Dùng chung tệp"),
    "job.started": _("Bắt đầu một việc nền"),
    "job.cancelled": _("Yêu cầu dừng một việc nền"),
}
