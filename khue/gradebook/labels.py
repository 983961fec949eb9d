"""What the circular calls levels, outcomes and titles, in the reader's language."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.foundation.text import fold
from khue.gradebook.models import MarkBook

#: Looked up in the catalogue one by one: a sheet asks for a hundred of them.
_LEVELS = (gettext_lazy("Chưa đạt"), gettext_lazy("Đạt"), gettext_lazy("Khá"), gettext_lazy("Tốt"))
_OUTCOMES = {
    "": gettext_lazy("Chưa đủ căn cứ"),
    "promoted": gettext_lazy("Được lên lớp"),
    "reassess": gettext_lazy("Đánh giá lại trong hè"),
    "summer_training": gettext_lazy("Rèn luyện trong hè"),
    "repeat": gettext_lazy("Không được lên lớp"),
}
_AWARDS = {"": "", "excellent": gettext_lazy("Học sinh Xuất sắc"), "good": gettext_lazy("Học sinh Giỏi")}


def level(value: int | None) -> str:
    """A level of study or conduct; a dash while there is none."""
    return "–" if value is None else str(_LEVELS[value])


def outcome(value: str) -> str:
    """What becomes of a pupil; that it is still open for ""."""
    return str(_OUTCOMES[value])


def award(value: str) -> str:
    """A title of the year; nothing for ""."""
    return str(_AWARDS[value])


class Said(NamedTuple):
    """The labels of one page, each looked up once: a class has four for each pupil, and few different ones."""

    level: Callable[[int | None], str]
    outcome: Callable[[str], str]
    award: Callable[[str], str]


def said_once() -> Said:
    """Made for one page: it speaks the language of its reader ever after."""
    return Said(cache(level), cache(outcome), cache(award))


def year_level(value: int | None) -> str:
    """The level of a primary year; that it is still open for None."""
    words = (_("Chưa hoàn thành"), _("Hoàn thành"), _("Hoàn thành tốt"), _("Hoàn thành xuất sắc"))
    return outcome("") if value is None else words[value]


def primary_award(value: str) -> str:
    """A title of a primary year; nothing for ""."""
    words = {
        "": "",
        "excellent": _("Học sinh Xuất sắc"),
        "outstanding": _("Học sinh tiêu biểu hoàn thành tốt trong học tập và rèn luyện"),
    }
    return words[value]


def sessions(value: int | None) -> str:
    """Sessions absent; that nobody counts them for None."""
    return _("chưa rõ") if value is None else str(value)


def result(value: int | None, *, is_scored: bool, is_exempt: bool = False) -> str:
    """A subject's result: a mean with its decimal, Đ or CĐ, M for an exempted subject."""
    if is_exempt:
        return "M"
    if value is None:
        return ""
    if is_scored:
        return f"{value // 10},{value % 10}"
    return "Đ" if value else "CĐ"


def column(kind: str, position: int) -> str:
    """What the circular calls a column of marks."""
    match kind:
        case "regular":
            return _("Điểm thường xuyên %(number)s") % {"number": position}
        case "mid":
            return _("Điểm giữa kì")
        case _kind:
            return _("Điểm cuối kì")


def file_name(book: MarkBook, what: str) -> str:
    """The name of a file with a book's marks, in letters that every computer keeps."""
    of = book.class_subject
    parts = (what, of.subject.name, of.school_class.name, f"HK{book.term.number}", book.term.school_year.code)
    return safe_name(*parts)


def safe_name(*parts: str) -> str:
    """A name for a file, in letters that every computer keeps."""
    letters = [letter if letter.isalnum() else "-" for letter in fold(" ".join(parts))]
    return "-".join("".join(letters).replace("-", " ").split())
