"""Who is in a class, who takes a subject, and where a pupil is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import first
from khue.schools import access
from khue.schools.models import ClassSubject, ElectiveChoice, Enrolment, SchoolClass, SchoolYear, StaffMember


@dataclass(frozen=True, slots=True)
class Member:
    """A pupil in a class on one day, as a class list prints it."""

    enrolment_id: int
    enrolment_public_id: UUID
    person_id: int
    person_public_id: UUID
    full_name: str


def members(school_class: SchoolClass, on: date) -> list[Member]:
    """The pupils of the class on that day in Vietnamese name order. One query.

    school_class  from `class_of` or `visible_classes`: who may see the class may see its names
    """
    return [Member(*row) for row in _members(school_class.id, on)]


def places_of_year(school_year: SchoolYear) -> list[tuple[int, int, bool]]:
    """Everybody's last place in a year: enrolment, class, and whether it was closed as the year was over. One query."""
    rows = _stayed(school_year.id, school_year.ends_on)
    return [(key, school_class, ends_on is not None) for key, school_class, ends_on in rows]


@compiled
def _stayed(school_year_id: int, last_day: date) -> QuerySet[Enrolment, tuple[int, int, date | None]]:
    rows = Enrolment.objects.filter(school_class__school_year_id=school_year_id, starts_on__lte=last_day)
    return rows.filter(Q(ends_on=None) | Q(ends_on__gt=last_day)).values_list("id", "school_class_id", "ends_on")


def learners(class_subject: ClassSubject, on: date) -> list[Member]:
    """The pupils who take the subject on that day: the whole class, or those who chose an elective. One query."""
    if not class_subject.is_elective:
        return [Member(*row) for row in _members(class_subject.school_class_id, on)]
    return [Member(*row) for row in _choosers(class_subject.school_class_id, class_subject.id, on)]


def learner_names(class_subject: ClassSubject, on: date) -> dict[int, str]:
    """As `learners`, the full names alone by enrolment id: for a grid of hundreds. In the same order. One query."""
    if not class_subject.is_elective:
        return dict(_member_names(class_subject.school_class_id, on))
    return dict(_chooser_names(class_subject.school_class_id, class_subject.id, on))


_MemberRow = tuple[int, UUID, int, UUID, str]
_MEMBER = ("id", "public_id", "person_id", "person__public_id", "person__full_name")
_NAME = ("id", "person__full_name")


@compiled
def _members(school_class_id: int, on: date) -> QuerySet[Enrolment, _MemberRow]:
    return _of_class(school_class_id, on).values_list(*_MEMBER)


@compiled
def _member_names(school_class_id: int, on: date) -> QuerySet[Enrolment, tuple[int, str]]:
    return _of_class(school_class_id, on).values_list(*_NAME)


@compiled
def _choosers(school_class_id: int, class_subject_id: int, on: date) -> QuerySet[Enrolment, _MemberRow]:
    return _who_chose(school_class_id, class_subject_id, on).values_list(*_MEMBER)


@compiled
def _chooser_names(school_class_id: int, class_subject_id: int, on: date) -> QuerySet[Enrolment, tuple[int, str]]:
    return _who_chose(school_class_id, class_subject_id, on).values_list(*_NAME)


def _who_chose(school_class_id: int, class_subject_id: int, on: date) -> QuerySet[Enrolment]:
    chosen = ElectiveChoice.objects.filter(access.in_force(on), class_subject_id=class_subject_id)
    return _of_class(school_class_id, on).filter(id__in=chosen.values("enrolment"))


def _of_class(school_class_id: int, on: date) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(access.in_force(on), school_class_id=school_class_id)
    return rows.order_by("person__sort_key", "id")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pupil is on one day, in as few columns as a page of the pupil needs."""

    person_id: int
    enrolment_id: int
    school_class_id: int
    class_name: str
    organisation_id: int


def place_of_pupil(person_id: int, on: date) -> Place | None:
    """The pupil's place in a class on that day; None when in no class. One narrow query, for pages of the pupil."""
    found = _places(person_id, on)
    return Place(person_id, *found[0]) if found else None


@compiled
def _places(person_id: int, on: date) -> QuerySet[Enrolment, tuple[int, int, str, int]]:
    rows = Enrolment.objects.filter(access.in_force(on), person_id=person_id).order_by("id")
    return rows.values_list("id", "school_class_id", "school_class__name", "organisation_id")[:1]


def visible_enrolments(actor: Actor, on: date | None = None) -> QuerySet[Enrolment]:
    """Enrolments, also past ones, whose pupil this actor may open on that day, today when none is given.

    With person and class. One query; page it.
    """
    rows = Enrolment.objects.filter(access.enrolments(actor, on or clock.today()))
    return rows.select_related("person", "school_class__school_year").order_by("person__sort_key", "id")


def enrolment_of(actor: Actor, public_id: UUID) -> Enrolment:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return first(_visible_enrolment(actor, clock.today(), public_id))


@compiled
def _visible_enrolment(actor: Actor, on: date, public_id: UUID) -> QuerySet[Enrolment]:
    return visible_enrolments(actor, on).filter(public_id=public_id)


def enrolment_today(actor: Actor, person_id: int) -> Enrolment | None:
    """The place in a class today, with who leads it, of a person whose place the actor may open. One query."""
    rows = visible_enrolments(actor).filter(access.in_force(clock.today()), person_id=person_id)
    return rows.select_related("school_class__school_year", "school_class__homeroom_teacher__person").first()


def enrolment_of_pupil(person_id: int, on: date) -> Enrolment | None:
    """The pupil's place in a class on that day, with class and year; None when in no class. One query."""
    found = _enrolments(person_id, on)
    return found[0] if found else None


@compiled
def _enrolments(person_id: int, on: date) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(access.in_force(on), person_id=person_id)
    return rows.select_related("person", "school_class__school_year", "organisation").order_by("id")[:1]


def classes_of_pupil(person_id: int) -> list[Enrolment]:
    """Every class the pupil has been in within the scope, the latest first. One query."""
    rows = Enrolment.objects.filter(person_id=person_id).order_by("-starts_on", "-id")
    return list(rows.select_related("school_class__school_year", "organisation"))


def own_staff(actor: Actor) -> list[StaffMember]:
    """The actor's own work at schools today, with the person. One query."""
    return _staff(actor.person_id or 0, clock.today())


@compiled
def _staff(person_id: int, on: date) -> QuerySet[StaffMember]:
    rows = StaffMember.objects.filter(access.in_force(on), person_id=person_id)
    return rows.select_related("person").order_by("organisation_id", "id")


def electives_not_taken(enrolment: Enrolment, on: date) -> set[int]:
    """Ids of the class's electives that the pupil does not take on that day. One query."""
    chosen = ElectiveChoice.objects.filter(access.in_force(on), enrolment=enrolment)
    rows = ClassSubject.objects.filter(school_class_id=enrolment.school_class_id, is_elective=True)
    return set(rows.exclude(id__in=chosen.values("class_subject")).values_list("id", flat=True))


def people_of_enrolments(enrolment_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """By enrolment: the person and the class. One query."""
    return {enrolment: (person, school_class) for enrolment, person, school_class in _people(list(enrolment_ids))}


@compiled
def _people(enrolment_ids: Sequence[int]) -> QuerySet[Enrolment, tuple[int, int, int]]:
    return Enrolment.objects.filter(id__in=enrolment_ids).values_list("id", "person_id", "school_class_id")
