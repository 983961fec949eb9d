"""People of a school addressed together: a class, its guardians, its teachers."""

from khue.foundation.clock import today
from khue.registry import queries as registry
from khue.schools import access
from khue.schools.models import Enrolment, SchoolClass, StaffMember, TeachingAssignment


def pupils_of_class(organisation_id: int, argument: str) -> list[int]:
    """Person ids of the pupils in the class with this id, today."""
    rows = Enrolment.objects.filter(
        access.in_force(today()), organisation_id=organisation_id, school_class_id=_class_id(argument)
    )
    return list(rows.values_list("person_id", flat=True))


def guardians_of_class(organisation_id: int, argument: str) -> list[int]:
    """Person ids of the guardians who receive messages about a pupil of the class, each once."""
    children = pupils_of_class(organisation_id, argument)
    found = registry.guardians_of(children).values()
    return sorted({rights.guardian_id for rows in found for rights in rows if rights.receives_messages})


def teachers_of_class(organisation_id: int, argument: str) -> list[int]:
    """Person ids of those who teach the class today, and of its homeroom teacher."""
    class_id, day = _class_id(argument), today()
    taught = TeachingAssignment.objects.filter(
        access.in_force(day), organisation_id=organisation_id, class_subject__school_class_id=class_id
    )
    leader = SchoolClass.objects.filter(organisation_id=organisation_id, id=class_id, homeroom_teacher__isnull=False)
    people = set(taught.values_list("staff__person_id", flat=True))
    return sorted(people | set(leader.values_list("homeroom_teacher__person_id", flat=True)))


def teachers(organisation_id: int, argument: str) -> list[int]:  # noqa: ARG001  the slot passes an argument
    """Person ids of everybody who works at the school as a teacher or leads it, today."""
    positions = (StaffMember.Position.TEACHER, StaffMember.Position.HEAD, StaffMember.Position.DEPUTY_HEAD)
    rows = StaffMember.objects.filter(access.in_force(today()), organisation_id=organisation_id, position__in=positions)
    return list(rows.values_list("person_id", flat=True).distinct())


def classes_to_choose(organisation_id: int) -> list[tuple[str, str]]:
    """Today's classes of a school, as audiences of one class are chosen: id and name."""
    day = today()
    rows = SchoolClass.objects.filter(
        organisation_id=organisation_id, school_year__starts_on__lte=day, school_year__ends_on__gte=day
    )
    return [(str(key), name) for key, name in rows.order_by("grade", "name").values_list("id", "name")]


def _class_id(argument: str) -> int:
    return int(argument) if argument.isascii() and argument.isdecimal() else 0
