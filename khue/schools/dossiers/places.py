"""Where pupils are and could be: what the acts of procedures look up, within the scope of the case's offices."""

from datetime import date, datetime

from django.db.models import Count, Q

from khue.foundation.clock import VIETNAM
from khue.schools.models import Enrolment, SchoolClass
from khue.schools.queries import class_order


def lasting(on: date) -> Q:
    """Enrolments that hold on that day and have no end yet."""
    return Q(starts_on__lte=on, ends_on=None)


def pupils_born(school_id: int, born_on: date, on: date) -> list[Enrolment]:
    """Pupils of a school who were born that day, with person and class, twenty at most. One query."""
    born = Q(person__birth_year=born_on.year, person__birth_month=born_on.month, person__birth_day=born_on.day)
    rows = Enrolment.objects.filter(lasting(on), born, organisation_id=school_id)
    return list(rows.select_related("person", "school_class__school_year").order_by("person__sort_key", "id")[:20])


def lasting_enrolment(school_id: int, person_id: int, born_on: date, on: date) -> Enrolment | None:
    """The place of a pupil at a school, if person and birth date agree."""
    found = (each for each in pupils_born(school_id, born_on, on) if each.person_id == person_id)
    return next(found, None)


def class_with(school_id: int, class_id: int, on: date) -> SchoolClass | None:
    """A class of the school that can be joined on that day, with its school."""
    rows = SchoolClass.objects.filter(
        id=class_id,
        organisation_id=school_id,
        closed_on=None,
        school_year__starts_on__lte=on,
        school_year__ends_on__gte=on,
    )
    return rows.select_related("organisation", "school_year").first()


def open_classes(school_id: int, at: datetime, grade: int | None = None) -> list[tuple[str, str]]:
    """Classes of the year under way with the number of their pupils, in order: those of the grade, if there are any.

    cost  two queries
    """
    on = at.astimezone(VIETNAM).date()
    rows = SchoolClass.objects.filter(
        organisation_id=school_id, closed_on=None, school_year__starts_on__lte=on, school_year__ends_on__gte=on
    )
    sizes = dict(
        Enrolment.objects.filter(lasting(on), school_class__in=rows)
        .values_list("school_class_id")
        .annotate(size=Count("id"))
    )
    found = sorted(rows[:200], key=class_order)
    of_grade = [row for row in found if row.grade == grade] or found
    return [(str(row.id), f"{row.name} ({sizes.get(row.id, 0)})") for row in of_grade]


def place_now(person_id: int, on: date) -> Enrolment | None:
    """Where a pupil is on that day, as far as the scope reaches, with class, school and file. One query."""
    rows = Enrolment.objects.filter(lasting(on), person_id=person_id)
    return rows.select_related("school_class__school_year", "organisation", "person").order_by("-starts_on").first()
