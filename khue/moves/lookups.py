"""Where pupils are and could be at one school, within the scope of the transaction."""

from datetime import date

from django.db.models import Q

from khue.exchange import queries as exchange
from khue.foundation.actor import SYSTEM
from khue.foundation.text import fold
from khue.registry import queries as registry
from khue.registry.models import Organisation, Person
from khue.registry.queries import PersonDetails
from khue.schools import queries as schools
from khue.schools.models import Enrolment, SchoolClass


def class_with(school_id: int, chosen: object, on: date) -> SchoolClass | None:
    """An open class of the school's year that holds that day, by the key a form gave. One query."""
    key = str(chosen or "")
    if not key.isdecimal() or len(key) > 18:
        return None
    rows = schools.visible_classes(SYSTEM).filter(
        id=int(key), organisation_id=school_id, closed_on=None, school_year__starts_on__lte=on,
        school_year__ends_on__gte=on,
    )  # fmt: skip
    return rows.first()


def pupils_born(school_id: int, born_on: date, on: date) -> list[Enrolment]:
    """Pupils of the school on that day who were born on the other, twenty at most. One query."""
    born = Q(person__birth_year=born_on.year, person__birth_month=born_on.month, person__birth_day=born_on.day)
    rows = schools.visible_enrolments(SYSTEM, on).filter(
        born, organisation_id=school_id, starts_on__lte=on, ends_on=None
    )
    return list(rows[:20])


def pupil_numbered(school_id: int, born_on: date, number: str, on: date) -> Enrolment | None:
    """The pupil who has that number and was born that day. One query."""
    found = [e for e in pupils_born(school_id, born_on, on) if number in (e.person.national_id, e.person.moet_code)]
    return found[0] if len(found) == 1 else None


def own_school(code: str) -> Organisation | None:
    """A school whose rows are on this node, by its code. Two queries."""
    found = registry.bodies_with_codes([code]).get(code)
    if found is None or exchange.far_school(code) is not None or found.kind != Organisation.Kind.SCHOOL:
        return None
    return found


def file_like(details: PersonDetails) -> Person | None:
    """The file of this node that bears one of these numbers and is about the same child. One query."""
    numbers = Q()
    for column in ("national_id", "moet_code"):
        if number := getattr(details, column):
            numbers |= Q(**{column: number})
    found = list(registry.visible_people(SYSTEM).filter(numbers)[:2]) if numbers else []
    if len(found) != 1:
        return None
    is_same = fold(found[0].full_name) == fold(details.full_name) and found[0].birth.agrees_with(details.birth)
    return found[0] if is_same else None
