"""What somebody looks at before a person's file is saved: numbers that look wrong, people who may be the same."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from khue.foundation.actor import Actor
from khue.foundation.text import fold
from khue.registry.identifiers import IdentifierWarning
from khue.registry.models import Affiliation, Organisation, Person
from khue.registry.partial_dates import PartialDate
from khue.registry.person_details import PersonDetails
from khue.registry.queries.people import visible_people

MOST = 20


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Somebody whose file may be about the same person.

    organisation     the name of the body that keeps the file
    has_same_number  one official number is the same: then nothing else needs to agree
    """

    public_id: UUID
    full_name: str
    birth: PartialDate
    organisation: str
    has_same_number: bool


@dataclass(frozen=True, slots=True)
class Doubts:
    """Everything that is doubtful about what was typed. Doubts are shown and may be passed; they never block."""

    warnings: Sequence[IdentifierWarning] = ()
    look_alikes: Sequence[LookAlike] = ()

    def __bool__(self) -> bool:
        return bool(self.warnings or self.look_alikes)

    @property
    def key(self) -> str:
        """What passing exactly these doubts is called; other doubts have another key. "" where there are none."""
        if not self:
            return ""
        said = [f"{warning.field}:{warning.code}" for warning in self.warnings]
        said += [str(person.public_id) for person in self.look_alikes]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]

    def are_passed_by(self, key: str) -> bool:
        """Whether somebody who passed the doubts called `key` has seen all of these."""
        return not self or key == self.key


def doubts_about(
    actor: Actor, organisation: Organisation, details: PersonDetails, *, known: Person | None = None
) -> Doubts:
    """What is doubtful about a file before it is saved: two queries.

    organisation  where the person belongs or is to belong: namesakes are looked for among its members, past ones too
    known         the person the file is about already; what is doubtful about its present state is not said again
    """
    details = details.tidied()
    warnings: Sequence[IdentifierWarning] = details.warnings
    if known is not None:
        stands = _details_of(known)
        warnings = [warning for warning in warnings if warning not in stands.warnings]
        if (fold(stands.full_name), stands.birth) == (fold(details.full_name), details.birth):
            return Doubts(warnings)
    return Doubts(warnings, _look_alikes(actor, organisation, details, known))


def _look_alikes(
    actor: Actor, organisation: Organisation, details: PersonDetails, known: Person | None
) -> list[LookAlike]:
    namesakes = Affiliation.objects.filter(organisation=organisation, folded_name=fold(details.full_name))
    # Ids, not a subquery: with them the database joins the indexes of keys and numbers instead of reading everybody.
    same = Q(id__in=list(namesakes.values_list("person_id", flat=True).distinct()[:200]))
    numbers = {"national_id": details.national_id, "moet_code": details.moet_code}
    for column, number in numbers.items():
        if number:
            same |= Q(**{column: number})
    rows = visible_people(actor).filter(same).exclude(id=known.id if known else 0).select_related("organisation")
    found = []
    for row in rows[:MOST]:
        has_same_number = any(number and getattr(row, column) == number for column, number in numbers.items())
        if has_same_number or row.birth.agrees_with(details.birth):
            found.append(LookAlike(row.public_id, row.full_name, row.birth, row.organisation.name, has_same_number))
    return found


def _details_of(person: Person) -> PersonDetails:
    return PersonDetails(
        full_name=person.full_name,
        sex=person.sex,
        birth=person.birth,
        national_id=person.national_id or "",
        moet_code=person.moet_code or "",
    )
