"""The register of diplomas, and what anybody may learn of one line."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation import scope
from khue.foundation.actor import SYSTEM, Actor
from khue.foundation.errors import NotFound
from khue.foundation.record import one
from khue.foundation.text import fold
from khue.records import access
from khue.records.access import Permission
from khue.records.models import Diploma

#: A number stands once in each kind of register.
MOST_KINDS = 3


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
    is_replaced: bool = False


def diploma_with(serial: str, name: str, birth: date) -> DiplomaFound:
    """The line of a form's number, to who also knows name and day of birth. Raises NotFound. At most two queries.

    name  diacritics and capitals do not count, as people type without them
    Where the register knows a year or a month only, that much of the day must fit. Wrong number, name or day are
    answered alike.
    """
    with scope.of(SYSTEM):
        rows = Diploma.objects.filter(serial=serial.strip()).select_related("organisation")
        for found in rows[:MOST_KINDS]:
            if fold(found.name) == fold(name) and found.birth and birth.isoformat().startswith(found.birth):
                return DiplomaFound(
                    found.serial, found.number, found.year, found.title, found.name, found.organisation.name,
                    found.issued_on, found.withdrawn_on is not None,
                    Diploma.objects.filter(replaces=found).exists(),
                )  # fmt: skip
    raise NotFound


def next_of(diploma: Diploma) -> Diploma | None:
    """The line that took the place of a line from `diploma_of`. One query."""
    return Diploma.objects.filter(replaces=diploma).first()


def register_of(actor: Actor, organisation_id: int, kind: str, year: int) -> list[Diploma]:
    """All lines of one register in their order, for paper. One query."""
    rows = visible_diplomas(actor).filter(organisation_id=organisation_id, kind=kind, year=year)
    return list(rows.order_by("number"))
