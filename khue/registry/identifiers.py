"""Official numbers: what looks wrong about them. They warn and never block, because the state's own data has errors.

source  domain §1.7; TT 42/2021/TT-BGDĐT for the sector's codes
"""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.registry.partial_dates import PartialDate
from khue.registry.territory_data import former_province_codes

MALE, FEMALE = "1", "2"


@dataclass(frozen=True, slots=True)
class IdentifierWarning:
    """One thing that looks wrong.

    field  the column it is about: "national_id", "moet_code" or "school_code"; "paper" for an identity paper
    code   stable, for programs
    """

    field: str
    code: str
    text: str | Promise


_TEXTS: dict[tuple[str, str], str | Promise] = {
    ("national_id", "not_digits"): _("Số định danh cá nhân chỉ gồm chữ số."),
    ("national_id", "length"): _("Số định danh cá nhân phải có 12 chữ số."),
    ("national_id", "lost_zero"): _("Số định danh có 11 chữ số: có thể bảng tính đã làm mất số 0 ở đầu."),
    ("national_id", "province"): _("Ba chữ số đầu của số định danh không phải mã tỉnh đã biết."),
    ("national_id", "sex"): _("Chữ số thứ tư của số định danh không khớp với giới tính."),
    ("national_id", "century"): _("Chữ số thứ tư của số định danh không khớp với thế kỉ của năm sinh."),
    ("national_id", "birth_year"): _("Chữ số thứ năm và sáu của số định danh không khớp với năm sinh."),
    ("moet_code", "form"): _("Mã định danh Bộ GD&ĐT thường gồm 10 chữ số."),
    ("moet_code", "province"): _("Hai chữ số đầu của mã định danh Bộ GD&ĐT không phải mã tỉnh."),
    ("paper", "citizen_card"): _("Số thẻ căn cước khác số định danh cá nhân trong hồ sơ."),
    ("paper", "twelve_digits"): _("Số thẻ căn cước phải có 12 chữ số."),
    ("paper", "old_card"): _("Số chứng minh nhân dân có 9 hoặc 12 chữ số."),
    ("paper", "future"): _("Ngày cấp ở tương lai."),
    ("paper", "before_birth"): _("Ngày cấp trước năm sinh."),
    ("school_code", "form"): _("Mã trường kiểu cũ gồm 8 chữ số."),
    ("school_code", "province"): _("Hai chữ số đầu của mã trường không phải mã tỉnh trước 01/7/2025."),
}


def tidy_number(text: str) -> str:
    """The number without what spreadsheets and people put around it: spaces, dots, a leading apostrophe."""
    if (text.isascii() and text.isalnum()) or not text:
        return text
    return re.sub(r"[\s.'’`\u200b\ufeff]", "", text)


def check_national_id(number: str, *, sex: str = "0", birth: PartialDate | None = None) -> list[IdentifierWarning]:
    """What looks wrong about a 12-digit personal number: form, province, sex, century, birth year.

    sex  "1" male, "2" female, anything else unknown
    """
    if not number:
        return []
    if not re.fullmatch("[0-9]+", number):
        return [_warning("national_id", "not_digits")]
    if len(number) != 12:
        return [_warning("national_id", "lost_zero" if len(number) == 11 else "length")]
    return [_warning("national_id", code) for code in _contradictions(number, sex, birth or PartialDate())]


def check_moet_code(code: str) -> list[IdentifierWarning]:
    """What looks wrong about a "Mã định danh Bộ GD&ĐT": ten digits that begin with a province."""
    if not code:
        return []
    if not re.fullmatch("[0-9]{10}", code):
        return [_warning("moet_code", "form")]
    return [] if code[:2] in former_province_codes() else [_warning("moet_code", "province")]


def check_legacy_school_code(code: str) -> list[IdentifierWarning]:
    """What looks wrong about a school code of the old kind: province 2, district 3, level and number 3."""
    if not code:
        return []
    if not re.fullmatch("[0-9]{8}", code):
        return [_warning("school_code", "form")]
    return [] if code[:2] in former_province_codes() else [_warning("school_code", "province")]


def check_paper(
    kind: str, number: str, *, issued_on: date | None, national_id: str, birth: PartialDate, today: date
) -> list[IdentifierWarning]:
    """What looks wrong about an identity paper, given what else the file says.

    kind  a code of the national catalogue: "2" the old identity card, "5" the citizen's card
    """
    found = []
    bare = tidy_number(number)
    if kind == "5" and not re.fullmatch("[0-9]{12}", bare):
        found.append("twelve_digits")
    elif kind == "5" and national_id and bare != national_id:
        found.append("citizen_card")
    if kind == "2" and not re.fullmatch("[0-9]{9}|[0-9]{12}", bare):
        found.append("old_card")
    if issued_on is not None and issued_on > today:
        found.append("future")
    if issued_on is not None and birth.year is not None and issued_on.year < birth.year:
        found.append("before_birth")
    return [_warning("paper", code) for code in found]


def _contradictions(number: str, sex: str, birth: PartialDate) -> list[str]:
    found = []
    century_and_sex = int(number[3])
    if number[0] == "0" and number[1:3] not in former_province_codes():  # from 100 up: born abroad, a country
        found.append("province")
    if sex in (MALE, FEMALE) and (century_and_sex % 2 == 1) != (sex == FEMALE):
        found.append("sex")
    if birth.year is not None:
        if century_and_sex // 2 != birth.year // 100 - 19:
            found.append("century")
        if int(number[4:6]) != birth.year % 100:
            found.append("birth_year")
    return found


def _warning(field: str, code: str) -> IdentifierWarning:
    return IdentifierWarning(field, code, _TEXTS[field, code])
