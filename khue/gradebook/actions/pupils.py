"""What is decided about one pupil's year: exemptions, results from elsewhere, make-up tests, the summer."""

from datetime import date, datetime

from django.db import transaction

from khue.foundation import audit, clock
from khue.foundation.actor import Actor, require
from khue.foundation.errors import NotFound
from khue.gradebook import year_table
from khue.gradebook.access import Permission, refuse_unless_leading, refuse_unless_teaching
from khue.gradebook.actions.marking import TypedCell, record_marks
from khue.gradebook.models import (
    Exemption,
    MakeUpTest,
    MarkBook,
    MarkColumn,
    PupilYear,
    Reassessment,
    ReceivedResult,
    SubjectYear,
    SummerTraining,
)
from khue.gradebook.refusals import (
    MakeUpSettled,
    MakeUpTooEarly,
    NotAResult,
    NotInTraining,
    NotReassessed,
    ReasonNeeded,
)
from khue.gradebook.rule_sets import TT22_2021
from khue.gradebook.typed_marks import NotAMark, TypedMark, parse_comment, parse_score
from khue.gradebook.year_ledger import SubjectTerms, may_be_reassessed
from khue.gradebook.year_results import Outcome
from khue.schools.models import ClassSubject, Enrolment, Term

LEAST_REASON = 10


@transaction.atomic
def exempt(
    *, actor: Actor, enrolment: Enrolment, class_subject: ClassSubject, starts_on: date, reason: str, at: datetime
) -> Exemption:
    """Free a pupil of a subject from a day on: it counts for nothing any more.

    refuses  ReasonNeeded; NotFound for a subject of another class
    source   TT 22/2021/TT-BGDĐT, Điều 11
    """
    require(actor, Permission.YEAR_DECIDE, within=enrolment)
    _refuse_other_class(enrolment, class_subject)
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonNeeded
    exemption, is_new = Exemption.objects.get_or_create(
        enrolment=enrolment,
        class_subject=class_subject,
        ends_on=None,
        defaults={
            "organisation_id": enrolment.organisation_id,
            "starts_on": starts_on,
            "reason": reason.strip(),
            "granted_at": at,
            "granted_by_id": actor.account_id,
        },
    )
    if is_new:
        audit.record(actor, "exemption.granted", exemption, class_subject=class_subject.id, reason=reason.strip())
        _settle(enrolment, at)
    return exemption


@transaction.atomic
def end_exemption(*, actor: Actor, exemption: Exemption, on: date, at: datetime) -> None:
    """Let a pupil take the subject again from a day on."""
    require(actor, Permission.YEAR_DECIDE, within=exemption)
    if Exemption.objects.filter(id=exemption.id, ends_on=None).update(ends_on=on):
        audit.record(actor, "exemption.ended", exemption, on=on.isoformat())
        _settle(exemption.enrolment, at)


@transaction.atomic
def receive_result(
    *,
    actor: Actor,
    enrolment: Enrolment,
    class_subject: ClassSubject,
    term: Term,
    typed: str,
    origin: str,
    at: datetime,
) -> ReceivedResult:
    """Enter the result of a term at another school, from its transcript. Our own result of that term goes first.

    typed    ĐTBmhk, or Đ / CĐ
    refuses  NotAResult, ReasonNeeded without the name of the school; NotFound for a subject of another class
    source   domain §3.4
    """
    require(actor, Permission.CLASS_WRITE, within=enrolment)
    refuse_unless_leading(actor, enrolment.school_class)
    _refuse_other_class(enrolment, class_subject)
    if not origin.strip():
        raise ReasonNeeded
    mark = _result(typed)
    result, _is_new = ReceivedResult.objects.update_or_create(
        enrolment=enrolment,
        class_subject=class_subject,
        term=term,
        defaults={
            "organisation_id": enrolment.organisation_id,
            "mean_tenths": mark.tenths,
            "passed": mark.passed,
            "origin": origin.strip(),
            "received_at": at,
            "received_by_id": actor.account_id,
        },
    )
    audit.record(actor, "result.received", result, class_subject=class_subject.id, typed=typed, origin=origin.strip())
    _settle(enrolment, at)
    return result


@transaction.atomic
def plan_make_up(
    *, actor: Actor, column: MarkColumn, enrolment: Enrolment, reason: str, due_on: date, at: datetime
) -> MakeUpTest:
    """Put a pupil who missed a mark with good reason down for a make-up test.

    refuses  ReasonNeeded
    source   TT 22/2021/TT-BGDĐT, Điều 7
    """
    require(actor, Permission.MARK_WRITE, within=column)
    refuse_unless_teaching(actor, column.book.class_subject)
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonNeeded
    _refuse_other_class(enrolment, column.book.class_subject)
    planned, is_new = MakeUpTest.objects.get_or_create(
        enrolment=enrolment,
        column=column,
        defaults={
            "organisation_id": column.organisation_id,
            "reason": reason.strip(),
            "due_on": due_on,
            "planned_at": at,
            "planned_by_id": actor.account_id,
        },
    )
    if is_new:
        audit.record(actor, "make_up.planned", planned, due_on=due_on.isoformat(), reason=reason.strip())
    return planned


@transaction.atomic
def settle_make_up(*, actor: Actor, make_up: MakeUpTest, typed: str, at: datetime) -> None:
    """Enter the mark of a make-up test; nothing typed after its last day is 0, or Chưa đạt.

    refuses  MakeUpTooEarly to give 0 before the last day has passed, MakeUpSettled; what record_marks refuses
    source   TT 22/2021/TT-BGDĐT, Điều 7
    """
    require(actor, Permission.MARK_WRITE, within=make_up)
    book = MarkBook.objects.get(id=make_up.column.book_id)
    was_held = bool(typed.strip())
    if not was_held and at.astimezone(clock.VIETNAM).date() <= make_up.due_on:
        raise MakeUpTooEarly(due=f"{make_up.due_on:%d/%m/%Y}")
    rows = MakeUpTest.objects.filter(id=make_up.id, settled_at=None)
    if not rows.update(settled_at=at, was_held=was_held):
        raise MakeUpSettled
    text = typed.strip() or ("0" if book.is_scored else "CĐ")
    cell = TypedCell(make_up.column_id, make_up.enrolment_id, text)
    recorded = record_marks(actor=actor, book=book, cells=[cell], at=at)
    if recorded.refused:
        raise NotAResult(typed=typed)
    audit.record(actor, "make_up.settled", make_up, typed=text, was_held=was_held)


@transaction.atomic
def register_reassessment(*, actor: Actor, enrolment: Enrolment, class_subject: ClassSubject, at: datetime) -> None:
    """Put a pupil down for a new assessment of a subject in summer.

    refuses  NotReassessed unless the year asks for it and the subject is below 5,0 or Chưa đạt
    source   TT 22/2021/TT-BGDĐT, Điều 14
    """
    require(actor, Permission.CLASS_WRITE, within=enrolment)
    refuse_unless_leading(actor, enrolment.school_class)
    subject = SubjectYear.objects.filter(enrolment=enrolment, class_subject=class_subject).first()
    if subject is None or not _is_to_reassess(enrolment) or not may_be_reassessed(_terms(subject), TT22_2021):
        raise NotReassessed
    row, is_new = Reassessment.objects.get_or_create(
        enrolment=enrolment, class_subject=class_subject, defaults={"organisation_id": enrolment.organisation_id}
    )
    if is_new:
        audit.record(actor, "reassessment.registered", row, class_subject=class_subject.id)
        _settle(enrolment, at)


@transaction.atomic
def record_reassessment(
    *, actor: Actor, enrolment: Enrolment, class_subject: ClassSubject, typed: str, at: datetime
) -> None:
    """Enter the result of an assessment after summer: it takes the place of the year's, and all is worked out again.

    refuses  NotReassessed unless the pupil is put down for it, NotAResult
    """
    require(actor, Permission.CLASS_WRITE, within=enrolment)
    refuse_unless_leading(actor, enrolment.school_class)
    row = Reassessment.objects.select_for_update().filter(enrolment=enrolment, class_subject=class_subject).first()
    if row is None:
        raise NotReassessed
    mark = _result(typed)
    before = [row.tenths, row.passed]
    row.tenths, row.passed, row.recorded_by_id = mark.tenths, mark.passed, actor.account_id
    row.held_on = at.astimezone(clock.VIETNAM).date()
    row.save(update_fields=["tenths", "passed", "held_on", "recorded_by_id"])
    audit.record(actor, "reassessment.recorded", row, before=before, typed=typed)
    _settle(enrolment, at)


@transaction.atomic
def propose_training(*, actor: Actor, enrolment: Enrolment, task: str, at: datetime) -> SummerTraining:
    """Propose the task of a summer for a pupil whose conduct of the year is Chưa đạt.

    refuses  NotInTraining unless the year asks for it
    source   TT 22/2021/TT-BGDĐT, Điều 13
    """
    require(actor, Permission.CLASS_WRITE, within=enrolment)
    refuse_unless_leading(actor, enrolment.school_class)
    if not PupilYear.objects.filter(enrolment=enrolment, outcome=Outcome.SUMMER_TRAINING).exists():
        raise NotInTraining
    training, is_new = SummerTraining.objects.get_or_create(
        enrolment=enrolment,
        defaults={
            "organisation_id": enrolment.organisation_id,
            "task": task.strip(),
            "proposed_at": at,
            "proposed_by_id": actor.account_id,
        },
    )
    if is_new:
        audit.record(actor, "summer_training.proposed", training, task=task.strip())
    return training


@transaction.atomic
def approve_training(*, actor: Actor, enrolment: Enrolment, at: datetime) -> None:
    """The head approves the task of the summer."""
    require(actor, Permission.YEAR_DECIDE, within=enrolment)
    training = SummerTraining.objects.select_for_update().filter(enrolment=enrolment, approved_at=None).first()
    if training is None:
        raise NotInTraining
    training.approved_at, training.approved_by_id = at, actor.account_id
    training.save(update_fields=["approved_at", "approved_by_id"])
    audit.record(actor, "summer_training.approved", training)


@transaction.atomic
def judge_training(*, actor: Actor, enrolment: Enrolment, was_completed: bool, at: datetime) -> None:
    """Say whether the task of the summer was completed; if so, conduct of the year is Đạt.

    refuses  NotInTraining without a task that the head has approved
    """
    require(actor, Permission.CLASS_WRITE, within=enrolment)
    refuse_unless_leading(actor, enrolment.school_class)
    training = SummerTraining.objects.select_for_update().filter(enrolment=enrolment, approved_at__isnull=False).first()
    if training is None:
        raise NotInTraining
    training.was_completed, training.judged_at = was_completed, at
    training.save(update_fields=["was_completed", "judged_at"])
    audit.record(actor, "summer_training.judged", training, was_completed=was_completed)
    _settle(enrolment, at)


def _settle(enrolment: Enrolment, at: datetime) -> None:
    year_table.settle(enrolment.school_class.school_year, [enrolment.id], at)


def _is_to_reassess(enrolment: Enrolment) -> bool:
    return PupilYear.objects.filter(enrolment=enrolment, outcome=Outcome.REASSESS).exists()


def _terms(subject: SubjectYear) -> SubjectTerms:
    return SubjectTerms(subject.class_subject_id, subject.is_scored, subject.term_1, subject.term_2, subject.is_exempt)


def _refuse_other_class(enrolment: Enrolment, class_subject: ClassSubject) -> None:
    if enrolment.school_class_id != class_subject.school_class_id:
        raise NotFound


def _result(typed: str) -> TypedMark:
    """A score or Đ / CĐ. 0 and 1 are scores."""
    for parse in (parse_score, parse_comment):
        try:
            mark = parse(typed)
        except NotAMark:
            continue
        if not mark.is_empty and not mark.is_exempt:
            return mark
    raise NotAResult(typed=typed[:20])
