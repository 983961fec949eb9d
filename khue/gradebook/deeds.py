"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "mark_book.opened": _("Mở sổ điểm"),
    "mark_book.locked": _("Khoá sổ điểm"),
    "mark_column.added": _("Thêm cột điểm"),
    "mark_column.linked": _("Nối cột điểm với bài kiểm tra"),
    "marks.recorded": _("Ghi điểm"),
    "mark_correction.asked": _("Xin sửa điểm đã khoá"),
    "mark_correction.approved": _("Duyệt sửa điểm"),
    "mark_correction.declined": _("Không duyệt sửa điểm"),
}
