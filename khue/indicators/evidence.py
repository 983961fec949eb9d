"""What the system itself knows of a school for the index of QĐ 4725: found in the rows, with how many there are.

Only where use is plain from the rows are points proposed, and then all of them; for shares the text that turns them
into points is not known, so that the share is shown and the school decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from khue.assessment.queries import counting as assessment
from khue.foundation.ui.formats import as_number
from khue.gradebook.queries import counting as gradebook
from khue.indicators.counting import midnight
from khue.indicators.school_index import BY_CODE
from khue.learning import queries as learning
from khue.library import queries as library
from khue.messaging.queries import counting as messaging
from khue.payments.queries import counting as payments
from khue.registry.models import Organisation
from khue.schools import queries as schools
from khue.schools.models import Room


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one criterion. points: what the system proposes; None where it only tells."""

    code: str
    text: str
    points: int | None


def findings(school: Organisation, on: date) -> dict[str, Finding]:
    """Everything found at a school since its year began, by criterion; criteria of which nothing is known are left out.
    About a dozen queries.
    """
    year = schools.school_year_on(school.id, on)
    if year is None:
        return {}
    return {finding.code: finding for finding in (*_used(school.id, year.starts_on, on), *_premises(school))}


def _used(school: int, since: date, on: date) -> Iterator[Finding]:
    begun = midnight(since)
    yield from _found("1.3.2", learning.count_published(school, begun), _("%(count)s bài học đã giao trong năm học"))
    yield from _found(
        "1.3.3", messaging.count_conversations(school, begun), _("%(count)s cuộc trò chuyện trong năm học")
    )
    yield from _found(
        "1.3.4", assessment.count_assigned(school, begun), _("%(count)s bài kiểm tra đã giao trong năm học")
    )
    approved = library.count_approved(school)
    if approved:
        yield Finding("1.4", _("%(count)s học liệu đã duyệt") % {"count": approved}, None)
    yield from _found("2.3.2", schools.pupils_at(school, on).count(), _("%(count)s học sinh đang học"))
    yield from _found("2.3.3", gradebook.count_books(school), _("%(count)s sổ điểm"))
    yield from _found("2.3.4", schools.teachers_at(school, on).count(), _("%(count)s giáo viên, cán bộ quản lí"))
    yield from _found("2.4.1", messaging.count_told(school, begun), _("%(count)s thông báo tới gia đình trong năm học"))
    yield from _found("2.4.3", payments.count_paid(school, begun), _("%(count)s khoản đã thu qua ngân hàng"))


def _found(code: str, count: int, text: str) -> Iterator[Finding]:
    """A criterion that is met once the thing is used at all: all its points."""
    if count:
        yield Finding(code, text % {"count": as_number(count)}, BY_CODE[code].most)


def _premises(school: Organisation) -> Iterator[Finding]:
    has = schools.premises_of(school)
    if has.classrooms:
        shown = {"count": has.classrooms_with_a_screen, "all": has.classrooms}
        yield Finding("1.7.1", _("%(count)s trên %(all)s phòng học có thiết bị trình chiếu dùng được") % shown, None)
    machine_rooms = sum(room.kind == Room.Kind.COMPUTER for room in has.rooms)
    if machine_rooms or has.computers:
        shown = {"rooms": machine_rooms, "computers": has.computers}
        yield Finding("1.7.2", _("%(rooms)s phòng máy, %(computers)s máy tính") % shown, None)
    yield from _found("1.7.3", sum(room.kind == Room.Kind.STUDIO for room in has.rooms), _("%(count)s phòng studio"))
    yield from _found("2.3.5", len(has.rooms) + len(has.devices), _("%(count)s phòng và loại thiết bị trong sổ"))
