"""A child's file going with the child to another organisation."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.registry.access import Permission
from khue.registry.actions.affiliations import affiliate
from khue.registry.models import Affiliation, Guardianship, Organisation, Person


@transaction.atomic
def move_file(*, actor: Actor, person: Person, organisation: Organisation, on: date) -> list[int]:
    """Let another organisation keep a pupil's file from a day on. Returns the ids of the guardians who come with it.

    The caller's scope holds both organisations: a transfer raises it and says so. A guardian stays at the old one too
    where another child is there; the guardianship itself, its rights and bars, goes unchanged.
    """
    require(actor, Permission.PERSON_WRITE, within=person)
    require(actor, Permission.PERSON_WRITE, within=organisation)

    left = person.organisation_id
    guardians = list(Guardianship.objects.filter(child=person).values_list("guardian_id", flat=True))
    Guardianship.objects.filter(child=person).update(organisation=organisation)
    Person.objects.filter(id=person.id).update(organisation=organisation)
    staying = Guardianship.objects.filter(guardian_id__in=guardians, organisation_id=left).values_list("guardian_id")
    leaving = Q(person=person, kind=Affiliation.Kind.PUPIL) | (
        Q(person_id__in=guardians, kind=Affiliation.Kind.GUARDIAN) & ~Q(person_id__in=staying)
    )
    lasting = Q(valid_to=None) | Q(valid_to__gte=on)
    ended = Affiliation.objects.filter(leaving, lasting, organisation_id=left)
    ended.update(valid_to=Greatest(F("valid_from"), on - timedelta(days=1)))
    affiliate(actor=actor, person=person, organisation=organisation, kind=Affiliation.Kind.PUPIL, on=on)
    for guardian in Person.objects.filter(id__in=guardians).order_by("id"):
        affiliate(actor=actor, person=guardian, organisation=organisation, kind=Affiliation.Kind.GUARDIAN, on=on)
    audit.record(actor, "person.file_moved", person, left=left, to=organisation.id, on=on, guardians=guardians)
    person.organisation = organisation
    return guardians
