"""The register of diplomas, and what anybody may learn of one line."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation import scope
from khue.foundation.actor import SYSTEM, Actor
from khue.foundation.errors import NotFound
from khue.foundation.record import one
from khue.records import access
from khue.records.access import Permission
from khue.records.models import Diploma


def visible_diplomas(actor: Actor) -> QuerySet[Diploma]:
    """Lines of the registers the actor may read, the newest first. Page before use."""
    rows = Diploma.objects.filter(access.within(actor, Permission.DIPLOMA_READ))
    return rows.select_related("person", "organisation", "replaces").order_by("-id")


def diploma_of(actor: Actor, public_id: UUID) -> Diploma:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_diplomas(actor), public_id=public_id)


@dataclass(frozen=True, slots=True)
class DiplomaFound:
    """What anybody who holds the diploma in hand may check: no more than stands on it."""

    serial: str
    number: int
    year: int
    title: str
    name: str
    issuer: str
    issued_on: date
    is_withdrawn: bool


def diploma_with(serial: str, birth_year: str) -> DiplomaFound:
    """The line of a form's serial number, to who also knows the year of birth. Raises NotFound. One query."""
    with scope.of(SYSTEM):
        found = Diploma.objects.filter(serial=serial.strip()).select_related("organisation").first()
        if found is None or not birth_year.strip() or found.birth[:4] != birth_year.strip():
            raise NotFound
        return DiplomaFound(
            found.serial, found.number, found.year, found.title, found.name, found.organisation.name, found.issued_on,
            found.withdrawn_on is not None,
        )  # fmt: skip
