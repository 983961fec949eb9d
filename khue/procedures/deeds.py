"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "case.filed": _("Nộp hồ sơ thủ tục"),
    "case.step_done": _("Làm một bước của hồ sơ"),
    "case.unanswered": _("Từ chối hồ sơ không được bổ sung"),
    "case.supplement_asked": _("Yêu cầu bổ sung hồ sơ"),
    "case.supplement_answered": _("Bổ sung hồ sơ"),
    "case.file_attached": _("Gửi kèm tệp vào hồ sơ"),
    "case.file_opened": _("Mở tệp của hồ sơ"),
    "case.slip_opened": _("In giấy tờ của hồ sơ"),
    "case.files_forgotten": _("Xoá tệp tải lên mà không nộp cùng hồ sơ nào"),
    "case.apologised": _("Xin lỗi và hẹn lại ngày trả"),
    "case.withdrawn": _("Rút hồ sơ"),
    "case.rated": _("Đánh giá việc giải quyết hồ sơ"),
    "case.result_signed": _("Kí kết quả hồ sơ"),
    "case.result_taken": _("Tải kết quả hồ sơ"),
    "procedure.drawn": _("Lập thủ tục"),
    "procedure.version_drawn": _("Tải bản vẽ thủ tục lên"),
    "procedure.published": _("Công bố phiên bản thủ tục"),
    "procedure.closed": _("Ngừng nhận hồ sơ của thủ tục"),
    "public_day.declared": _("Khai báo ngày nghỉ, ngày làm bù"),
}
