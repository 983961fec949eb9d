"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "move.asked": _("Hỏi trường ở hệ thống khác để chuyển học sinh đến"),
    "move.heard": _("Nhận tin về việc chuyển trường từ hệ thống khác"),
    "move.refused": _("Không nhận tin chuyển trường không đúng bên"),
    "move.released": _("Cho học sinh chuyển sang trường ở hệ thống khác"),
    "move.not_here": _("Báo học sinh không học ở trường"),
    "move.begun": _("Nhận học sinh từ trường ở hệ thống khác"),
    "move.placed": _("Xếp lớp cho học sinh chuyển đến"),
    "move.withdrawn": _("Thôi xin chuyển học sinh đến"),
    "move.given_back": _("Nhận lại học sinh vì trường kia thôi xin"),
    "move.said": _("Báo cho hệ thống khác về việc chuyển trường"),
    "move.rebuilt": _("Dựng lại việc chuyển trường sau khi khôi phục hệ thống"),
    "move.record_sent_again": _("Gửi lại hồ sơ học tập mà trường kia đã mất"),
    "move.record_taken": _("Nhận hồ sơ học tập của học sinh chuyển đến"),
    "move.record_bad": _("Hồ sơ học tập chuyển đến không dùng được"),
}
