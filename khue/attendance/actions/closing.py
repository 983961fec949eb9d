"""Closing a week of a class's log, signing its month, and what may still be changed afterwards."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.attendance.access import Permission
from khue.attendance.models import ClosedWeek, LessonCorrection, LessonLog, SignedMonth
from khue.attendance.queries import log as queries
from khue.foundation import audit, clock
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden, Refusal
from khue.schools import queries as schools
from khue.schools.models import SchoolClass

SHORTEST_REASON = 5


class WeekClosed(Refusal):
    code = "week_closed"
    message = _("Giáo viên chủ nhiệm đã khoá sổ tuần này. Hãy ghi lí do sửa (ít nhất 5 chữ), lí do được giữ lại mãi.")
    field = "reason"


class MonthSigned(Refusal):
    code = "month_signed"
    message = _("Ban giám hiệu đã kí sổ tháng này. Chỉ ban giám hiệu sửa được, và phải ghi lí do.")
    field = "reason"


class WeekNotOver(Refusal):
    code = "week_not_over"
    message = _("Tuần này chưa hết. Hãy khoá sổ từ thứ Bảy, sau tiết cuối.")


class MonthNotOver(Refusal):
    code = "month_not_over"
    message = _("Tháng này chưa hết, chưa kí được.")


class WeeksOpen(Refusal):
    code = "weeks_open"
    message = _("Lớp %(name)s còn tuần chưa khoá sổ: %(weeks)s. Hãy nhắc giáo viên chủ nhiệm khoá sổ trước.")


@transaction.atomic
def close_week(*, actor: Actor, school_class: SchoolClass, monday: date, remark: str, at: datetime) -> ClosedWeek:
    """Close a week of the class's log: from now on a change needs a reason. Closing it again changes the remark.

    refuses  WeekNotOver before its Saturday; MonthSigned once the board has signed; Forbidden to any but the
             homeroom teacher
    """
    require(actor, Permission.LOG_CLOSE, within=school_class)
    if not schools.is_homeroom_of(actor, school_class):
        raise Forbidden
    if clock.today() < monday + timedelta(days=5):
        raise WeekNotOver
    if _is_signed(school_class, monday):
        raise MonthSigned
    missing = len(queries.unsigned_lessons(school_class, monday))
    found, _is_new = ClosedWeek.objects.update_or_create(
        school_class=school_class,
        monday=monday,
        defaults={
            "organisation_id": school_class.organisation_id,
            "remark": remark,
            "missing": missing,
            "closed_at": at,
            "closed_by_id": actor.account_id,
            "closed_by_name": actor.name,
        },
    )
    audit.record(actor, "log_week.closed", found, monday=monday, missing=missing, remark=remark)
    return found


@transaction.atomic
def reopen_week(*, actor: Actor, school_class: SchoolClass, monday: date) -> None:
    """Open a week again that nobody has signed yet, so that lessons can be written without a reason.

    refuses  MonthSigned; Forbidden to any but the homeroom teacher
    """
    require(actor, Permission.LOG_CLOSE, within=school_class)
    if not schools.is_homeroom_of(actor, school_class):
        raise Forbidden
    if _is_signed(school_class, monday):
        raise MonthSigned
    for found in ClosedWeek.objects.filter(school_class=school_class, monday=monday):
        audit.record(actor, "log_week.reopened", found, monday=monday)
        found.delete()


@transaction.atomic
def sign_months(
    *, actor: Actor, classes: Collection[SchoolClass], month: date, remark: str, at: datetime
) -> list[SignedMonth]:
    """Sign the logs of these classes for a month. Only the board may change a lesson of it afterwards.

    month    its first day
    refuses  MonthNotOver; WeeksOpen when a week that ended in the month is not closed. Signing again changes nothing
    """
    signed = []
    for school_class in sorted(classes, key=lambda each: each.id):
        require(actor, Permission.LOG_SIGN, within=school_class)
        if at.astimezone(clock.VIETNAM).date() <= _last_day(month):
            raise MonthNotOver
        if weeks := queries.open_weeks(school_class, month, _last_day(month)):
            raise WeeksOpen(name=school_class.name, weeks=", ".join(f"{monday:%d/%m}" for monday in weeks))
        row, is_new = SignedMonth.objects.get_or_create(
            school_class=school_class,
            month=month,
            defaults={
                "organisation_id": school_class.organisation_id,
                "remark": remark,
                "signed_at": at,
                "signed_by_id": actor.account_id,
                "signed_by_name": actor.name,
            },
        )
        if is_new:
            audit.record(actor, "log_month.signed", row, month=month, remark=remark)
        signed.append(row)
    return signed


def refuse_closed(actor: Actor, school_class: SchoolClass, day: date, reason: str) -> bool:
    """Whether a change of a lesson on that day is a correction, to be kept with its reason. Two queries.

    refuses  MonthSigned to all but the board, and without a reason; WeekClosed without a reason
    """
    if _is_signed(school_class, day):
        if not actor.may(Permission.LOG_SIGN, school_class) or len(reason.strip()) < SHORTEST_REASON:
            raise MonthSigned
        return True
    monday = day - timedelta(days=day.weekday())
    if ClosedWeek.objects.filter(school_class=school_class, monday=monday).exists():
        if len(reason.strip()) < SHORTEST_REASON:
            raise WeekClosed
        return True
    return False


def keep_correction(
    actor: Actor,
    lesson: LessonLog,
    before: Mapping[str, object],
    after: Mapping[str, object],
    reason: str,
    at: datetime,
) -> None:
    """Keep for ever what stood there, what stands now, who changed it and why."""
    if before == after:
        return
    LessonCorrection.objects.create(
        organisation_id=lesson.organisation_id,
        lesson=lesson,
        before=before,
        after=after,
        reason=reason.strip(),
        corrected_at=at,
        corrected_by_id=actor.account_id,
        corrected_by_name=actor.name,
    )


def _is_signed(school_class: SchoolClass, day: date) -> bool:
    return SignedMonth.objects.filter(school_class=school_class, month=day.replace(day=1)).exists()


def _last_day(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
