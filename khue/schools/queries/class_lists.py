"""The classes of a year with their sizes, and one class with everybody who is, was or will be in it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.foundation.record import one
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.registry.queries import PartialDate
from khue.schools import access
from khue.schools.access import Permission
from khue.schools.models import Enrolment, HomeroomAppointment, SchoolClass, SchoolYear
from khue.schools.queries.classes import visible_classes

FEMALE = "2"


def working_years(actor: Actor, permission: Permission) -> list[SchoolYear]:
    """The years of the schools at which the actor works with this permission, the latest first. One query."""
    places = {held.organisation for held in actor.held if actor.may(permission, held.organisation)}
    rows = SchoolYear.objects.filter(organisation_id__in=places).select_related("organisation")
    return list(rows.order_by("organisation__name", "organisation_id", "-starts_on"))


def year_of(actor: Actor, public_id: UUID) -> SchoolYear:
    """A school year whose classes the actor may all read. Raises NotFound."""
    rows = SchoolYear.objects.filter(access.within(actor, Permission.CLASSES_READ_ALL))
    return one(rows.select_related("organisation"), public_id=public_id)


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class in the list of a year. `campus` is empty for the main one."""

    public_id: UUID
    name: str
    grade: int
    campus: str
    homeroom_teacher: str
    closed_on: date | None
    size: int
    girls: int


def class_rows(actor: Actor, school_year: SchoolYear, on: date) -> list[ClassRow]:
    """The classes of a year that the actor may open, with their size on that day, by grade and name. Two queries."""
    rows = _classes_of_year(actor, clock.today(), school_year.id)
    sizes = {key: (size, girls) for key, size, girls in _sizes([row[0] for row in rows], on)}
    school = school_year.organisation
    found = [
        ClassRow(
            public_id,
            name,
            grade,
            name_within(school, campus_id, campus or ""),
            teacher or "",
            closed_on,
            *sizes.get(key, (0, 0)),
        )
        for key, public_id, name, grade, campus_id, campus, teacher, closed_on in rows
    ]
    return sorted(found, key=lambda row: (row.grade, by_number(row.name)))


#: id, public id, name, grade, campus, its name, homeroom teacher, closed on
_YearRow = tuple[int, UUID, str, int, int | None, str | None, str | None, date | None]


@compiled
def _classes_of_year(actor: Actor, today: date, school_year_id: int) -> QuerySet[SchoolClass, _YearRow]:
    rows = SchoolClass.objects.filter(access.classes(actor, today), school_year_id=school_year_id)
    return rows.values_list(
        "id",
        "public_id",
        "name",
        "grade",
        "campus_id",
        "campus__name",
        "homeroom_teacher__person__full_name",
        "closed_on",
    )


@compiled
def _sizes(class_ids: Sequence[int], on: date) -> QuerySet[Enrolment, tuple[int, int, int]]:
    in_class = Enrolment.objects.filter(access.in_force(on), school_class_id__in=class_ids).values("school_class_id")
    counts = in_class.annotate(size=Count("id"), girls=Count("id", filter=Q(person__sex=FEMALE)))
    return counts.order_by().values_list("school_class_id", "size", "girls")


def name_within(school: Organisation, campus_id: int | None, name: str) -> str:
    """A campus as people of the school call it: without the school's own name; empty for the main one."""
    if campus_id in (None, school.id):
        return ""
    return name.removeprefix(school.name).lstrip(" -–·,") or name


def by_number(name: str) -> list[tuple[int, str]]:
    """6A2 before 6A10."""
    parts: list[tuple[int, str]] = []
    digits = ""
    for letter in f"{name} ":
        if letter.isdecimal():
            digits += letter
            continue
        if digits:
            parts.append((int(digits), ""))
            digits = ""
        parts.append((-1, letter))
    return parts


def class_order(school_class: SchoolClass) -> tuple[int, list[tuple[int, str]]]:
    """A key that sorts classes by grade and by the number in their name."""
    return order_of_class(school_class.grade, school_class.name)


def order_of_class(grade: int, name: str) -> tuple[int, list[tuple[int, str]]]:
    """The same key, of a class of which no more is at hand."""
    return grade, by_number(name)


@dataclass(frozen=True, slots=True)
class PupilRow:
    """A pupil's place in a class. `ends_on` is the first day on which it holds no more."""

    enrolment: UUID
    person: UUID
    full_name: str
    birth: PartialDate
    sex: str
    moet_code: str
    starts_on: date
    ends_on: date | None
    status: str

    def is_in_class(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or self.ends_on > on)

    def is_to_come(self, on: date) -> bool:
        return self.starts_on > on and (self.ends_on is None or self.ends_on > self.starts_on)


@dataclass(frozen=True, slots=True)
class ClassCard:
    """One class: who is in it now, who will be, who was; who led it from when to when.

    former  without those who were put in by mistake and taken out the same day
    """

    school_class: SchoolClass
    pupils: list[PupilRow]
    to_come: list[PupilRow]
    former: list[PupilRow]
    appointments: list[HomeroomAppointment]

    @property
    def girls(self) -> int:
        return sum(pupil.sex == FEMALE for pupil in self.pupils)

    @property
    def leader(self) -> str:
        teacher = self.school_class.homeroom_teacher
        return teacher.person.full_name if teacher else ""


def class_card(actor: Actor, public_id: UUID, on: date) -> ClassCard:
    """One class as those see it who teach in it or look after it; pupils and guardians do not. Three queries.

    Raises NotFound.
    """
    rows = visible_classes(actor).select_related("homeroom_teacher__person")
    school_class = one(rows, public_id=public_id)
    if not any(actor.may(may, school_class) for may in (Permission.CLASSES_READ_ALL, Permission.CLASSES_READ_TAUGHT)):
        raise NotFound
    pupils = _pupil_rows(Q(school_class=school_class))
    appointments = HomeroomAppointment.objects.filter(school_class=school_class).select_related("staff__person")
    return ClassCard(
        school_class,
        pupils=[row for row in pupils if row.is_in_class(on)],
        to_come=[row for row in pupils if row.is_to_come(on)],
        former=[row for row in pupils if row.ends_on and row.starts_on < row.ends_on <= on],
        appointments=list(appointments.order_by("-starts_on", "-id")),
    )


def _pupil_rows(rule: Q) -> list[PupilRow]:
    rows = Enrolment.objects.filter(rule).order_by("person__sort_key", "starts_on", "id")
    fields = rows.values_list(
        "public_id",
        "person__public_id",
        "person__full_name",
        "person__birth_year",
        "person__birth_month",
        "person__birth_day",
        "person__sex",
        "person__moet_code",
        "starts_on",
        "ends_on",
        "status",
    )
    return [
        PupilRow(key, person, name, PartialDate(year, month, day), sex, code or "", first, last, status)
        for key, person, name, year, month, day, sex, code, first, last, status in fields
    ]


def classes_beside(school_class: SchoolClass) -> list[SchoolClass]:
    """The other open classes of the same year: the same grade first, then by grade and name. One query."""
    rows = SchoolClass.objects.filter(school_year_id=school_class.school_year_id, closed_on=None)
    return sorted(
        rows.exclude(id=school_class.id),
        key=lambda other: (other.grade != school_class.grade, other.grade, by_number(other.name)),
    )


def classes_of_people(organisation_id: int, person_ids: list[UUID], on: date) -> dict[UUID, str]:
    """The class, on that day or later, of those of these people who are in one: person's public id to name."""
    lasting = Q(ends_on=None) | Q(ends_on__gt=on)
    rows = Enrolment.objects.filter(lasting, organisation_id=organisation_id, person__public_id__in=person_ids)
    return dict(rows.values_list("person__public_id", "school_class__name"))


def class_names(school_year: SchoolYear) -> list[str]:
    """The names of the open classes of a year, in order. One query."""
    rows = SchoolClass.objects.filter(school_year=school_year, closed_on=None)
    return [row.name for row in sorted(rows, key=class_order)]


def class_names_of(school: Organisation, person_ids: Collection[int], *, are_guardians: bool) -> dict[int, str]:
    """Today's class of pupils, or of a child of guardians, by person id. One query, two for guardians."""
    children = {person: person for person in person_ids}
    if are_guardians:
        links = registry.guardianships_in(school)
        children = {link.child_id: link.guardian_id for link in links if link.guardian_id in children}
    rows = Enrolment.objects.filter(access.in_force(clock.today()), organisation=school, person_id__in=children)
    return {children[child]: name for child, name in rows.values_list("person_id", "school_class__name")}
