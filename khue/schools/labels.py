"""What the stored codes of this room are called on pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.schools.models import Connection, Device, Enrolment, Room, RosterImport, StaffMember
from khue.schools.roster.fields import LABELS
from khue.schools.roster.plan import Outcome

Label = str | Promise

#: A label and the tone of its badge.
IMPORT_STATES: dict[str, tuple[Label, str]] = {
    RosterImport.State.MAPPING: (_("Đang chọn cột"), "soon"),
    RosterImport.State.PREVIEW: (_("Chờ xác nhận"), "soon"),
    RosterImport.State.RUNNING: (_("Đang nhập"), "info"),
    RosterImport.State.DONE: (_("Đã nhập"), "good"),
    RosterImport.State.CANCELLED: (_("Đã huỷ"), ""),
}
OUTCOMES: dict[str, tuple[Label, str]] = {
    Outcome.NEW: (_("Thêm mới"), "good"),
    Outcome.CHANGED: (_("Cập nhật"), "info"),
    Outcome.UNCHANGED: (_("Giữ nguyên"), ""),
    Outcome.WRONG: (_("Có lỗi"), "late"),
}
CHANGES: dict[str, Label] = {
    **{field.value: label for field, label in LABELS.items()},
    "birth": _("Ngày sinh"),
    "class": _("Lớp"),
    "guardians": _("Phụ huynh"),
    "left": _("Rời lớp, rời trường"),
    "teaching": _("Phân công giảng dạy"),
    "homeroom": _("Chủ nhiệm"),
}
SEXES: dict[str, Label] = {"0": _("Chưa rõ"), "1": _("Nam"), "2": _("Nữ")}
LEAVINGS: dict[str, Label] = {
    Enrolment.Status.TRANSFERRED: _("Chuyển đến trường khác"),
    Enrolment.Status.LEFT: _("Thôi học"),
}
ENROLMENTS: dict[str, Label] = {
    Enrolment.Status.STUDYING: _("Đang học"),
    Enrolment.Status.MOVED_CLASS: _("Chuyển lớp"),
    Enrolment.Status.TRANSFERRED: _("Chuyển trường"),
    Enrolment.Status.LEFT: _("Thôi học"),
    Enrolment.Status.FINISHED: _("Xong năm học"),
}
POSITIONS: dict[str, Label] = {
    StaffMember.Position.HEAD: _("Hiệu trưởng"),
    StaffMember.Position.DEPUTY_HEAD: _("Phó hiệu trưởng"),
    StaffMember.Position.TEACHER: _("Giáo viên"),
    StaffMember.Position.CLERK: _("Văn thư"),
    StaffMember.Position.ACCOUNTANT: _("Kế toán"),
    StaffMember.Position.OTHER: _("Nhân viên khác"),
}
ROOMS: dict[str, Label] = {
    Room.Kind.CLASSROOM: _("Phòng học"),
    Room.Kind.SUBJECT: _("Phòng bộ môn"),
    Room.Kind.COMPUTER: _("Phòng máy tính"),
    Room.Kind.LIBRARY: _("Thư viện"),
    Room.Kind.GYM: _("Nhà đa năng, sân tập"),
    Room.Kind.STUDIO: _("Phòng dựng bài giảng"),
    Room.Kind.OFFICE: _("Phòng làm việc"),
    Room.Kind.OTHER: _("Phòng khác"),
}
DEVICES: dict[str, Label] = {
    Device.Kind.COMPUTER: _("Máy tính để bàn"),
    Device.Kind.LAPTOP: _("Máy tính xách tay"),
    Device.Kind.TABLET: _("Máy tính bảng"),
    Device.Kind.PROJECTOR: _("Máy chiếu"),
    Device.Kind.SCREEN: _("Tivi, màn hình"),
    Device.Kind.BOARD: _("Bảng tương tác"),
    Device.Kind.CAMERA: _("Máy quay, camera"),
    Device.Kind.PRINTER: _("Máy in, máy quét"),
    Device.Kind.OTHER: _("Thiết bị khác"),
}
CONDITIONS: dict[str, Label] = {
    Device.Condition.GOOD: _("Dùng tốt"),
    Device.Condition.REPAIR: _("Cần sửa"),
    Device.Condition.BROKEN: _("Hỏng"),
}
CONNECTIONS: dict[str, Label] = {
    Connection.Kind.FIBRE: _("Cáp quang"),
    Connection.Kind.MOBILE: _("Mạng di động"),
    Connection.Kind.SATELLITE: _("Vệ tinh"),
    Connection.Kind.OTHER: _("Khác"),
}
ADMISSIONS: dict[str, Label] = {
    "first-grade-admission": _("Lớp 1"),
    "sixth-grade-admission": _("Lớp 6"),
}
#: By the class of priority, dossiers/seats.py.
PRIORITIES: dict[int, Label] = {
    0: _("Trong địa bàn, có ưu tiên"),
    1: _("Trong địa bàn"),
    2: _("Ngoài địa bàn, có ưu tiên"),
    3: _("Ngoài địa bàn"),
}
SEATINGS: dict[str, Label] = {"granted": _("Trúng tuyển"), "refused": _("Không trúng tuyển"), "": _("Chưa có kết quả")}
