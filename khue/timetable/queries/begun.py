"""Whether a school has the hours of its periods, and a timetable of a year."""

from dataclasses import dataclass

from django.db.models import QuerySet, TextField, Value

from khue.foundation.compiled import compiled
from khue.schools.models import SchoolYear
from khue.timetable.models import Bell, TimetableVersion

BELLS, PUBLISHED = "bells", "published"


@dataclass(frozen=True, slots=True)
class Begun:
    """has_bells: of the school's main campus or another; is_published: a timetable of the year, in force or to come."""

    has_bells: bool = False
    is_published: bool = False


def begun(school_year: SchoolYear) -> Begun:
    """How far the school is with its timetable of that year. One query."""
    found = _begun(school_year.organisation_id, school_year.id)
    return Begun(BELLS in found, PUBLISHED in found)


@compiled
def _begun(organisation_id: int, school_year_id: int) -> "QuerySet[Bell, str]":
    bells, published = Value(BELLS, TextField()), Value(PUBLISHED, TextField())
    of_year = TimetableVersion.objects.filter(term__school_year_id=school_year_id)
    rows = Bell.objects.filter(organisation_id=organisation_id).values_list(bells, flat=True)
    return rows.union(of_year.values_list(published, flat=True))
