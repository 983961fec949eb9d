"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "bells.set": _("Đặt giờ vào tiết"),
    "timetable.published": _("Công bố thời khoá biểu"),
}
