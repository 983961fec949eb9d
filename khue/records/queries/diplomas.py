"""The register of diplomas, and what anybody may learn of one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from khue.foundation import scope
from khue.foundation.actor import SYSTEM, Actor
from khue.foundation.errors import NotFound
from khue.foundation.record import one
from khue.foundation.text import fold
from khue.records import access
from khue.records.access import Permission
from khue.records.models import Diploma, DiplomaCorrection

#: So many lines are offered for a dossier.
MOST_LIKE = 20
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
    """What anybody who holds the diploma in hand may check: no more than stands on it. line: its id, shown nowhere."""

    serial: str
    number: int
    year: int
    title: str
    name: str
    issuer: str
    issued_on: date
    is_withdrawn: bool
    is_replaced: bool = False
    corrections: Sequence[DiplomaCorrection] = ()
    line: int = 0


def diploma_with(serial: str, name: str, birth: date) -> DiplomaFound:
    """The line of a form's number, to who also knows name and day of birth. Raises NotFound. At most three queries.

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
                    Diploma.objects.filter(replaces=found).exists(), corrections_of(found), found.id,
                )  # fmt: skip
    raise NotFound


def corrections_of(diploma: Diploma) -> Sequence[DiplomaCorrection]:
    """Decisions that changed something in a line, in their order. One query."""
    return list(DiplomaCorrection.objects.filter(diploma=diploma).order_by("id"))


def lines_like(actor: Actor, name: str, born_on: date, serial: str) -> list[Diploma]:
    """Lines that hold of the registers the actor reads: of that name and birth, or of that number. One query."""
    births = [born_on.isoformat(), f"{born_on:%Y-%m}", f"{born_on:%Y}"]
    alike = Q(birth__in=births) | (Q(serial=serial.strip()) if serial.strip() else access.NOTHING)
    rows = visible_diplomas(actor).filter(alike, withdrawn_on=None)
    found = [row for row in rows[:2000] if row.serial == serial.strip() or fold(row.name) == fold(name)]
    return found[:MOST_LIKE]


def keeps_register(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor writes the register of this body: works there, not above. No query."""
    return any(
        held.organisation == organisation_id and actor.may(Permission.DIPLOMA_WRITE, organisation_id)
        for held in actor.held
    )


def next_of(diploma: Diploma) -> Diploma | None:
    """The line that took the place of a line from `diploma_of`. One query."""
    return Diploma.objects.filter(replaces=diploma).first()


def register_of(actor: Actor, organisation_id: int, kind: str, year: int) -> list[Diploma]:
    """All lines of one register in their order, for paper. One query."""
    rows = visible_diplomas(actor).filter(organisation_id=organisation_id, kind=kind, year=year)
    return list(rows.order_by("number"))
