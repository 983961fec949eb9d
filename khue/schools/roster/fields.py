"""What a column can mean, and the headings that schools give it."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.foundation.workbooks.headings import heading_key as heading_key


class Field(StrEnum):
    ROW_NUMBER = "row_number"
    MOET_CODE = "moet_code"
    FULL_NAME = "full_name"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    FEMALE_MARK = "female_mark"
    CLASS_NAME = "class_name"
    GRADE = "grade"
    ETHNICITY = "ethnicity"
    NATIONAL_ID = "national_id"
    BIRTHPLACE = "birthplace"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    FATHER_NAME = "father_name"
    FATHER_BIRTH_YEAR = "father_birth_year"
    FATHER_PHONE = "father_phone"
    FATHER_EMAIL = "father_email"
    FATHER_NATIONAL_ID = "father_national_id"
    FATHER_OCCUPATION = "father_occupation"
    MOTHER_NAME = "mother_name"
    MOTHER_BIRTH_YEAR = "mother_birth_year"
    MOTHER_PHONE = "mother_phone"
    MOTHER_EMAIL = "mother_email"
    MOTHER_NATIONAL_ID = "mother_national_id"
    MOTHER_OCCUPATION = "mother_occupation"
    GUARDIAN_NAME = "guardian_name"
    GUARDIAN_BIRTH_YEAR = "guardian_birth_year"
    GUARDIAN_PHONE = "guardian_phone"
    GUARDIAN_EMAIL = "guardian_email"
    GUARDIAN_NATIONAL_ID = "guardian_national_id"
    GUARDIAN_OCCUPATION = "guardian_occupation"
    STAFF_CODE = "staff_code"
    POSITION = "position"
    SUBJECT_GROUP = "subject_group"
    TEACHES = "teaches"
    TAUGHT_CLASSES = "taught_classes"
    LEADS_CLASS = "leads_class"


#: What only the list of a school's staff says, and what it has in common with a list of pupils.
STAFF_ONLY = (
    Field.STAFF_CODE, Field.POSITION, Field.SUBJECT_GROUP, Field.TEACHES, Field.TAUGHT_CLASSES, Field.LEADS_CLASS,
)  # fmt: skip
STAFF_FIELDS = (
    Field.ROW_NUMBER, Field.MOET_CODE, Field.STAFF_CODE, Field.FULL_NAME, Field.FAMILY_NAME, Field.GIVEN_NAME,
    Field.BIRTH_DATE, Field.SEX, Field.FEMALE_MARK, Field.NATIONAL_ID, Field.PHONE, Field.EMAIL,
    Field.POSITION, Field.SUBJECT_GROUP, Field.TEACHES, Field.TAUGHT_CLASSES, Field.LEADS_CLASS,
)  # fmt: skip
PUPIL_FIELDS = tuple(each for each in Field if each not in STAFF_ONLY)

#: The headings of the sector database, which exports write; also how the mapping step names a field.
LABELS: dict[Field, str | Promise] = {
    Field.ROW_NUMBER: _("STT"),
    Field.MOET_CODE: _("Mã định danh Bộ GD&ĐT"),
    Field.FULL_NAME: _("Họ và tên"),
    Field.FAMILY_NAME: _("Họ và tên đệm"),
    Field.GIVEN_NAME: _("Tên"),
    Field.BIRTH_DATE: _("Ngày sinh"),
    Field.SEX: _("Giới tính"),
    Field.FEMALE_MARK: _("Nữ (đánh dấu x)"),
    Field.CLASS_NAME: _("Lớp"),
    Field.GRADE: _("Khối"),
    Field.ETHNICITY: _("Dân tộc"),
    Field.NATIONAL_ID: _("Số định danh cá nhân"),
    Field.BIRTHPLACE: _("Nơi sinh"),
    Field.ADDRESS: _("Chỗ ở hiện nay"),
    Field.PHONE: _("Số điện thoại"),
    Field.EMAIL: _("Email"),
    Field.FATHER_NAME: _("Họ tên cha"),
    Field.FATHER_BIRTH_YEAR: _("Năm sinh cha"),
    Field.FATHER_PHONE: _("SĐT cha"),
    Field.FATHER_EMAIL: _("Email cha"),
    Field.FATHER_NATIONAL_ID: _("Số định danh cha"),
    Field.FATHER_OCCUPATION: _("Nghề nghiệp cha"),
    Field.MOTHER_NAME: _("Họ tên mẹ"),
    Field.MOTHER_BIRTH_YEAR: _("Năm sinh mẹ"),
    Field.MOTHER_PHONE: _("SĐT mẹ"),
    Field.MOTHER_EMAIL: _("Email mẹ"),
    Field.MOTHER_NATIONAL_ID: _("Số định danh mẹ"),
    Field.MOTHER_OCCUPATION: _("Nghề nghiệp mẹ"),
    Field.GUARDIAN_NAME: _("Họ tên người giám hộ"),
    Field.GUARDIAN_BIRTH_YEAR: _("Năm sinh người giám hộ"),
    Field.GUARDIAN_PHONE: _("SĐT người giám hộ"),
    Field.GUARDIAN_EMAIL: _("Email người giám hộ"),
    Field.GUARDIAN_NATIONAL_ID: _("Số định danh người giám hộ"),
    Field.GUARDIAN_OCCUPATION: _("Nghề nghiệp người giám hộ"),
    Field.STAFF_CODE: _("Mã cán bộ"),
    Field.POSITION: _("Vị trí việc làm"),
    Field.SUBJECT_GROUP: _("Tổ chuyên môn"),
    Field.TEACHES: _("Phân công giảng dạy"),
    Field.TAUGHT_CLASSES: _("Các lớp dạy"),
    Field.LEADS_CLASS: _("Chủ nhiệm lớp"),
}

_PUPIL: dict[Field, str] = {
    Field.ROW_NUMBER: "stt|so tt|so thu tu|tt|no",
    Field.MOET_CODE: (
        "ma dinh danh bo gd dt|ma dinh danh bo gddt|ma dinh danh bo|ma dinh danh|ma bo|ma hoc sinh|ma hs"
        "|ma dinh danh hs|ma dinh danh hoc sinh|ma so hoc sinh|ma moet"
    ),
    Field.FULL_NAME: "ho ten|ho va ten|ho ten hoc sinh|ho va ten hoc sinh|ten hoc sinh|hoc sinh|ho ten hs|full name",
    Field.FAMILY_NAME: "ho va ten dem|ho ten dem|ho dem|ho va dem|ho va ten lot|ho lot|ho va chu dem|ho",
    Field.GIVEN_NAME: "ten",
    Field.BIRTH_DATE: "ngay sinh|ngay thang nam sinh|ngay thang sinh|sinh ngay|ns|ngay sinh hoc sinh|nam sinh",
    Field.SEX: "gioi tinh|phai|gt|nam nu|gioi",
    Field.FEMALE_MARK: "nu",
    Field.CLASS_NAME: "lop|ten lop|lop hoc|lop hien tai|ma lop",
    Field.GRADE: "khoi|khoi lop|khoi hoc",
    Field.ETHNICITY: "dan toc|dt",
    Field.NATIONAL_ID: (
        "so dinh danh ca nhan|so dinh danh|cccd|so cccd|dinh danh ca nhan|so cccd dinh danh|ma so dinh danh ca nhan"
        "|so ddcn|so dinh danh ca nhan cccd|cccd so dinh danh|so dinh danh cccd|can cuoc cong dan|so can cuoc"
        "|cmnd cccd|ma so ca nhan|so can cuoc cong dan|cccd so dinh danh ca nhan|so cmnd cccd|so cccd cmnd|cccd cmnd"
        "|cmnd|so cmnd|can cuoc|so the can cuoc|so cccd dinh danh ca nhan|cccd dinh danh ca nhan|cccd dinh danh"
        "|so cmnd dinh danh ca nhan|ma dinh danh ca nhan|so dinh danh ca nhan cmnd cccd"
    ),
    Field.BIRTHPLACE: "noi sinh|noi dang ky khai sinh",
    Field.ADDRESS: (
        "cho o hien nay|noi o hien nay|dia chi|dia chi hien nay|noi o|cho o|dia chi lien he|dia chi thuong tru"
        "|ho khau thuong tru"
    ),
    Field.PHONE: (
        "so dien thoai|dien thoai|sdt|so dt|sdt lien he|so dien thoai lien he|dien thoai lien he|dtdd"
        "|so dien thoai hoc sinh"
    ),
    Field.EMAIL: "email|thu dien tu|dia chi email|email hoc sinh",
}
_STAFF: dict[Field, str] = {
    Field.FULL_NAME: (
        "ho ten giao vien|ho va ten giao vien|ten giao vien|giao vien|ho ten gv|ho va ten gv|ho ten can bo"
        "|ho va ten can bo|ho ten nhan vien|ho va ten nhan vien|ho ten cbgvnv|ho va ten cbgvnv|can bo giao vien"
    ),
    Field.STAFF_CODE: "ma can bo|ma giao vien|ma gv|ma cb|ma nhan vien|ma vien chuc|ma cbgv|ma cbgvnv",
    Field.POSITION: "vi tri viec lam|chuc vu|chuc danh|nhom chuc vu|chuc vu vi tri viec lam|vi tri|nhiem vu|cong viec",
    Field.SUBJECT_GROUP: "to chuyen mon|to bo mon|to|to khoi|thuoc to|to chuyen mon bo phan|bo phan|to cong tac",
    Field.TEACHES: (
        "phan cong giang day|phan cong chuyen mon|phan cong|giang day|phan cong day|mon day|mon giang day|day mon|mon"
        "|mon hoc|day mon lop|mon lop day|giang day mon lop"
    ),
    Field.TAUGHT_CLASSES: "cac lop day|lop day|day lop|day cac lop|lop giang day|lop phan cong|day o lop",
    Field.LEADS_CLASS: (
        "chu nhiem lop|chu nhiem|lop chu nhiem|gvcn|gvcn lop|cn lop|giao vien chu nhiem"
        "|giao vien chu nhiem lop|gv chu nhiem"
    ),
}
_ADULTS = {
    "father": "cha|bo|ba",
    "mother": "me",
    "guardian": "nguoi giam ho|giam ho|ngh|nguoi do dau|phu huynh|ph|phhs|cha me",
}
_ADULT_PARTS = {
    "name": "ho ten|ho va ten|ten|",
    "birth_year": "nam sinh|ngay sinh|ns",
    "phone": "sdt|so dien thoai|dien thoai|dt|so dt|dtdd",
    "email": "email|thu dien tu",
    "national_id": "cccd|so cccd|so dinh danh|so dinh danh ca nhan|cmnd cccd|so cmnd cccd|can cuoc|so can cuoc|cmnd",
    "occupation": "nghe nghiep|nghe|cong viec",
}


def _known() -> dict[str, Field]:
    known = {heading: wanted for wanted, headings in _STAFF.items() for heading in headings.split("|")}
    known |= {heading: wanted for wanted, headings in _PUPIL.items() for heading in headings.split("|")}
    for adult, adult_words in _ADULTS.items():
        for part, part_words in _ADULT_PARTS.items():
            for word in adult_words.split("|"):
                for piece in part_words.split("|"):
                    for heading in (f"{piece} {word}", f"{word} {piece}", f"{piece} cua {word}"):
                        known.setdefault(heading.strip(), Field(f"{adult}_{part}"))
    return known


KNOWN_HEADINGS = _known()
