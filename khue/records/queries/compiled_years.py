"""A class's year as it would go into the transcripts today: compiled from gradebook, schools and registry."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils import translation

from khue.foundation.actor import Actor
from khue.gradebook import queries as gradebook
from khue.records import compiling
from khue.records.content import Content, School, written
from khue.records.models import YearSheet
from khue.registry.models import Person
from khue.schools import queries as schools
from khue.schools.models import SchoolClass, StaffMember


@dataclass(frozen=True, slots=True)
class Drafted:
    """One pupil of a class. content: without codes and version; None while `problems` say why."""

    enrolment_id: int
    person: Person
    content: Content | None
    problems: list[str]

    def content_for(self, sheet: YearSheet, transcript_code: str, previous: str) -> bytes:
        """The canonical XML of the sheet with this content."""
        assert self.content is not None
        return written(
            replace(
                self.content, transcript=transcript_code, sheet=sheet.public_id.hex, version=sheet.version,
                previous=previous, reason=sheet.reason,
            )
        )  # fmt: skip

    def differs_from(self, sheet: YearSheet) -> bool:
        """Whether what is recorded today is not what the sheet says."""
        if self.content is None:
            return True
        return self.fingerprint != sheet.source

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the content without codes and version."""
        assert self.content is not None
        return hashlib.sha256(written(self.content)).hexdigest()


def drafted_of(actor: Actor, school_class: SchoolClass, enrolment_ids: Sequence[int] | None = None) -> list[Drafted]:
    """Everybody whose year ended in this class, in name order. Eleven queries at most, however many pupils.

    school_class  one that the actor may open
    """
    last = school_class.school_year.ends_on
    stayed = Q(ends_on=None) | Q(ends_on__gt=last)
    rows = schools.visible_enrolments(actor).filter(stayed, school_class=school_class, starts_on__lte=last)
    enrolments = list(rows if enrolment_ids is None else rows.filter(id__in=enrolment_ids))
    with translation.override("vi"):
        years = gradebook.years_for_transcripts(school_class, [one.id for one in enrolments])
    teachers: dict[int, list[str]] = defaultdict(list)
    for key, shares in schools.shares_of(Q(class_subject__school_class=school_class), last).items():
        teachers[key] = [share.full_name for share in shares]
    school, leads = _school(school_class), school_class.homeroom_teacher_id is not None
    found = []
    for one in enrolments:
        year = years.get(one.id)
        problems = compiling.problems_of(one.person, year, leads=leads)
        content = None
        if year is not None and not problems:
            content = compiling.content_of(school, school_class, one.person, year, teachers)
        found.append(Drafted(one.id, one.person, content, problems))
    return found


def _school(school_class: SchoolClass) -> School:
    place = school_class.organisation
    staff = schools.staff_at(place.id, school_class.school_year.ends_on)
    head = next((one.person.full_name for one in staff if one.position == StaffMember.Position.HEAD), "")
    return School(place.name, place.code or "", place.parent.name if place.parent else "", head)
