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
    "years.worked_out": _("Tính kết quả cả năm của trường"),
    "conduct.recorded": _("Ghi kết quả rèn luyện"),
    "class_meeting.recorded": _("Ghi họp xét kết quả cuối năm"),
    "class_meeting.approved": _("Duyệt kết quả cả năm của lớp"),
    "level.decided": _("Quyết định mức học tập"),
    "entry_window.set": _("Đặt thời gian nhập điểm"),
    "entry_window.removed": _("Bỏ thời gian nhập điểm"),
    "phrase.kept": _("Giữ câu nhận xét"),
    "phrase.removed": _("Xoá câu nhận xét"),
    "exemption.granted": _("Cho miễn học môn"),
    "exemption.ended": _("Thôi miễn học môn"),
    "result.received": _("Nhận kết quả từ trường khác"),
    "make_up.planned": _("Xếp kiểm tra bù"),
    "make_up.settled": _("Ghi kết quả kiểm tra bù"),
    "reassessment.registered": _("Đăng kí đánh giá lại"),
    "reassessment.recorded": _("Ghi kết quả đánh giá lại"),
    "summer_training.proposed": _("Đề nghị rèn luyện trong hè"),
    "summer_training.approved": _("Duyệt rèn luyện trong hè"),
    "summer_training.judged": _("Đánh giá rèn luyện trong hè"),
}
