"""Bắt đầu năm học: what a school has done of setting up its year, what is next, and where. Computed from the rows.

It leads whoever opens the school on an empty node, and every August again; it goes with the first roll of the year.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from khue.foundation.actor import Actor
from khue.foundation.ui.formats import as_number
from khue.identity import queries as identity
from khue.identity.models import Role
from khue.identity.queries import Opened
from khue.registry.models import Organisation
from khue.schools import queries as schools
from khue.schools.models import SchoolYear, Term
from khue.schools.queries import SetUp
from khue.timetable import queries as timetable
from khue.timetable.queries import Begun


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. note says how far it is, or what it takes; is_next: the first that is not done."""

    title: str
    note: str
    url: str
    is_done: bool
    is_next: bool = False


@dataclass(frozen=True, slots=True)
class Beginning:
    """The steps in order. has_timetable: there are lessons to look at already; away: by which they are put away."""

    year: str
    steps: list[Step]
    has_timetable: bool
    away: str = ""

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)


def year_under_way(term: Term | None, day: date) -> SchoolYear | None:
    """The year of schools.current_term of that day, unless it is over. No query."""
    return term.school_year if term is not None and day <= term.school_year.ends_on else None


def beginning_of(
    actor: Actor, school: Organisation, year: SchoolYear | None, day: date, *, has_begun: bool
) -> Beginning | None:
    """The steps of the year that is planned; None once a roll of it has been taken. No query then, else five.

    None too where the school has put them away: it takes its rolls elsewhere.
    year       `year_under_way` of that day
    has_begun  as attendance.DayCount
    """
    if year is not None and (year.is_set_up or has_begun):
        return None
    found = schools.set_up(school.id, day)
    if found.year is None:
        planned = Begun()
    elif found.year.is_set_up or (year is None and found.year.ends_on < day):  # or in the summer, before the next year
        return None
    else:
        planned = timetable.begun(found.year)
    opened = identity.opened_at(actor, school, on=day)
    steps = [
        *_year(found),
        _pupils(actor, found, day),
        *_campuses(found),
        _subjects(found),
        _staff(found),
        *_teaching(found),
        *_timetable(planned),
        _staff_accounts(found, opened, is_own=identity.may_give(actor, Role.SUBJECT_TEACHER, school)),
        _family_accounts(found, opened),
        _roll(),
    ]
    following = next((number for number, step in enumerate(steps) if not step.is_done), len(steps))
    steps = [replace(step, is_next=number == following) for number, step in enumerate(steps)]
    away = reverse("schools:steps", args=[found.year.public_id]) if found.year else ""
    return Beginning(found.year.code if found.year else "", steps, planned.is_published, away)


def _year(found: SetUp) -> Iterator[Step]:
    year = found.year
    yield Step(
        _("Mở năm học"),
        _("Năm học %(year)s") % {"year": year.code} if year else _("Hai học kì, ngày tháng đã đề xuất sẵn."),
        reverse("schools:calendar") if year else reverse("schools:new_year"),
        is_done=year is not None,
    )
    yield Step(
        _("Ngày nghỉ lễ, Tết"),
        _counted(_("%(count)s ngày"), found.holidays) or _("Ngày lễ của Nhà nước và hai tuần Tết đã đề xuất sẵn."),
        reverse("schools:proposed_holidays", args=[year.public_id]) if year and not found.holidays
        else reverse("schools:calendar"),
        is_done=found.holidays > 0,
    )  # fmt: skip


def _pupils(actor: Actor, found: SetUp, day: date) -> Step:
    """Out of a file; into a later year the head moves the classes up before it begins, and brings newcomers only."""
    is_to_come = found.year is not None and found.follows and day < found.year.starts_on
    if is_to_come and not found.pupils and Role.HEAD.value in actor.roles:
        return Step(
            _("Lớp, học sinh, phụ huynh"),
            _("Chuyển các lớp lên từ năm học trước; học sinh đầu cấp nhập từ tệp."),
            reverse("gradebook:moving_up"),
            is_done=False,
        )
    values = {"classes": as_number(found.classes), "pupils": as_number(found.pupils)}
    return Step(
        _("Lớp, học sinh, phụ huynh"),
        _("%(classes)s lớp, %(pupils)s học sinh") % values
        if found.pupils
        else _("Nhập từ tệp Excel: các lớp được tạo theo tệp."),
        reverse("schools:classes") if found.pupils else _import("pupils"),
        is_done=found.pupils > 0,
    )


def _campuses(found: SetUp) -> Iterator[Step]:
    """For a school that has several: which class learns where."""
    if found.campuses:
        yield Step(
            _("Lớp ở các điểm trường"),
            _counted(_("Còn %(count)s điểm trường chưa có lớp nào"), found.vacant) or _("Điểm trường nào cũng có lớp"),
            f"{reverse('schools:premises')}?show=campuses",
            is_done=not found.vacant,
        )


def _subjects(found: SetUp) -> Step:
    is_done = bool(found.classes) and not found.unstudied
    return Step(
        _("Môn học của các lớp"),
        _("Mọi lớp đã có môn học")
        if is_done
        else _counted(_("Còn %(count)s lớp chưa có môn"), found.unstudied)
        or _("Các môn và số tiết của Chương trình 2018, thêm một lần cho mọi lớp."),
        reverse("schools:teaching"),
        is_done,
    )


def _staff(found: SetUp) -> Step:
    return Step(
        _("Cán bộ, giáo viên"),
        _counted(_("%(count)s giáo viên"), found.teachers)
        or _("Nhập từ tệp Excel: tổ chuyên môn, phân công, chủ nhiệm và tài khoản trong một tệp."),
        reverse("schools:staff") if found.teachers else _import("staff"),
        is_done=found.teachers > 0,
    )


def _teaching(found: SetUp) -> Iterator[Step]:
    """After the list of staff, which may say all of it."""
    is_taught = bool(found.classes) and not found.unstudied and not found.untaught
    yield Step(
        _("Phân công giảng dạy"),
        _("Mọi môn đã có giáo viên")
        if is_taught
        else _counted(_("Còn %(count)s môn của các lớp chưa có giáo viên"), found.untaught)
        or _("Nhập từ tệp Excel, hoặc bấm từng ô trên bảng."),
        reverse("schools:teaching"),
        is_taught,
    )
    is_led = bool(found.classes) and not found.unled
    yield Step(
        _("Giáo viên chủ nhiệm"),
        _("Mọi lớp đã có chủ nhiệm")
        if is_led
        else _counted(_("Còn %(count)s lớp chưa có chủ nhiệm"), found.unled)
        or _("Nhập cùng phân công, hoặc ở trang từng lớp."),
        reverse("schools:classes"),
        is_led,
    )


def _timetable(planned: Begun) -> Iterator[Step]:
    yield Step(
        _("Giờ vào tiết"),
        _("Đã lưu") if planned.has_bells else _("Giờ từng tiết đã đề xuất sẵn; sửa theo giờ của trường."),
        reverse("timetable:bells"),
        planned.has_bells,
    )
    yield Step(
        _("Thời khoá biểu"),
        _("Đã công bố") if planned.is_published else _("Hệ thống tự xếp từ phân công; xem lại rồi công bố."),
        reverse("timetable:drafts"),
        planned.is_published,
    )


def _staff_accounts(found: SetUp, opened: dict[str, Opened], *, is_own: bool) -> Step:
    """Done when they are open and the first have come: then slips were handed out. A clerk waits for the head."""
    teachers = opened.get(Role.SUBJECT_TEACHER, Opened())
    are_open = teachers.accounts >= found.teachers > 0
    to_do = _("Mở cho mọi người một lần, in phiếu phát tận tay.") if is_own else _("Hiệu trưởng mở và in phiếu.")
    return Step(
        _("Tài khoản giáo viên"),
        _handed_out(teachers) if teachers.activated or (is_own and teachers.accounts) else to_do,
        reverse("identity:slips") if are_open and is_own else reverse("schools:staff"),
        is_done=are_open and teachers.activated > 0,
    )


def _family_accounts(found: SetUp, opened: dict[str, Opened]) -> Step:
    pupils, guardians = opened.get(Role.PUPIL, Opened()), opened.get(Role.GUARDIAN, Opened())
    both = Opened(pupils.accounts + guardians.accounts, pupils.activated + guardians.activated)
    return Step(
        _("Tài khoản học sinh, phụ huynh"),
        _handed_out(both) or _("Mở cho cả trường, in phiếu theo lớp."),
        reverse("identity:slips"),
        is_done=pupils.accounts >= found.pupils > 0 and both.activated > 0,
    )


def _roll() -> Step:
    """Never done here: with it all of this goes."""
    return Step(
        _("Buổi điểm danh đầu tiên"),
        _("Giáo viên mở tiết của mình trên điện thoại. Có rồi thì bảng này tự ẩn."),
        reverse("attendance:day"),
        is_done=False,
    )


def _handed_out(opened: Opened) -> str:
    if not opened.accounts:
        return ""
    values = {"accounts": as_number(opened.accounts), "activated": as_number(opened.activated)}
    if opened.activated:
        return _("Đã mở %(accounts)s, %(activated)s đã kích hoạt") % values
    return _("Đã mở %(accounts)s, chưa ai kích hoạt: in phiếu và phát") % values


def _counted(text: str, count: int) -> str:
    return text % {"count": as_number(count)} if count else ""


def _import(of: str) -> str:
    return f"{reverse('schools:roster_imports')}?of={of}"
