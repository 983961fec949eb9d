"""Everything the page of one person shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from khue.foundation import audit
from khue.foundation.access import Permission as House
from khue.foundation.actor import Actor
from khue.registry import access
from khue.registry.code_lists import ethnicity_name, nationality_name
from khue.registry.identifiers import IdentifierWarning, check_moet_code, check_national_id
from khue.registry.models import Affiliation, Guardianship, Person
from khue.registry.queries.organisations import place_of
from khue.registry.queries.papers import PaperLine, papers_of


@dataclass(frozen=True, slots=True)
class GuardianLine:
    """One guardian of the person, or one child of it. `person` may be opened by the actor where is_visible."""

    guardianship: Guardianship
    person: Person


@dataclass(frozen=True, slots=True)
class FileChange:
    """One thing that was done with the file, out of the audit trail.

    before, after  the columns a correction changed, and their values
    """

    verb: str
    at: datetime
    by: str
    reason: str
    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PersonCard:
    """One person's file as one actor may read it.

    papers         identity papers, those in force first; for whoever official numbers are shown to
    shows_numbers  whether official numbers, address and household are shown: to whoever may write the file,
                   to oneself and to one's guardians
    guardians      empty unless the actor may know them; barred ones only to whoever may change guardians
    changes        the newest first, to whoever may read the audit trail
    """

    person: Person
    place: str
    ethnicity: str
    nationality: str
    warnings: Sequence[IdentifierWarning]
    affiliations: Sequence[Affiliation]
    guardians: Sequence[GuardianLine]
    wards: Sequence[GuardianLine]
    papers: Sequence[PaperLine]
    shows_numbers: bool
    may_write: bool
    may_change_guardians: bool
    changes: Sequence[FileChange]


def person_card(actor: Actor, person: Person) -> PersonCard:
    """The file of a person that person_of has let through. Six queries at most, whatever it holds."""
    may_write = actor.may(access.Permission.PERSON_WRITE, person)
    is_own = person.id == actor.person_id or access.wards(actor.person_id).filter(child=person).exists()
    staff_reads = actor.may(access.Permission.PERSON_READ, person)
    may_change = actor.may(access.Permission.GUARDIAN_WRITE, person)
    rows = Guardianship.objects.select_related("child", "guardian").order_by("valid_from", "id")
    guardians = (
        rows.filter(child=person) if may_change else rows.filter(access.in_force(), child=person, is_barred=False)
    )
    wards = (
        rows.filter(guardian=person) if may_change else rows.filter(access.in_force(), guardian=person, is_barred=False)
    )
    places = Affiliation.objects.filter(person=person).select_related("organisation").order_by("-valid_from", "id")
    return PersonCard(
        person=person,
        place=place_of(person.territory),
        ethnicity=ethnicity_name(person.ethnicity),
        nationality=nationality_name(person.nationality),
        warnings=_warnings(person) if may_write else [],
        affiliations=list(places),
        guardians=[GuardianLine(row, row.guardian) for row in guardians] if staff_reads or is_own else [],
        wards=[GuardianLine(row, row.child) for row in wards] if staff_reads or is_own else [],
        papers=papers_of(person) if may_write or is_own else [],
        shows_numbers=may_write or is_own,
        may_write=may_write,
        may_change_guardians=may_change,
        changes=_changes(actor, person) if actor.may(House.AUDIT_READ, person) else [],
    )


def _changes(actor: Actor, person: Person) -> list[FileChange]:
    rows = audit.visible_audit(actor).filter(subject_kind="registry.person", subject_id=person.id)
    return [
        FileChange(
            verb=row.verb,
            at=row.occurred_at,
            by=row.actor_name,
            reason=str(row.details.get("reason", "")),
            before=row.details.get("before", {}),
            after=row.details.get("after", {}),
        )
        for row in rows[:20]
    ]


def _warnings(person: Person) -> list[IdentifierWarning]:
    return check_national_id(person.national_id or "", sex=person.sex, birth=person.birth) + check_moet_code(
        person.moet_code or ""
    )
