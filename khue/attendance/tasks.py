"""What follows from a roll and from leave: families hear what is recorded, once, and hear when it was put right."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from khue.attendance import queries
from khue.attendance.actions import Telling, note_told
from khue.attendance.events import LeaveChanged, RollTaken
from khue.attendance.models import LeaveRequest
from khue.attendance.queries import HalfDayOfLesson, Noted
from khue.foundation import clock
from khue.foundation.actor import SYSTEM
from khue.messaging import actions as messaging
from khue.messaging.actions import Addressed, Note
from khue.registry import queries as registry


def tell_families(event: RollTaken) -> None:
    """Tell the guardians of each pupil newly missing without a reason, and of each whose absence was taken back.

    What is recorded now counts, not what the event says: a roll put right in between is told as it is. What was told is
    noted in the same transaction as the message, so that a worker that dies tells neither twice nor never.
    """
    pupils = {*event.newly_missing, *event.no_longer_missing}
    if not pupils:
        return
    tellings = note_told(actor=SYSTEM, lesson_id=event.lesson_id, enrolment_ids=pupils)
    children = [telling.notice.enrolment.person_id for telling in tellings]
    guardians = registry.guardians_to_tell(children, clock.today())
    told = [
        Addressed(_note(telling), people)
        for telling in tellings
        if (people := guardians[telling.notice.enrolment.person_id])
    ]
    if told:
        messaging.notify_each(actor=SYSTEM, organisation_id=event.organisation_id or 0, told=told, at=clock.now())


def _note(telling: Telling) -> Note:
    half_day, notice, news = telling.half_day, telling.notice, telling.news
    pupil = notice.enrolment
    noted = half_day.noted.get(pupil.id, {})
    values = {
        "name": pupil.person.full_name,
        "class": pupil.school_class.name,
        "lessons": _lessons(noted[key] for key in news.missed),
        "day": f"{half_day.day:%d/%m/%Y}",
        "corrected": _corrected(half_day, noted, news.taken_back),
    }
    if news.taken_back:
        subject = _("Đính chính điểm danh của em %(name)s ngày %(day)s") % values
        body = _(
            "Kính gửi Quý phụ huynh,\n\nNhà trường đã sửa điểm danh ngày %(day)s của em %(name)s, lớp %(class)s:"
            " %(corrected)s. Mong Quý phụ huynh thông cảm."
        )
    else:
        subject = _("Em %(name)s vắng không phép ngày %(day)s") % values
        body = _(
            "Kính gửi Quý phụ huynh,\n\nEm %(name)s, lớp %(class)s, vắng không phép %(lessons)s ngày"
            " %(day)s. Quý phụ huynh vui lòng liên hệ giáo viên chủ nhiệm nếu em có lí do."
        )
    return Note(
        kind="absence",
        key=f"absence:{notice.id}:{notice.sequence}",
        subject=subject,
        body=body % values,
        link=f"/attendance/pupils/{pupil.public_id}/",
        about_id=pupil.person_id,
        caused_by_id=half_day.taken_by_id,
    )


def _lessons(noted: Iterable[Noted]) -> str:
    return ", ".join(_("tiết %(period)s (%(subject)s)") % _of(each) for each in noted)


def _corrected(half_day: HalfDayOfLesson, noted: Mapping[int, Noted], lessons: Iterable[int]) -> str:
    """What each lesson that was told of says now: "tiết 1 (Toán): có mặt"."""
    kinds = {"P": _("vắng có phép"), "M": _("đi muộn"), "S": _("về sớm"), "": _("có mặt")}
    found = [noted.get(key) or half_day.lessons[key] for key in lessons if key in half_day.lessons]
    return "; ".join(f"{_lessons([each])}: {kinds[each.kind]}" for each in found)


def _of(noted: Noted) -> dict[str, object]:
    return {"period": noted.period, "subject": noted.subject}


def tell_of_leave(event: LeaveChanged) -> None:
    """Tell the homeroom teacher of leave asked or withdrawn, and who asked of what was decided. Each once."""
    leave = queries.leave_with_people(event.leave_id)
    is_decision = event.state in (LeaveRequest.State.APPROVED, LeaveRequest.State.DECLINED)
    leader = leave.enrolment.school_class.homeroom_teacher
    recipient = leave.asked_by_id if is_decision else leader.person_id if leader else None
    if recipient is None:
        return
    messaging.notify(
        actor=SYSTEM,
        organisation_id=leave.organisation_id,
        note=Note(
            kind="leave",
            key=f"leave:{leave.id}:{event.state}",
            subject=_leave_subject(event.state)
            % {"name": leave.enrolment.person.full_name, "class": leave.enrolment.school_class.name},
            body=_leave_body(leave, event.state),
            link=f"/attendance/leave/{leave.public_id}/",
            about_id=leave.enrolment.person_id,
        ),
        recipients=[recipient],
        at=clock.now(),
    )


def _leave_subject(state: str) -> str:
    return {
        "waiting": _("Xin nghỉ học cho em %(name)s, lớp %(class)s"),
        "withdrawn": _("Đã rút đơn xin nghỉ học của em %(name)s, lớp %(class)s"),
        "approved": _("Em %(name)s được nghỉ học có phép"),
        "declined": _("Đơn xin nghỉ học của em %(name)s chưa được đồng ý"),
    }[state]


def _leave_body(leave: LeaveRequest, state: str) -> str:
    halves = {"": _("cả ngày"), "am": _("buổi sáng"), "pm": _("buổi chiều")}
    values = {
        "first": f"{leave.first_day:%d/%m/%Y}",
        "last": f"{leave.last_day:%d/%m/%Y}",
        "session": halves[leave.session],
        "reason": leave.reason,
        "answer": leave.answer,
    }
    lines = [_("Từ ngày %(first)s đến ngày %(last)s, %(session)s.") % values, _("Lí do: %(reason)s") % values]
    if state in ("approved", "declined") and leave.answer:
        lines.append(_("Giáo viên chủ nhiệm trả lời: %(answer)s") % values)
    return "\n".join(lines)
