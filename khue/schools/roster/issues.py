"""What can be wrong with one row, or worth a second look: a stable code and a plain sentence."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Code(StrEnum):
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    NAME_ODD = "name_odd"
    NAME_IN_CAPITALS = "name_in_capitals"
    NAME_LETTERS = "name_letters"
    CLASS_MISSING = "class_missing"
    CLASS_UNKNOWN = "class_unknown"
    CLASS_TOO_LONG = "class_too_long"
    GRADE_UNREADABLE = "grade_unreadable"
    DATE_UNREADABLE = "date_unreadable"
    DATE_SHORT_YEAR = "date_short_year"
    DATE_IMPOSSIBLE = "date_impossible"
    DATE_LEAP = "date_leap"
    DATE_FUTURE = "date_future"
    DATE_UNLIKELY = "date_unlikely"
    SEX_UNREADABLE = "sex_unreadable"
    ETHNICITY_UNKNOWN = "ethnicity_unknown"
    NUMBER_UNREADABLE = "number_unreadable"
    NUMBER_NOT_TWELVE = "number_not_twelve"
    NUMBER_ODD = "number_odd"
    NUMBER_AGAINST_BIRTH = "number_against_birth"
    NUMBER_AGAINST_SEX = "number_against_sex"
    CODE_UNREADABLE = "code_unreadable"
    PHONE_UNREADABLE = "phone_unreadable"
    PHONES_SEVERAL = "phones_several"
    EMAIL_UNREADABLE = "email_unreadable"
    YEAR_UNREADABLE = "year_unreadable"
    GUARDIAN_WITHOUT_NAME = "guardian_without_name"
    TEXT_TOO_LONG = "text_too_long"
    CELL_ERROR = "cell_error"
    TWICE_IN_FILE = "twice_in_file"
    NUMBER_TWICE = "number_twice"
    HELD_ELSEWHERE = "held_elsewhere"
    NOT_A_PUPIL = "not_a_pupil"
    TWO_PEOPLE = "two_people"
    SEVERAL_MATCH = "several_match"
    ROLE_UNKNOWN = "role_unknown"
    PUPIL_AND_TEACHER = "pupil_and_teacher"
    USER_UNKNOWN = "user_unknown"
    TEACHER_WITHOUT_NUMBER = "teacher_without_number"
    TEACHER_TWICE = "teacher_twice"
    TEACHER_ELSEWHERE = "teacher_elsewhere"
    NUMBER_OF_PUPIL = "number_of_pupil"
    SEVERAL_TEACHERS = "several_teachers"
    TEACHING_IN_NO_CLASS = "teaching_in_no_class"
    TEACHING_CLASS_UNKNOWN = "teaching_class_unknown"
    SUBJECT_UNKNOWN = "subject_unknown"
    SUBJECT_NOT_TAUGHT = "subject_not_taught"
    LEADS_ELSEWHEN = "leads_elsewhen"
    CLASS_LEARNS_NOTHING = "class_learns_nothing"
    BOARD_BY_OFFICE = "board_by_office"


#: Issues that only ask for a second look. The row is imported; what could not be read is left as it was.
WARNINGS = frozenset(
    {
        Code.NAME_ODD,
        Code.NAME_IN_CAPITALS,
        Code.NAME_LETTERS,
        Code.GRADE_UNREADABLE,
        Code.DATE_UNLIKELY,
        Code.SEX_UNREADABLE,
        Code.ETHNICITY_UNKNOWN,
        Code.NUMBER_NOT_TWELVE,
        Code.NUMBER_ODD,
        Code.NUMBER_AGAINST_BIRTH,
        Code.NUMBER_AGAINST_SEX,
        Code.PHONE_UNREADABLE,
        Code.PHONES_SEVERAL,
        Code.EMAIL_UNREADABLE,
        Code.YEAR_UNREADABLE,
        Code.GUARDIAN_WITHOUT_NAME,
        Code.TEACHER_WITHOUT_NUMBER,
        Code.TEACHING_IN_NO_CLASS,
        Code.TEACHING_CLASS_UNKNOWN,
        Code.SUBJECT_UNKNOWN,
        Code.SUBJECT_NOT_TAUGHT,
        Code.LEADS_ELSEWHEN,
        Code.CLASS_LEARNS_NOTHING,
        Code.BOARD_BY_OFFICE,
    }
)

SENTENCES: dict[Code, Promise] = {
    Code.NAME_MISSING: _("Thiếu họ và tên."),
    Code.NAME_TOO_LONG: _("Họ và tên dài quá %(limit)s chữ."),
    Code.NAME_ODD: _("Họ và tên “%(text)s” có chữ số hoặc ký hiệu lạ, hãy xem lại."),
    Code.NAME_IN_CAPITALS: _("Họ và tên viết hoa toàn bộ, được đổi thành “%(text)s”."),
    Code.NAME_LETTERS: _("Họ và tên viết hoa, viết thường lẫn lộn, được đổi thành “%(text)s”."),
    Code.CLASS_MISSING: _("Thiếu tên lớp."),
    Code.CLASS_UNKNOWN: _("Lớp “%(text)s” chưa có trong năm học. Hãy tạo lớp, hoặc chọn “tạo lớp còn thiếu” khi nhập."),
    Code.CLASS_TOO_LONG: _("Tên lớp “%(text)s” dài quá %(limit)s chữ."),
    Code.GRADE_UNREADABLE: _("Không đọc được khối “%(text)s”: ghi một số từ 1 đến 12."),
    Code.DATE_UNREADABLE: _("Không đọc được ngày sinh “%(text)s”: ghi theo dạng 02/03/2015."),
    Code.DATE_SHORT_YEAR: _("Ngày sinh “%(text)s” ghi năm hai chữ số: ghi đủ bốn chữ số, ví dụ 02/03/2015."),
    Code.DATE_IMPOSSIBLE: _("Ngày sinh “%(text)s” không có trong lịch (ghi ngày trước, tháng sau)."),
    Code.DATE_LEAP: _("Ngày sinh “%(text)s” không có trong lịch: năm %(year)s tháng 2 chỉ có 28 ngày."),
    Code.DATE_FUTURE: _("Ngày sinh “%(text)s” ở tương lai."),
    Code.DATE_UNLIKELY: _("Ngày sinh “%(text)s” không hợp với học sinh phổ thông, hãy xem lại."),
    Code.SEX_UNREADABLE: _("Không đọc được giới tính “%(text)s”: ghi Nam hoặc Nữ."),
    Code.ETHNICITY_UNKNOWN: _("Không có dân tộc “%(text)s” trong danh mục, ô này được bỏ qua."),
    Code.NUMBER_UNREADABLE: _("Số định danh “%(text)s” đã bị Excel làm tròn: định dạng cột là Text rồi nhập lại số."),
    Code.NUMBER_NOT_TWELVE: _("Số định danh “%(text)s” không đủ 12 chữ số, ô này được bỏ qua."),
    Code.NUMBER_ODD: _("Ba chữ số đầu của số định danh không phải mã tỉnh đã biết, hãy xem lại."),
    Code.NUMBER_AGAINST_BIRTH: _("Số định danh không khớp năm sinh, hãy xem lại."),
    Code.NUMBER_AGAINST_SEX: _("Số định danh không khớp giới tính, hãy xem lại."),
    Code.CODE_UNREADABLE: _("Mã định danh Bộ GD&ĐT “%(text)s” không đúng: chỉ gồm chữ và số, dài nhất 20."),
    Code.PHONE_UNREADABLE: _("Số điện thoại “%(text)s” không đúng, ô này được bỏ qua."),
    Code.PHONES_SEVERAL: _("Ô điện thoại “%(text)s” có nhiều số, chỉ lấy số đầu."),
    Code.EMAIL_UNREADABLE: _("Địa chỉ email “%(text)s” không đúng, ô này được bỏ qua."),
    Code.YEAR_UNREADABLE: _("Không đọc được năm sinh “%(text)s”, ô này được bỏ qua."),
    Code.GUARDIAN_WITHOUT_NAME: _("Có thông tin %(who)s nhưng thiếu họ tên, phần này được bỏ qua."),
    Code.TEXT_TOO_LONG: _("Nội dung cột “%(column)s” dài quá %(limit)s chữ."),
    Code.CELL_ERROR: _("Ô ở cột “%(column)s” là công thức bị lỗi (%(text)s)."),
    Code.TWICE_IN_FILE: _("Học sinh này đã có ở dòng %(line)s."),
    Code.NUMBER_TWICE: _("Mã hoặc số định danh này đã dùng cho học sinh khác ở dòng %(line)s."),
    Code.HELD_ELSEWHERE: _("Mã hoặc số định danh này thuộc hồ sơ ở đơn vị khác: hãy làm thủ tục chuyển trường."),
    Code.NOT_A_PUPIL: _("Mã hoặc số định danh này thuộc một người trong trường không phải học sinh."),
    Code.TWO_PEOPLE: _("Mã định danh và số định danh cá nhân thuộc hai học sinh khác nhau."),
    Code.SEVERAL_MATCH: _("Có nhiều học sinh cùng họ tên và ngày sinh trong lớp: ghi thêm mã định danh."),
    Code.ROLE_UNKNOWN: _("Không biết vai trò “%(text)s” của người này. Hãy sửa bảng roles.csv: student, teacher, …"),
    Code.PUPIL_AND_TEACHER: _("Một người vừa là học sinh vừa là giáo viên. Hãy bỏ một vai trò trong roles.csv."),
    Code.USER_UNKNOWN: _("Không có ai mang mã “%(text)s” trong users.csv, trong trường cũng không có."),
    Code.TEACHER_WITHOUT_NUMBER: _(
        "Giáo viên không có mã định danh: lần nhập sau chỉ nhận ra được bằng họ tên. Nên ghi thêm mã."
    ),
    Code.TEACHER_TWICE: _("Giáo viên này đã có ở dòng %(line)s."),
    Code.TEACHER_ELSEWHERE: _(
        "Mã hoặc số định danh này thuộc hồ sơ do đơn vị khác giữ. Hãy thêm giáo viên ở trang Nhân sự."
    ),
    Code.NUMBER_OF_PUPIL: _("Mã hoặc số định danh này thuộc một học sinh của trường."),
    Code.SEVERAL_TEACHERS: _("Trường có nhiều giáo viên cùng họ tên này: ghi thêm mã định danh."),
    Code.TEACHING_IN_NO_CLASS: _("Phân công vào lớp “%(text)s” không có trong classes.csv, được bỏ qua."),
    Code.TEACHING_CLASS_UNKNOWN: _("Lớp “%(text)s” chưa có trong năm học, phân công vào lớp này được bỏ qua."),
    Code.SUBJECT_UNKNOWN: _("Không có môn “%(text)s” trong chương trình, phân công ở lớp %(name)s được bỏ qua."),
    Code.SUBJECT_NOT_TAUGHT: _("Lớp %(name)s không học môn “%(text)s”, phân công này được bỏ qua."),
    Code.CLASS_LEARNS_NOTHING: _(
        "Lớp %(name)s chưa có môn học nào: bấm “Thêm môn theo chương trình” ở trang Phân công rồi nhập lại."
    ),
    Code.BOARD_BY_OFFICE: _(
        "Tài khoản của phó hiệu trưởng mở ra với vai trò giáo viên; "
        "vai trò Ban giám hiệu do cơ quan quản lí trường cấp."
    ),
    Code.LEADS_ELSEWHEN: _(
        "Chưa ghi được chủ nhiệm lớp %(name)s: đã có phân công sau ngày áp dụng, hoặc ngày áp dụng còn ở phía trước."
    ),
}


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing wrong, or doubtful, in one row."""

    code: Code
    values: dict[str, object] = field(default_factory=dict)

    @property
    def is_warning(self) -> bool:
        return self.code in WARNINGS

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.code]) % self.values


def issue(code: Code, **values: object) -> Issue:
    """Shorthand: the values are what the sentence quotes, texts cut to a readable length."""
    cut = {
        key: f"{value[:60]}…" if isinstance(value, str) and len(value) > 60 else value for key, value in values.items()
    }
    return Issue(code, cut)
