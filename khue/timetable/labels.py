"""What the parts of a week and the kinds of wishes are called on the screen."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.curriculum import queries as curriculum
from khue.foundation.weekdays import WEEKDAYS as WEEKDAYS
from khue.timetable.models import WishKind
from khue.timetable.planning.frame import When
from khue.timetable.planning.swaps import Clash, Why

SESSIONS = {"am": gettext_lazy("Sáng"), "pm": gettext_lazy("Chiều"), "": gettext_lazy("Cả ngày")}
WISHES = {
    WishKind.SESSION: gettext_lazy("Buổi học của lớp"),
    WishKind.FIXED: gettext_lazy("Tiết cố định (chào cờ, sinh hoạt lớp)"),
    WishKind.BUSY: gettext_lazy("Giáo viên nghỉ hoặc bận"),
    WishKind.MOST_A_DAY: gettext_lazy("Số tiết nhiều nhất một ngày"),
    WishKind.MOST_DAYS: gettext_lazy("Số ngày dạy nhiều nhất một tuần"),
    WishKind.MOST_GAPS: gettext_lazy("Số tiết trống nhiều nhất một tuần"),
    WishKind.DOUBLE: gettext_lazy("Tiết đôi"),
    WishKind.ROOM: gettext_lazy("Môn học ở phòng bộ môn"),
    WishKind.LATEST: gettext_lazy("Không dạy muộn hơn tiết"),
    WishKind.TOGETHER: gettext_lazy("Môn lựa chọn học cùng giờ"),
    WishKind.TRAVEL: gettext_lazy("Đi lại giữa các điểm trường"),
}


def said(when: When) -> str:
    """A period of the week in words: "Thứ Hai, sáng tiết 1"."""
    return _("%(day)s, %(session)s tiết %(period)s") % {
        "day": WEEKDAYS[when.weekday],
        "session": str(SESSIONS[when.session]).lower(),
        "period": when.period,
    }


def key_of(when: When) -> str:
    """A period as an address and a form write it: "1-am-2"."""
    return f"{when.weekday}-{when.session}-{when.period}"


def when_of(key: str) -> When | None:
    """The period behind the text; None where it is none."""
    parts = key.split("-")
    if len(parts) != 3 or parts[1] not in ("am", "pm") or not (parts[0] + parts[2]).isascii():
        return None
    return When(int(parts[0]), parts[1], int(parts[2])) if (parts[0] + parts[2]).isdecimal() else None


def period_name(session: str, period: int) -> str:
    """A period of any day: "sáng tiết 1"."""
    return _("%(session)s tiết %(period)s") % {"session": str(SESSIONS[session]).lower(), "period": period}


def clash_sentence(clash: Clash) -> str:
    """What stands against an exchange of two lessons, in a sentence that ends with a full stop."""
    lesson, other = clash.lesson, clash.other
    values = {
        "teacher": lesson.teacher_name,
        "subject": curriculum.subject_named(lesson.subject),
        "room": lesson.room_name,
        "period": period_name(lesson.session, clash.period),
        "class": other.class_name if other else lesson.class_name,
        "what": curriculum.subject_named(other.subject) if other else "",
    }
    return str(_CLASHES[clash.why]) % values


_CLASHES = {
    Why.OTHER_CLASS: gettext_lazy("hai tiết phải của cùng một lớp."),
    Why.OTHER_HALF_DAY: gettext_lazy("hai tiết phải trong cùng một buổi."),
    Why.SAME: gettext_lazy("hai tiết cùng môn, đổi cũng như không."),
    Why.COVERED: gettext_lazy("tiết %(subject)s đang do %(teacher)s dạy thay. Hãy thôi dạy thay trước."),
    Why.AWAY: gettext_lazy("%(teacher)s nghỉ ngày này. Hãy phân công dạy thay."),
    Why.MOVED: gettext_lazy("tiết %(subject)s đã đổi chỗ trong ngày này. Hãy bỏ lần đổi đó trước."),
    Why.TEACHER: gettext_lazy("%(teacher)s dạy %(what)s lớp %(class)s vào %(period)s."),
    Why.ROOM: gettext_lazy("phòng %(room)s có lớp %(class)s vào %(period)s."),
    Why.CLASS: gettext_lazy("lớp còn học %(what)s vào %(period)s."),
    Why.WAY: gettext_lazy("%(teacher)s dạy lớp %(class)s ở điểm trường khác sát %(period)s, không kịp đi lại."),
}
