"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "teacher_absence.recorded": _("Ghi giáo viên nghỉ"),
    "teacher_absence.withdrawn": _("Bỏ ghi giáo viên nghỉ"),
    "bells.set": _("Đặt giờ vào tiết"),
    "calendar_feed.made": _("Mở địa chỉ lịch"),
    "calendar_feed.revoked": _("Đóng địa chỉ lịch"),
    "campus_ways.set": _("Đặt thời gian đi lại giữa các điểm trường"),
    "cover.assigned": _("Phân công dạy thay"),
    "cover.withdrawn": _("Thôi phân công dạy thay"),
    "fet_file.brought": _("Mở tệp FET"),
    "fet_file.discarded": _("Bỏ tệp FET"),
    "fet_file.placed": _("Xếp xong tệp FET"),
    "fet_file.search_begun": _("Bắt đầu xếp tệp FET"),
    "lessons.swapped": _("Đổi tiết trong ngày"),
    "lessons.swapped_back": _("Bỏ đổi tiết trong ngày"),
    "timetable.changes_told": _("Báo thay đổi thời khoá biểu"),
    "timetable.published": _("Công bố thời khoá biểu"),
    "timetable_draft.discarded": _("Bỏ bản nháp thời khoá biểu"),
    "timetable_draft.made": _("Lập bản nháp thời khoá biểu"),
    "timetable_draft.placed": _("Xếp tiết cho bản nháp thời khoá biểu"),
    "timetable_draft.published": _("Công bố bản nháp thời khoá biểu"),
    "timetable_draft.renewed": _("Cập nhật bản nháp thời khoá biểu theo phân công"),
    "timetable_draft.search_begun": _("Bắt đầu xếp thời khoá biểu"),
    "timetable_lesson.locked": _("Giữ chỗ một tiết"),
    "timetable_lesson.moved": _("Dời một tiết"),
    "timetable_lesson.unlocked": _("Bỏ giữ chỗ một tiết"),
    "timetable_wish.added": _("Thêm yêu cầu xếp thời khoá biểu"),
    "timetable_wish.ended": _("Thôi một yêu cầu xếp thời khoá biểu"),
}
