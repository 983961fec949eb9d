"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "roll.taken": _("Điểm danh"),
    "absence.told": _("Báo gia đình về việc vắng học"),
    "leave.asked": _("Xin nghỉ học"),
    "leave.approved": _("Đồng ý cho nghỉ học"),
    "leave.declined": _("Không đồng ý cho nghỉ học"),
    "leave.withdrawn": _("Rút đơn xin nghỉ học"),
    "lesson.signed": _("Ghi và kí sổ đầu bài"),
    "log_week.closed": _("Khoá sổ đầu bài của tuần"),
    "log_week.reopened": _("Mở lại sổ đầu bài của tuần"),
    "log_month.signed": _("Kí sổ đầu bài của tháng"),
    "meal_rules.set": _("Đặt cách tính bữa ăn"),
    "log_rules.set": _("Đặt cách ghi sổ đầu bài"),
    "plan.set": _("Nhập phân phối chương trình"),
}
