"""The survey of what people have at hand to learn and teach online (indicator A1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.registry.models import Organisation
from khue.schools import access
from khue.schools.access import Permission
from khue.schools.models import Enrolment, LearnerMeans, SchoolClass, StaffMember
from khue.schools.queries import is_homeroom_of


@dataclass(frozen=True, slots=True)
class Means:
    """One person's answer; None where the person has not said."""

    has_device: bool | None
    has_connection: bool | None
    has_software: bool | None

    @property
    def is_empty(self) -> bool:
        return self.has_device is None and self.has_connection is None and self.has_software is None


@transaction.atomic
def record_means_of_class(*, actor: Actor, school_class: SchoolClass, answers: Mapping[int, Means], on: date) -> int:
    """Keep what the pupils of a class said; who leads the class asks them, or the office does.

    answers  by person id; people who are not in the class on that day are left out
    returns  how many answers are new or different
    cost     four statements, whatever the size of the class
    """
    led = is_homeroom_of(actor, school_class, on)
    require(actor, Permission.MEANS_WRITE_LED if led else Permission.MEANS_WRITE_ALL, within=school_class)

    here = Enrolment.objects.filter(access.in_force(on), school_class=school_class)
    changed = _keep(school_class.organisation_id, here.values_list("person_id", flat=True), answers, on)
    audit.record(actor, "means.recorded", school_class, people=changed, on=on)
    return len(changed)


@transaction.atomic
def record_means_of_staff(*, actor: Actor, organisation: Organisation, answers: Mapping[int, Means], on: date) -> int:
    """Keep what the staff of a school said.

    answers  by person id; people who do not work there on that day are left out
    returns  how many answers are new or different
    """
    require(actor, Permission.MEANS_WRITE_ALL, within=organisation)

    here = StaffMember.objects.filter(access.in_force(on), organisation=organisation)
    changed = _keep(organisation.id, here.values_list("person_id", flat=True), answers, on)
    audit.record(actor, "means.recorded", organisation, people=changed, on=on)
    return len(changed)


def _keep(organisation_id: int, people: Iterable[int], answers: Mapping[int, Means], on: date) -> list[int]:
    known = {
        row.person_id: Means(row.has_device, row.has_connection, row.has_software)
        for row in LearnerMeans.objects.filter(organisation_id=organisation_id, person_id__in=answers)
    }
    said = {person: answers[person] for person in set(people) & set(answers)}
    nothing = Means(None, None, None)
    changed = {person: means for person, means in said.items() if known.get(person, nothing) != means}
    withdrawn = [person for person, means in changed.items() if means.is_empty]
    LearnerMeans.objects.filter(organisation_id=organisation_id, person_id__in=withdrawn).delete()
    LearnerMeans.objects.bulk_create(
        [
            LearnerMeans(
                organisation_id=organisation_id,
                person_id=person,
                has_device=means.has_device,
                has_connection=means.has_connection,
                has_software=means.has_software,
                answered_on=on,
            )
            for person, means in sorted(changed.items())
            if not means.is_empty
        ],
        update_conflicts=True,
        unique_fields=["organisation", "person"],
        update_fields=["has_device", "has_connection", "has_software", "answered_on"],
    )
    return sorted(changed)
