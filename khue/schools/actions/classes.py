"""Classes of a school year: made, changed, closed, and who leads them."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.text import nfc
from khue.registry.models import Organisation
from khue.schools import access
from khue.schools.access import Permission
from khue.schools.models import Enrolment, HomeroomAppointment, SchoolClass, SchoolYear, StaffMember
from khue.schools.refusals import NameMissing, refuse_day_outside
from khue.schools.roster.values import class_key


class ClassNameTaken(Refusal):
    code = "class_name_taken"
    message = _("Năm học này đã có lớp %(name)s. Hãy đặt tên khác.")
    field = "name"


class CampusElsewhere(Refusal):
    code = "campus_elsewhere"
    message = _("Điểm trường này không thuộc nhà trường. Hãy chọn lại.")
    field = "campus"


class ClassHasPupils(Refusal):
    code = "class_has_pupils"
    message = _("Lớp %(name)s còn %(count)s học sinh từ ngày %(day)s. Hãy chuyển các em sang lớp khác trước.")


class NotWorkingThen(Refusal):
    code = "not_working_then"
    message = _("%(name)s không làm việc ở trường vào ngày %(day)s. Hãy chọn ngày khác hoặc người khác.")
    field = "staff"


class AppointedLater(Refusal):
    code = "appointed_later"
    message = _("Lớp đã có phân công chủ nhiệm từ ngày %(day)s. Hãy chọn ngày sau ngày đó.")
    field = "on"


class NotYet(Refusal):
    code = "appointment_not_yet"
    message = _("Chỉ ghi được phân công từ hôm nay trở về trước, hoặc từ ngày đầu năm học.")
    field = "on"


@transaction.atomic
def create_class(
    *, actor: Actor, school_year: SchoolYear, grade: int, name: str, campus: Organisation | None = None
) -> SchoolClass:
    """Make a class of a school year.

    refuses  NameMissing; ClassNameTaken, also where the names differ only as people write them; CampusElsewhere
    """
    require(actor, Permission.CLASSES_WRITE, within=school_year)

    name = _free_name(school_year, name)
    _refuse_foreign(campus, school_year.organisation_id)
    made = SchoolClass.objects.create(
        organisation_id=school_year.organisation_id, school_year=school_year, grade=grade, name=name, campus=campus
    )
    audit.record(actor, "class.created", made, name=name, grade=grade, campus=campus.id if campus else None)
    return made


@transaction.atomic
def create_classes(
    *, actor: Actor, school_year: SchoolYear, grade: int, names: Sequence[str], campus: Organisation | None = None
) -> list[SchoolClass]:
    """Make several classes of a grade, all of them or none.

    refuses  what create_class refuses; NameMissing for no name
    cost  four statements a class
    """
    require(actor, Permission.CLASSES_WRITE, within=school_year)

    if not names:
        raise NameMissing
    return [create_class(actor=actor, school_year=school_year, grade=grade, name=name, campus=campus) for name in names]


@transaction.atomic
def change_class(
    *, actor: Actor, school_class: SchoolClass, grade: int, name: str, campus: Organisation | None
) -> SchoolClass:
    """Rename a class, or correct its grade or campus.

    refuses  NameMissing; ClassNameTaken; CampusElsewhere
    """
    require(actor, Permission.CLASSES_WRITE, within=school_class)

    school_class = SchoolClass.objects.select_for_update().get(id=school_class.id)
    _refuse_foreign(campus, school_class.organisation_id)
    before = {"name": school_class.name, "grade": school_class.grade, "campus": school_class.campus_id}
    school_class.name = _free_name(school_class.school_year, name, but=school_class.id)
    school_class.grade, school_class.campus = grade, campus
    school_class.save(update_fields=["name", "grade", "campus"])
    after = {"name": school_class.name, "grade": grade, "campus": campus.id if campus else None}
    audit.record(actor, "class.changed", school_class, before=before, after=after)
    return school_class


@transaction.atomic
def place_at_campus(
    *, actor: Actor, school_year: SchoolYear, campus: Organisation, classes: Collection[SchoolClass]
) -> None:
    """Let these classes of the year, and no others, learn at a campus; whoever did until now is at the main one.

    refuses  CampusElsewhere
    """
    require(actor, Permission.CLASSES_WRITE, within=school_year)

    _refuse_foreign(campus, school_year.organisation_id)
    of_year = SchoolClass.objects.filter(school_year=school_year)
    wanted = {each.id for each in classes}
    left = of_year.filter(campus=campus).exclude(id__in=wanted).update(campus=None)
    come = of_year.filter(id__in=wanted).exclude(campus=campus).update(campus=campus)
    if left or come:
        audit.record(actor, "campus.filled", campus, classes=sorted(wanted))


@transaction.atomic
def close_class(*, actor: Actor, school_class: SchoolClass, on: date) -> SchoolClass:
    """Close a class that nobody is in any more. What it did stays; `reopen_class` undoes it.

    on       the first day without the class
    refuses  DayOutsideYear; ClassHasPupils from that day on
    """
    require(actor, Permission.CLASSES_WRITE, within=school_class)

    refuse_day_outside(school_class.school_year, on)
    # The row itself, so that nobody enrols a pupil meanwhile: enrolling takes the same lock.
    school_class = SchoolClass.objects.select_for_update().get(id=school_class.id)
    still = Enrolment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), school_class=school_class).count()
    if still:
        raise ClassHasPupils(name=school_class.name, count=still, day=f"{on:%d/%m/%Y}")
    school_class.closed_on = on
    school_class.save(update_fields=["closed_on"])
    audit.record(actor, "class.closed", school_class, on=on)
    return school_class


@transaction.atomic
def reopen_class(*, actor: Actor, school_class: SchoolClass) -> SchoolClass:
    """Take a closing back."""
    require(actor, Permission.CLASSES_WRITE, within=school_class)

    before = school_class.closed_on
    school_class.closed_on = None
    school_class.save(update_fields=["closed_on"])
    audit.record(actor, "class.reopened", school_class, before=before)
    return school_class


@transaction.atomic
def appoint_homeroom_teacher(
    *, actor: Actor, school_class: SchoolClass, staff: StaffMember, on: date, today: date
) -> HomeroomAppointment:
    """Let a teacher lead the class from a day on; whoever led it until then leads it no more.

    refuses  DayOutsideYear; NotYet for a day to come, unless it is the first of the year; NotWorkingThen;
             AppointedLater
    """
    require(actor, Permission.CLASSES_WRITE, within=school_class)

    year = school_class.school_year
    refuse_day_outside(year, on)
    if on > max(today, year.starts_on):
        raise NotYet
    working = StaffMember.objects.filter(access.in_force(on), organisation_id=school_class.organisation_id)
    if not working.filter(id=staff.id).exists():
        raise NotWorkingThen(name=staff.person.full_name, day=f"{on:%d/%m/%Y}")
    school_class = SchoolClass.objects.select_for_update().get(id=school_class.id)
    _end_appointment(school_class, year.starts_on, on)
    made = HomeroomAppointment.objects.create(
        organisation_id=school_class.organisation_id, school_class=school_class, staff=staff, starts_on=on
    )
    before = school_class.homeroom_teacher_id
    school_class.homeroom_teacher = staff
    school_class.save(update_fields=["homeroom_teacher"])
    audit.record(actor, "homeroom_teacher.appointed", school_class, before=before, staff=staff.id, on=on)
    return made


def _end_appointment(school_class: SchoolClass, year_begins: date, on: date) -> None:
    """The appointment in force ends as the next begins; one that began that very day was a mistake of the day."""
    appointments = HomeroomAppointment.objects.filter(school_class=school_class)
    latest = appointments.order_by("-starts_on").first()
    if latest is None and school_class.homeroom_teacher_id is not None and on > year_begins:
        # Brought in by an import that knew nothing of days: it held from the beginning of the year.
        HomeroomAppointment.objects.create(
            organisation_id=school_class.organisation_id,
            school_class=school_class,
            staff_id=school_class.homeroom_teacher_id,
            starts_on=year_begins,
            ends_on=on,
        )
    elif latest is not None and latest.starts_on > on:
        raise AppointedLater(day=f"{latest.starts_on:%d/%m/%Y}")
    elif latest is not None and latest.starts_on == on:
        latest.delete()
    else:
        appointments.filter(Q(ends_on=None) | Q(ends_on__gt=on)).update(ends_on=on)


def _free_name(school_year: SchoolYear, name: str, but: int = 0) -> str:
    name = nfc(name)
    if not name:
        raise NameMissing
    others = SchoolClass.objects.filter(school_year=school_year).exclude(id=but).values_list("name", flat=True)
    if class_key(name) in {class_key(other) for other in others}:
        raise ClassNameTaken(name=name)
    return name


def _refuse_foreign(campus: Organisation | None, organisation_id: int) -> None:
    if campus is not None and organisation_id not in (campus.id, campus.parent_id):
        raise CampusElsewhere
