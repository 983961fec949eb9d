"""What codes are called on the screen."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.registry.queries import ethnicity_name, nationality_name

Text = str | Promise

KINDS: dict[str, Text] = {"pupil": _("Học sinh"), "guardian": _("Phụ huynh"), "staff": _("Cán bộ, giáo viên")}
SEXES: dict[str, Text] = {"0": _("Chưa rõ"), "1": _("Nam"), "2": _("Nữ")}
RELATIONSHIPS: dict[str, Text] = {"father": _("Cha"), "mother": _("Mẹ"), "other": _("Người giám hộ khác")}
ORGANISATION_KINDS: dict[str, Text] = {
    "ministry": _("Bộ"),
    "department": _("Sở"),
    "commune_office": _("Uỷ ban nhân dân cấp xã"),
    "school": _("Trường"),
    "campus": _("Điểm trường"),
}
OWNERSHIPS: dict[str, Text] = {"1": _("Công lập"), "2": _("Dân lập"), "3": _("Tư thục")}

#: Kinds of identity papers, in the words of the national catalogue.
PAPERS: dict[str, Text] = {
    "1": _("Giấy khai sinh"),
    "2": _("Chứng minh nhân dân"),
    "3": _("Chứng minh sĩ quan quân đội"),
    "4": _("Chứng minh công an"),
    "5": _("Thẻ căn cước, căn cước công dân"),
    "6": _("Hộ chiếu"),
    "7": _("Sổ hộ khẩu"),
    "8": _("Giấy tờ khác"),
}

#: Level groups of the exchange specification (domain §1.8).
LEVEL_GROUPS: dict[str, Text] = {
    "01": _("Mầm non"),
    "02": _("Tiểu học"),
    "03": _("Trung học cơ sở"),
    "04": _("Trung học phổ thông"),
    "05": _("Giáo dục thường xuyên"),
}


def level_names(codes: Sequence[str]) -> str:
    """ "Tiểu học, Trung học cơ sở"."""
    return ", ".join(str(LEVEL_GROUPS.get(code, code)) for code in codes)


#: What was done with a file, by the verb of the audit trail.
FILE_VERBS: dict[str, Text] = {
    "person.recorded": _("Lập hồ sơ"),
    "person.corrected": _("Sửa hồ sơ"),
    "person.recognised": _("Nhận hồ sơ đã có ở trường khác"),
    "person.affiliated": _("Vào đơn vị"),
    "person.paper_recorded": _("Ghi giấy tờ tuỳ thân"),
    "person.paper_corrected": _("Sửa giấy tờ tuỳ thân"),
    "person.paper_withdrawn": _("Giấy tờ không còn dùng"),
}

#: Columns of a person, as a correction names them.
FIELDS: dict[str, Text] = {
    "full_name": _("Họ và tên"),
    "other_name": _("Tên gọi khác"),
    "sex": _("Giới tính"),
    "birth_year": _("Năm sinh"),
    "birth_month": _("Tháng sinh"),
    "birth_day": _("Ngày sinh"),
    "birthplace": _("Nơi sinh"),
    "national_id": _("Số định danh cá nhân"),
    "moet_code": _("Mã định danh Bộ GD&ĐT"),
    "foreign_paper": _("Giấy tờ của người nước ngoài"),
    "ethnicity": _("Dân tộc"),
    "nationality": _("Quốc tịch"),
    "address": _("Địa chỉ"),
    "territory_id": _("Địa bàn"),
    "phone": _("Điện thoại"),
    "email": _("Thư điện tử"),
    "occupation": _("Nghề nghiệp"),
    "is_disabled": _("Khuyết tật"),
    "is_poor_household": _("Hộ nghèo"),
}


def shown(field: str, value: object) -> Text:
    """The value of a column as people read it: "Nữ" for sex "2"."""
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    text = str(value or "")
    if field == "sex":
        return SEXES.get(text, text)
    if field == "ethnicity":
        return ethnicity_name(text) or "—"
    return nationality_name(text) if field == "nationality" and text else text or "—"
