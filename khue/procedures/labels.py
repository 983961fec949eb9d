"""What states, slips and roles are called on the screen."""

from django.utils.translation import gettext_lazy as _

from khue.procedures.models import Case, Slip

STATUSES = {
    Case.Status.FILED: _("Mới đăng ký"),
    Case.Status.RECEIVED: _("Được tiếp nhận"),
    Case.Status.NOT_RECEIVED: _("Không được tiếp nhận"),
    Case.Status.WORKED_ON: _("Đang xử lý"),
    Case.Status.SUPPLEMENT: _("Yêu cầu bổ sung"),
    Case.Status.PAYMENT: _("Yêu cầu nghĩa vụ tài chính"),
    Case.Status.WITHDRAWAL: _("Người nộp xin rút"),
    Case.Status.STOPPED: _("Dừng xử lý"),
    Case.Status.FINISHED: _("Đã xử lý xong"),
    Case.Status.HANDED_OVER: _("Đã trả kết quả"),
}
TONES = {
    Case.Status.RECEIVED: "info", Case.Status.WORKED_ON: "info", Case.Status.SUPPLEMENT: "soon",
    Case.Status.NOT_RECEIVED: "late", Case.Status.FINISHED: "good", Case.Status.HANDED_OVER: "good",
}  # fmt: skip
ENDS = {"granted": _("Được giải quyết"), "refused": _("Bị từ chối"), "": _("Đã rút")}
SLIPS = {
    Slip.Kind.RECEIPT: _("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    Slip.Kind.SUPPLEMENT: _("Phiếu yêu cầu bổ sung hồ sơ"),
    Slip.Kind.APOLOGY: _("Phiếu xin lỗi và hẹn lại ngày trả kết quả"),
    Slip.Kind.REFUSAL: _("Phiếu từ chối giải quyết hồ sơ"),
    Slip.Kind.RESULT: _("Kết quả giải quyết hồ sơ"),
}
CHANNELS = {
    Case.Channel.ONLINE: _("Trực tuyến"),
    Case.Channel.POST: _("Bưu chính"),
    Case.Channel.DESK: _("Tại bộ phận một cửa"),
}
OFFICES = {
    "school": _("Trường học"), "department": _("Sở Giáo dục và Đào tạo"), "commune_office": _("Uỷ ban nhân dân xã"),
    "ministry": _("Bộ Giáo dục và Đào tạo"),
}  # fmt: skip
SCORES = {2: _("Rất hài lòng"), 1: _("Hài lòng"), 0: _("Không hài lòng")}
#: Who may be made the doer of a task.
ROLES = {"": _("Bất kỳ ai của cơ quan"), "clerk": _("Văn thư, một cửa"), "head": _("Người đứng đầu")}
