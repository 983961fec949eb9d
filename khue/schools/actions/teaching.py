"""What is taught in a class and who teaches it; what each pupil of grades 10-12 chose."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khue.curriculum import queries as curriculum
from khue.curriculum.models import Subject, SubjectGrade
from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.schools import access
from khue.schools.access import Permission
from khue.schools.actions.classes import NotWorkingThen
from khue.schools.models import (
    ClassSubject,
    ElectiveChoice,
    Enrolment,
    SchoolClass,
    SchoolYear,
    StaffMember,
    TeachingAssignment,
)
from khue.schools.refusals import refuse_day_outside

WEEKS_A_YEAR = 35


class SharesNotWhole(Refusal):
    code = "shares_not_whole"
    message = _("Các phần cộng lại là %(sum)s %%, phải đúng 100 %%. Bỏ trống các phần để chia đều.")


class TeacherTwice(Refusal):
    code = "teacher_twice"
    message = _("%(name)s đứng hai lần với cùng một phân môn. Hãy gộp lại thành một dòng.")


class ElectiveTwice(Refusal):
    code = "elective_twice"
    message = _("Lớp %(name)s đã có môn này.")
    field = "subject"


class NotElective(Refusal):
    code = "not_elective"
    message = _("%(name)s không phải là môn lựa chọn của khối %(grade)s.")
    field = "subject"


class TooManyElectives(Refusal):
    code = "too_many_electives"
    message = _("%(name)s chọn %(chosen)s môn; chương trình cho chọn %(most)s môn. Hãy bớt lại.")


@dataclass(frozen=True, slots=True)
class Share:
    """One teacher's part of a class-subject, in percent. The first of several enters the periodic marks."""

    staff: StaffMember
    percent: int
    strand: str = ""


@transaction.atomic
def add_programme_subjects(*, actor: Actor, school_year: SchoolYear) -> int:
    """Give every class of the year the compulsory subjects of its grade that it does not have yet. Returns how many.

    A week has the periods of the year divided by 35, to two decimals; a school corrects them by term.
    cost  one query a grade, and three more
    """
    require(actor, Permission.TEACHING_WRITE, within=school_year)

    classes = list(SchoolClass.objects.filter(school_year=school_year, closed_on=None))
    known = set(
        ClassSubject.objects.filter(school_class__school_year=school_year).values_list("school_class_id", "subject_id")
    )
    plans = {
        grade: curriculum.subjects_in(grade, school_year.starts_on, block=SubjectGrade.Block.COMPULSORY)
        for grade in sorted({each.grade for each in classes})
    }
    made = ClassSubject.objects.bulk_create(
        new_class_subject(each, plan, is_elective=False)
        for each in classes
        for plan in plans[each.grade]
        if (each.id, plan.subject_id) not in known
    )
    if made:
        audit.record(actor, "class_subjects.added", school_year, count=len(made))
    return len(made)


@transaction.atomic
def offer_elective(*, actor: Actor, school_class: SchoolClass, subject: Subject) -> ClassSubject:
    """Offer a class an elective subject, which each of its pupils may choose.

    refuses  ElectiveTwice; NotElective
    """
    require(actor, Permission.TEACHING_WRITE, within=school_class)

    if ClassSubject.objects.filter(school_class=school_class, subject=subject).exists():
        raise ElectiveTwice(name=school_class.name)
    plans = curriculum.subjects_in(
        school_class.grade, school_class.school_year.starts_on, block=SubjectGrade.Block.ELECTIVE
    )
    plan = next((each for each in plans if each.subject_id == subject.id), None)
    if plan is None:
        raise NotElective(name=subject.name, grade=school_class.grade)
    made = new_class_subject(school_class, plan, is_elective=True)
    made.save()
    audit.record(actor, "elective.offered", made, code=subject.code)
    return made


@transaction.atomic
def change_periods(*, actor: Actor, class_subject: ClassSubject, term_1: Decimal, term_2: Decimal) -> ClassSubject:
    """Correct how many periods a week the class has of the subject in each term."""
    require(actor, Permission.TEACHING_WRITE, within=class_subject)

    before = (class_subject.weekly_periods_term_1, class_subject.weekly_periods_term_2)
    class_subject.weekly_periods_term_1, class_subject.weekly_periods_term_2 = term_1, term_2
    class_subject.save(update_fields=["weekly_periods_term_1", "weekly_periods_term_2"])
    audit.record(actor, "periods.changed", class_subject, before=before, after=(term_1, term_2))
    return class_subject


@transaction.atomic
def assign_teachers(*, actor: Actor, class_subjects: Sequence[ClassSubject], shares: Sequence[Share], on: date) -> None:
    """Let these teachers, and nobody else, teach these class-subjects from a day on.

    shares   add up to 100; the first leads. None at all: nobody teaches it from that day
    refuses  SharesNotWhole; TeacherTwice; NotWorkingThen; DayOutsideYear
    """
    for class_subject in class_subjects:
        require(actor, Permission.TEACHING_WRITE, within=class_subject)

    _refuse_shares(shares)
    for class_subject in class_subjects:
        refuse_day_outside(class_subject.school_class.school_year, on)
        _refuse_absent(shares, class_subject.organisation_id, on)
        _replace(actor, class_subject, shares, on)


@transaction.atomic
def choose_electives(
    *, actor: Actor, school_class: SchoolClass, chosen: Mapping[int, Collection[int]], on: date
) -> None:
    """Let the pupils of a class take these electives, and no others, from a day on.

    chosen   ids of the class's elective class-subjects by enrolment id; who is not named is left as is
    refuses  DayOutsideYear; TooManyElectives than the programme lets choose
    source   TT 13/2022: four of nine; domain §2.3
    """
    require(actor, Permission.TEACHING_WRITE, within=school_class)

    refuse_day_outside(school_class.school_year, on)
    plan = curriculum.grade_plan(school_class.grade, school_class.school_year.starts_on)
    offered = set(ClassSubject.objects.filter(school_class=school_class, is_elective=True).values_list("id", flat=True))
    places = Enrolment.objects.select_for_update(of=("self",)).filter(
        access.in_force(on), school_class=school_class, id__in=chosen
    )
    for place in places.select_related("person").order_by("id"):
        wanted = offered & set(chosen[place.id])
        if plan is not None and len(wanted) > plan.electives_to_take:
            raise TooManyElectives(name=place.person.full_name, chosen=len(wanted), most=plan.electives_to_take)
        _take(actor, place, wanted, on)


def _take(actor: Actor, place: Enrolment, wanted: set[int], on: date) -> None:
    rows = ElectiveChoice.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), enrolment=place)
    have = set(rows.values_list("class_subject_id", flat=True))
    if have == wanted:
        return
    dropped = rows.filter(class_subject_id__in=have - wanted)
    dropped.filter(starts_on__gte=on).delete()
    dropped.update(ends_on=on)
    ElectiveChoice.objects.bulk_create(
        ElectiveChoice(organisation_id=place.organisation_id, enrolment=place, class_subject_id=key, starts_on=on)
        for key in sorted(wanted - have)
    )
    audit.record(actor, "electives.chosen", place, before=sorted(have), after=sorted(wanted), on=on)


def new_class_subject(school_class: SchoolClass, plan: SubjectGrade, *, is_elective: bool) -> ClassSubject:
    """A row yet to be saved, with the periods of the programme."""
    weekly = round(Decimal(plan.periods_per_year) / WEEKS_A_YEAR, 2)
    return ClassSubject(
        organisation_id=school_class.organisation_id,
        school_class=school_class,
        subject_id=plan.subject_id,
        weekly_periods_term_1=weekly,
        weekly_periods_term_2=weekly,
        is_elective=is_elective,
    )


def _refuse_shares(shares: Sequence[Share]) -> None:
    total = sum(share.percent for share in shares)
    if shares and (total != 100 or any(share.percent <= 0 for share in shares)):
        raise SharesNotWhole(sum=total)
    seen: set[tuple[int, str]] = set()
    for share in shares:
        if (share.staff.id, share.strand) in seen:
            raise TeacherTwice(name=share.staff.person.full_name)
        seen.add((share.staff.id, share.strand))


def _refuse_absent(shares: Sequence[Share], organisation_id: int, on: date) -> None:
    working = set(
        StaffMember.objects.filter(
            access.in_force(on), organisation_id=organisation_id, id__in=[share.staff.id for share in shares]
        ).values_list("id", flat=True)
    )
    for share in shares:
        if share.staff.id not in working:
            raise NotWorkingThen(name=share.staff.person.full_name, day=f"{on:%d/%m/%Y}")


def _replace(actor: Actor, class_subject: ClassSubject, shares: Sequence[Share], on: date) -> None:
    """What stays as it is keeps its row; everything else ends on that day, or never was where it began then."""
    # The class-subject's own row is the lock: two people assigning at once must not both add.
    ClassSubject.objects.select_for_update().get(id=class_subject.id)
    rows = TeachingAssignment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), class_subject=class_subject)
    wanted = {(share.staff.id, share.strand, share.percent, number == 0): share for number, share in enumerate(shares)}
    before = []
    for row in rows:
        key = (row.staff_id, row.strand, row.share_percent, row.leads)
        before.append(key)
        if key in wanted and row.starts_on <= on:
            del wanted[key]
        elif row.starts_on >= on:
            row.delete()
        else:
            row.ends_on = on
            row.save(update_fields=["ends_on"])
    TeachingAssignment.objects.bulk_create(
        TeachingAssignment(
            organisation_id=class_subject.organisation_id,
            class_subject=class_subject,
            staff=share.staff,
            strand=share.strand,
            share_percent=share.percent,
            leads=leads,
            starts_on=on,
        )
        for (_staff, _strand, _percent, leads), share in wanted.items()
    )
    after = [(share.staff.id, share.strand, share.percent) for share in shares]
    audit.record(actor, "teachers.assigned", class_subject, before=before, after=after, on=on)
