"""Whether a school has the hours of its periods, and a timetable of a year."""

from dataclasses import dataclass
from typing import cast

from django.db.models import Exists, OuterRef, QuerySet

from khue.foundation.compiled import compiled
from khue.schools.models import SchoolYear
from khue.timetable.models import Bell, TimetableVersion


@dataclass(frozen=True, slots=True)
class Begun:
    """has_bells: of the school's main campus or another; is_published: a timetable of the year, in force or to come."""

    has_bells: bool = False
    is_published: bool = False


def begun(school_year: SchoolYear) -> Begun:
    """How far the school is with its timetable of that year. One query."""
    return Begun(*_begun(school_year.id)[0])


@compiled
def _begun(school_year_id: int) -> QuerySet[SchoolYear, tuple[bool, bool]]:
    bells = Bell.objects.filter(organisation_id=OuterRef("organisation_id"))
    published = TimetableVersion.objects.filter(term__school_year_id=OuterRef("pk"))
    rows = SchoolYear.objects.filter(id=school_year_id).values_list(Exists(bells), Exists(published))
    return cast("QuerySet[SchoolYear, tuple[bool, bool]]", rows)
