"""Giving a school its roster, in the file shapes that the import reads."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.schools.access import Permission
from khue.schools.models import SchoolYear
from khue.schools.queries.roster import written_roster
from khue.schools.queries.roster_staff import written_staff
from khue.schools.roster.writing import oneroster_of
from khue.schools.roster.written import WrittenRoster, WrittenStaff


@transaction.atomic
def export_roster(*, actor: Actor, school_year: SchoolYear, at: datetime) -> WrittenRoster:
    """Everybody in a class of the year on that day, with numbers and guardians. Who took it, and how much, is kept.

    cost  nine queries, whatever the number of pupils
    """
    require(actor, Permission.ROSTER_EXPORT, within=school_year)

    roster = written_roster(actor, school_year, at.astimezone(VIETNAM).date())
    audit.record(actor, "roster.exported", school_year, pupils=len(roster.pupils))
    return roster


@transaction.atomic
def export_staff(*, actor: Actor, school_year: SchoolYear, at: datetime) -> list[WrittenStaff]:
    """Everybody who works at the school on that day with numbers, and what they teach and lead in the year.

    cost  five queries, whatever the number
    """
    require(actor, Permission.ROSTER_EXPORT, within=school_year)

    staff = written_staff(school_year, at.astimezone(VIETNAM).date())
    audit.record(actor, "staff.exported", school_year, count=len(staff))
    return staff


@dataclass(frozen=True, slots=True)
class Package:
    """A file to hand out."""

    name: str
    content: bytes


@transaction.atomic
def export_oneroster(*, actor: Actor, school_year: SchoolYear, at: datetime) -> Package:
    """The same as a OneRoster 1.2 package, with terms, subjects and who teaches them."""
    roster = export_roster(actor=actor, school_year=school_year, at=at)
    return Package(f"oneroster-{school_year.code}.zip", oneroster_of(roster, at=at))
