"""What a primary pupil is assessed in, and when there is a test. Data and pure functions.

source  TT 27/2020/TT-BGDĐT, Điều 7 and 10
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from khue.gradebook.primary import SubjectLevel, TraitLevel, YearLevel, year_level

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    StrOrPromise = str | _StrPromise

CODE = "TT27-2020"
END_OF_YEAR = 4
MOMENTS: "Sequence[tuple[int, StrOrPromise]]" = (
    (1, _("Giữa kì 1")),
    (2, _("Cuối kì 1")),
    (3, _("Giữa kì 2")),
    (4, _("Cuối năm")),
)


def moment_of(term: int, starts_on: date, ends_on: date, on: date) -> int:
    """The moment that comes next: the middle of a term until two thirds of it are over, then its end."""
    is_late = (on - starts_on) * 3 > (ends_on - starts_on) * 2
    return (term - 1) * 2 + (2 if is_late else 1)


#: Subjects with tests in the middle of the terms too, in grades 4 and 5.
_MIDDLE = frozenset({"TV", "TOAN"})


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is assessed.

    kind      "subject" or "trait" (quality or competence)
    is_tested there are periodic tests in it
    """

    code: str
    name: "StrOrPromise"
    kind: str = "trait"
    is_tested: bool = False


QUALITIES = (
    Item("yeu_nuoc", _("Yêu nước")),
    Item("nhan_ai", _("Nhân ái")),
    Item("cham_chi", _("Chăm chỉ")),
    Item("trung_thuc", _("Trung thực")),
    Item("trach_nhiem", _("Trách nhiệm")),
)
COMPETENCES = (
    Item("tu_chu", _("Tự chủ và tự học")),
    Item("giao_tiep", _("Giao tiếp và hợp tác")),
    Item("giai_quyet", _("Giải quyết vấn đề và sáng tạo")),
)
_SPECIFIC = (
    (1, Item("ngon_ngu", _("Ngôn ngữ"))),
    (1, Item("tinh_toan", _("Tính toán"))),
    (1, Item("khoa_hoc", _("Khoa học"))),
    (3, Item("cong_nghe", _("Công nghệ"))),
    (3, Item("tin_hoc", _("Tin học"))),
    (1, Item("tham_mi", _("Thẩm mĩ"))),
    (1, Item("the_chat", _("Thể chất"))),
)


def specific_competences(grade: int) -> list[Item]:
    """The specific competences of a grade; technology and informatics begin in grade 3."""
    return [item for first, item in _SPECIFIC if grade >= first]


def has_test(item: Item, grade: int, moment: int) -> bool:
    """Whether there is a periodic test: at the end of each term, in grades 4 and 5 also in the middle of some."""
    if not item.is_tested:
        return False
    return moment in (2, END_OF_YEAR) or (grade >= 4 and item.code in _MIDDLE)


def shown_level(item: Item, level: int | None) -> str:
    """C, H, T of a subject; C, Đ, T of a quality or competence."""
    return "" if level is None else ("CHT" if item.kind == "subject" else "CĐT")[level]


def read_level(item: Item, typed: str) -> int | None:
    """The level of what was typed; None for nothing. Raises ValueError for anything else."""
    text = typed.strip().upper().replace("D", "Đ")
    return ("CHT" if item.kind == "subject" else "CĐT").index(text) if text else None


def year_of(
    items: Sequence[Item], grade: int, levels: Mapping[str, int | None], tests: Mapping[str, int | None]
) -> tuple[YearLevel | None, int]:
    """The level of a year and how many entries are missing for it; None while one is.

    levels, tests  at the end of the year, by code of the item
    """
    tested = [item for item in items if has_test(item, grade, END_OF_YEAR)]
    missing = sum(levels.get(item.code) is None for item in items)
    missing += sum(tests.get(item.code) is None for item in tested)
    if missing or not items:
        return None, missing
    found = {item.code: level for item in items if (level := levels.get(item.code)) is not None}
    subjects = [SubjectLevel(found[item.code]) for item in items if item.kind == "subject"]
    traits = [TraitLevel(found[item.code]) for item in items if item.kind == "trait"]
    marks = [mark for item in tested if (mark := tests.get(item.code)) is not None]
    return (year_level(subjects, traits, marks), 0) if subjects else (None, 1)
