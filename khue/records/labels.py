"""Words for states, steps, roles and verdicts, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.records.models import Diploma
from khue.records.sharing import Part

STATES = {
    "complete": (_("Đủ dữ liệu"), ""),
    "compared": (_("Đã đối chiếu"), "info"),
    "confirmed": (_("Đã xác nhận"), "info"),
    "signed": (_("Đã ký"), "soon"),
    "sealed": (_("Đã đóng dấu"), "good"),
    "deposited": (_("Đã nộp"), "good"),
}
STEPS = {
    "completed": _("Lập từ sổ điểm"),
    "refreshed": _("Lập lại theo số liệu mới"),
    "compared": _("Đối chiếu"),
    "confirmed": _("Xác nhận"),
    "signed": _("Ký số"),
    "sealed": _("Đóng dấu nhà trường"),
    "deposited": _("Nộp về kho"),
}
ROLES = {
    "": "",
    "subject_teacher": _("giáo viên bộ môn"),
    "homeroom": _("giáo viên chủ nhiệm"),
    "head": _("hiệu trưởng"),
    "seal": _("con dấu của trường"),
}
ISSUES = {
    "copy": _("Cấp bản điện tử"),
    "extract": _("Cấp trích lục"),
    "package": _("Xuất trọn bộ"),
    "share": _("Tạo mã xem"),
    "check": _("Có người xem bằng mã"),
    "verify": _("Có người kiểm tra tệp"),
}
PARTS = [
    (str(Part.NAME), _("Họ và tên")),
    (str(Part.IDENTITY), _("Ngày sinh, giới tính, số định danh")),
    (str(Part.MARKS), _("Kết quả từng môn")),
    (str(Part.RESULTS), _("Kết quả cả năm")),
    (str(Part.REMARKS), _("Nhận xét của giáo viên")),
]
#: Kinds of lines of a register, as people choose them.
DIPLOMA_KINDS: dict[str, Promise] = {
    Diploma.Kind.UPPER_SECONDARY: _("Bằng tốt nghiệp trung học phổ thông"),
    Diploma.Kind.PROGRAMME: _("Giấy chứng nhận hoàn thành chương trình"),
    Diploma.Kind.OTHER: _("Chứng chỉ khác"),
}
KEY_KINDS = {"pkcs12": _("Tệp khoá"), "pkcs11": _("Thiết bị USB"), "remote": _("Ký từ xa")}
#: What a verdict is called, its tone, and what to do.
VERDICTS = {
    "valid": (_("Hợp lệ"), "good", _("Nội dung đúng như khi ký và đóng dấu; chứng thư còn tin cậy được.")),
    "revoked_later": (
        _("Hợp lệ, chứng thư đã thu hồi sau khi ký"),
        "good",
        _("Chữ ký có trước ngày chứng thư bị thu hồi, có dấu thời gian chứng minh, nên vẫn có giá trị."),
    ),
    "superseded": (
        _("Đã có bản đính chính"),
        "soon",
        _("Bản này là thật nhưng đã được thay bằng bản mới. Hãy xin bản mới nhất từ trường cấp."),
    ),
    "revoked_before": (
        _("Không hợp lệ: chứng thư đã bị thu hồi trước khi ký"),
        "late",
        _("Chữ ký được tạo sau khi chứng thư bị thu hồi. Hãy liên hệ trường cấp học bạ."),
    ),
    "untrusted": (
        _("Không rõ người ký"),
        "late",
        _("Chứng thư không do tổ chức mà hệ thống này tin cậy cấp. Hãy hỏi trường ghi trên học bạ."),
    ),
    "incomplete": (
        _("Thiếu chữ ký, con dấu hoặc tệp"),
        "late",
        _("Tệp chưa đủ chữ ký và con dấu, hoặc gói thiếu tệp. Hãy xin lại bản đầy đủ."),
    ),
    "missing_page": (
        _("Thiếu trang"),
        "late",
        _("Tệp PDF có ít trang hơn khi đóng dấu. Hãy xin lại bản đầy đủ."),
    ),
    "changed": (
        _("Đã bị sửa sau khi ký"),
        "late",
        _("Có ít nhất một chỗ khác với bản đã ký. Không dùng tệp này; hãy xin lại bản gốc từ trường."),
    ),
    "not_ours": (
        _("Không phải học bạ số"),
        "late",
        _("Tệp không phải học bạ do Khuê tạo ra. Hãy chọn đúng tệp .xml, .pdf hoặc .zip đã nhận."),
    ),
}
