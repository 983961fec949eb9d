"""Writing and signing lessons of the sổ ghi đầu bài, and what a school sets for it."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.attendance.access import Permission
from khue.attendance.actions.closing import keep_correction, refuse_closed
from khue.attendance.models import LessonLog, LogRules, PlannedPeriod
from khue.attendance.queries.log import log_rules
from khue.attendance.queries.rolls import may_write
from khue.attendance.ratings import ratings_of
from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden, Refusal
from khue.schools import queries as schools
from khue.schools.models import ClassSubject
from khue.timetable.models import Slot

MOST_PERIODS = 400
WRITTEN = ("plan_number", "title", "remark", "rating")


class RollMissing(Refusal):
    code = "roll_missing"
    message = _("Tiết này chưa điểm danh. Hãy điểm danh trước rồi ghi sổ.")


class RatingUnknown(Refusal):
    code = "rating_unknown"
    message = _("Trường không xếp loại giờ học như vậy. Hãy chọn lại.")
    field = "rating"


@transaction.atomic
def sign_lesson(
    *,
    actor: Actor,
    slot: Slot,
    day: date,
    plan_number: int | None,
    title: str,
    remark: str,
    rating: str,
    at: datetime,
    reason: str = "",
) -> LessonLog:
    """Write what was taught in a lesson and sign it by account, or change what was written and sign it anew.

    rating   "A" to "D" or "0" to "10", as the school rates; empty without
    reason   why it is changed after the week was closed or the month signed; otherwise ignored
    refuses  RollMissing, RatingUnknown; WeekClosed, MonthSigned without a reason; Forbidden to a teacher of another
             class
    """
    require(actor, Permission.ROLL_TAKE, within=slot)
    if not may_write(actor, slot, day, is_correction=bool(reason)):
        raise Forbidden
    if rating not in ratings_of(log_rules(slot.organisation_id).rating):
        raise RatingUnknown
    lesson = LessonLog.objects.select_for_update().filter(slot=slot, day=day).first()
    if lesson is None:
        raise RollMissing
    is_correction = refuse_closed(actor, slot.class_subject.school_class, day, reason)
    before = {name: getattr(lesson, name) for name in WRITTEN}
    after = {"plan_number": plan_number, "title": title, "remark": remark, "rating": rating}
    if is_correction:
        keep_correction(actor, lesson, before, after, reason, at)
    for name, value in after.items():
        setattr(lesson, name, value)
    lesson.signed_at, lesson.signed_by_id, lesson.signed_by_name = at, actor.account_id, actor.name
    lesson.save(update_fields=[*WRITTEN, "signed_at", "signed_by_id", "signed_by_name"])
    audit.record(actor, "lesson.signed", lesson, day=day, before=before, after=after)
    return lesson


@transaction.atomic
def set_log_rules(*, actor: Actor, organisation_id: int, rating: str, one_session: bool) -> LogRules:
    """Say how the school rates lessons, and how its missed sessions are counted."""
    require(actor, Permission.LOG_RULES, within=organisation_id)
    rules, _is_new = LogRules.objects.update_or_create(
        organisation_id=organisation_id, defaults={"rating": rating, "one_session": one_session}
    )
    audit.record(actor, "log_rules.set", rules, rating=rating, one_session=one_session)
    return rules


@transaction.atomic
def set_plan(*, actor: Actor, class_subject: ClassSubject, titles: Sequence[str]) -> int:
    """Set the plan of a subject for the grade: what each period is about, from the first on. Returns how many.

    titles   in order; what stood there before is replaced. Lessons already written keep what they say
    refuses  Forbidden to who neither teaches the subject in a class of the grade nor keeps the school's rules
    """
    require(actor, Permission.ROLL_TAKE, within=class_subject)
    if not (schools.teaches(actor, class_subject) or actor.may(Permission.LOG_RULES, class_subject)):
        raise Forbidden
    school_class = class_subject.school_class
    key = {
        "school_year_id": school_class.school_year_id,
        "subject_id": class_subject.subject_id,
        "grade": school_class.grade,
    }
    PlannedPeriod.objects.filter(**key).delete()
    kept = [title for title in titles if title][:MOST_PERIODS]
    PlannedPeriod.objects.bulk_create(
        PlannedPeriod(**key, organisation_id=class_subject.organisation_id, number=number, title=title)
        for number, title in enumerate(kept, start=1)
    )
    audit.record(actor, "plan.set", class_subject, periods=len(kept))
    return len(kept)
