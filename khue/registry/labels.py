"""What codes are called on the screen."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
