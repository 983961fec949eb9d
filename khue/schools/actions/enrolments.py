"""Pupils coming into classes, moving between them and leaving."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, events, scope
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.registry import actions as registry
from khue.registry.models import Person
from khue.registry.queries import PersonDetails
from khue.schools.access import Permission
from khue.schools.events import EnrolmentsClosed, PupilsEnrolled
from khue.schools.models import ElectiveChoice, Enrolment, SchoolClass
from khue.schools.refusals import refuse_day_outside


class AlreadyEnrolled(Refusal):
    code = "already_enrolled"
    message = _("%(name)s đang học lớp %(school_class)s. Hãy chuyển lớp thay vì thêm vào lớp thứ hai.")


class EnrolledElsewhere(Refusal):
    code = "enrolled_elsewhere"
    message = _("%(name)s đang học ở một trường khác. Trường đó cần cho chuyển đi trước.")


class ClassIsClosed(Refusal):
    code = "class_is_closed"
    message = _("Lớp %(name)s đã giải thể từ ngày %(day)s. Hãy chọn lớp khác hoặc mở lại lớp.")


class SameClass(Refusal):
    code = "same_class"
    message = _("Em đang ở chính lớp này. Hãy chọn lớp khác.")
    field = "school_class"


class OtherYear(Refusal):
    code = "other_year"
    message = _("Chỉ chuyển được giữa các lớp của cùng năm học.")
    field = "school_class"


class NotInClassThen(Refusal):
    code = "not_in_class_then"
    message = _("Em ở lớp này từ %(first)s, nên ngày rời lớp phải từ ngày đó trở đi.")
    field = "on"


class LeftAlready(Refusal):
    code = "left_already"
    message = _("Em đã rời lớp này từ ngày %(day)s.")


@transaction.atomic
def enrol_pupil(*, actor: Actor, school_class: SchoolClass, person: Person, on: date) -> Enrolment:
    """Put a pupil into a class from a day on.

    person   from a visible_* query; belongs to the school again where that had ended
    refuses  DayOutsideYear; ClassIsClosed; AlreadyEnrolled; EnrolledElsewhere
    """
    require(actor, Permission.CLASSES_WRITE, within=school_class)

    school_class = _open_class(school_class, on)
    _refuse_double(actor, school_class, person, on)
    registry.affiliate(actor=actor, person=person, organisation=school_class.organisation, kind="pupil", on=on)
    return _opened(actor, school_class, person, on)


@transaction.atomic
def enrol_new_pupil(*, actor: Actor, school_class: SchoolClass, details: PersonDetails, on: date) -> Enrolment:
    """Open the file of a pupil nobody here knows yet, and put the pupil into a class.

    refuses  DayOutsideYear; ClassIsClosed; what registry.record_person refuses
    """
    require(actor, Permission.CLASSES_WRITE, within=school_class)

    school_class = _open_class(school_class, on)
    person = registry.record_person(
        actor=actor, organisation=school_class.organisation, kind="pupil", details=details, on=on
    )
    return _opened(actor, school_class, person, on)


@transaction.atomic
def move_pupil(*, actor: Actor, enrolment: Enrolment, school_class: SchoolClass, on: date) -> Enrolment:
    """Move a pupil to another class of the year: the old place ends as the new one begins.

    refuses  SameClass; OtherYear; DayOutsideYear; ClassIsClosed; NotInClassThen; LeftAlready
    """
    require(actor, Permission.CLASSES_WRITE, within=enrolment)
    require(actor, Permission.CLASSES_WRITE, within=school_class)

    if school_class.id == enrolment.school_class_id:
        raise SameClass
    if school_class.school_year_id != enrolment.school_class.school_year_id:
        raise OtherYear
    school_class = _open_class(school_class, on)
    closed = _closed(actor, enrolment, on, Enrolment.Status.MOVED_CLASS, "")
    return _opened(actor, school_class, closed.person, on)


@transaction.atomic
def end_enrolment(
    *, actor: Actor, enrolment: Enrolment, on: date, status: Enrolment.Status, reason: str = ""
) -> Enrolment:
    """Let a pupil leave the class and the school's lists.

    on       the first day on which the pupil is no longer in the class
    status   LEFT or TRANSFERRED
    refuses  DayOutsideYear; NotInClassThen; LeftAlready
    """
    require(actor, Permission.CLASSES_WRITE, within=enrolment)

    refuse_day_outside(enrolment.school_class.school_year, on)
    return _closed(actor, enrolment, on, status, reason)


def _open_class(school_class: SchoolClass, on: date) -> SchoolClass:
    """The class, locked against closing, that pupils may join on that day."""
    rows = SchoolClass.objects.select_for_update(of=("self",)).select_related("school_year", "organisation")
    school_class = rows.get(id=school_class.id)
    refuse_day_outside(school_class.school_year, on)
    if school_class.closed_on is not None:
        raise ClassIsClosed(name=school_class.name, day=f"{school_class.closed_on:%d/%m/%Y}")
    return school_class


def _refuse_double(actor: Actor, school_class: SchoolClass, person: Person, on: date) -> None:
    # A pupil is in one class of the whole node, so the other place may be out of sight; its name is not given away.
    lasting = Q(ends_on=None) | Q(ends_on__gt=on)
    with scope.raised(actor):
        rows = Enrolment.objects.filter(lasting, person=person).select_related("school_class__school_year")
        other = rows.order_by("starts_on", "id").first()
    if other is None:
        return
    if other.organisation_id != school_class.organisation_id:
        raise EnrolledElsewhere(name=person.full_name)
    last_day = other.school_class.school_year.ends_on
    if last_day >= on:
        raise AlreadyEnrolled(name=person.full_name, school_class=other.school_class.name)
    _closed(actor, other, last_day + timedelta(days=1), Enrolment.Status.FINISHED, "")


def _opened(actor: Actor, school_class: SchoolClass, person: Person, on: date) -> Enrolment:
    try:
        with transaction.atomic():
            made = Enrolment.objects.create(
                organisation_id=school_class.organisation_id, person=person, school_class=school_class, starts_on=on
            )
    except IntegrityError:  # somebody else enrolled the pupil at the same moment
        raise AlreadyEnrolled(name=person.full_name, school_class=_("khác")) from None
    audit.record(actor, "pupil.enrolled", made, person=person.id, school_class=school_class.id, on=on)
    events.publish(
        PupilsEnrolled(
            organisation_id=school_class.organisation_id,
            school_year_id=school_class.school_year_id,
            enrolment_ids=[made.id],
        )
    )
    return made


def _closed(actor: Actor, enrolment: Enrolment, on: date, status: str, reason: str) -> Enrolment:
    enrolment = Enrolment.objects.select_for_update(of=("self",)).select_related("person").get(id=enrolment.id)
    if enrolment.ends_on is not None:
        raise LeftAlready(day=f"{enrolment.ends_on:%d/%m/%Y}")
    if on < enrolment.starts_on:
        raise NotInClassThen(first=f"{enrolment.starts_on:%d/%m/%Y}")
    enrolment.ends_on, enrolment.status = on, status
    enrolment.save(update_fields=["ends_on", "status"])
    chosen = ElectiveChoice.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), enrolment=enrolment)
    chosen.filter(starts_on__gte=on).delete()
    chosen.update(ends_on=on)
    audit.record(actor, "enrolment.closed", enrolment, on=on, status=status, reason=reason)
    events.publish(EnrolmentsClosed(organisation_id=enrolment.organisation_id, enrolment_ids=[enrolment.id]))
    return enrolment
