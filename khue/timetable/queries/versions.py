"""Versions of a timetable: which hold when, and what is in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.schools import queries as schools
from khue.timetable.access import planned_at
from khue.timetable.models import TimetableVersion


def visible_versions(actor: Actor) -> QuerySet[TimetableVersion]:
    """Versions of the schools whose timetable the actor makes, the latest first. Page before use."""
    rows = TimetableVersion.objects.filter(planned_at(actor))
    return rows.select_related("term__school_year", "organisation").order_by("-valid_from", "-id")


def version_of(actor: Actor, public_id: UUID) -> TimetableVersion:
    """Raises NotFound, also when it is another school's."""
    return one(visible_versions(actor), public_id=public_id)


@dataclass(frozen=True, slots=True)
class VersionWeeks:
    """A version with the teaching weeks for which it was made.

    ends_on  the day before the one that follows begins; where none does, the last of its term
    weeks    the first and the last number; None where it begins and ends without a teaching week
    """

    version: TimetableVersion
    ends_on: date
    weeks: tuple[int, int] | None

    @property
    def is_in_force(self) -> bool:
        """Also beyond its term, until another was published: lessons go on."""
        return self.version.valid_from <= clock.today() <= self._taught_until

    @property
    def is_overdue(self) -> bool:
        """Whether its term is over and it is taught for want of another."""
        return self.ends_on < clock.today() <= self._taught_until

    @property
    def _taught_until(self) -> date:
        return self.version.valid_to or self.version.term.school_year.ends_on


def version_weeks(versions: Sequence[TimetableVersion]) -> list[VersionWeeks]:
    """The weeks of each version; one that no other follows is for its term. Two queries a school year."""
    weeks = {version.term.school_year_id: version.term.school_year for version in versions}
    taught = {key: schools.teaching_weeks(year) for key, year in weeks.items()}
    found = []
    for version in versions:
        ends_on = version.valid_to or version.term.ends_on
        numbers = [
            week.number
            for week in taught[version.term.school_year_id]
            if week.number is not None and week.starts_on <= ends_on and week.ends_on >= version.valid_from
        ]
        found.append(VersionWeeks(version, ends_on, (numbers[0], numbers[-1]) if numbers else None))
    return found
