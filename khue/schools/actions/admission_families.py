"""Whoever filed an application becomes the guardian of the child that got a seat: typed once, and not again."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from khue.foundation.actor import Actor
from khue.foundation.text import fold
from khue.procedures.models import Case
from khue.registry import actions as registry
from khue.registry import queries as people
from khue.registry.actions import Appointment
from khue.registry.models import Organisation
from khue.registry.queries import PersonDetails


@dataclass(frozen=True, slots=True)
class Adult:
    """An adult as a dossier names one."""

    case: Case
    name: str
    phone: str
    relationship: str

    @property
    def key(self) -> tuple[str, str]:
        """The same for one adult in all dossiers: the name, and what the family is reached by."""
        return fold(self.name), self.phone or "".join(self.case.phone.split()) or self.case.email

    @property
    def person_id(self) -> int | None:
        """The person, where it is who signed in to file."""
        by = self.case.applicant
        return by.id if by is not None and fold(by.full_name) == fold(self.name) else None


def appoint_families(
    actor: Actor, school: Organisation, cases: Sequence[Case], children: Mapping[int, int], on: date
) -> None:
    """Appoint whom each dossier names, so that twins have one mother. A handful of statements.

    cases     of children whose file was opened now: who filed for a known one was the guardian, or its file says who is
    children  person by case, both by id
    """
    adults = [Adult(case, *said) for case in cases for said in adults_of(case)]
    ids = _ids(actor, school, [adult for adult in adults if adult.person_id is None], on)
    appointments = [
        Appointment(children[adult.case.id], adult.person_id or ids[adult.key], adult.relationship) for adult in adults
    ]
    registry.appoint_guardians(actor=actor, organisation=school, appointments=appointments, on=on)


def _ids(actor: Actor, school: Organisation, adults: Collection[Adult], on: date) -> dict[tuple[str, str], int]:
    """People of these adults by their key: those of the school, as of a brother, and files opened for the others."""
    rows = people.visible_people(actor).filter(organisation=school, phone__in={adult.key[1] for adult in adults})
    ids = {(fold(row.full_name), row.phone): row.id for row in rows.order_by("-id")}
    new: dict[tuple[str, str], PersonDetails] = {}
    for adult in adults:
        if adult.key not in ids:
            new.setdefault(adult.key, PersonDetails(full_name=adult.name, phone=adult.phone))
    opened = registry.record_people(actor=actor, organisation=school, kind="guardian", people=list(new.values()), on=on)
    return ids | {key: each.person_id for key, each in zip(new, opened, strict=True) if each.person_id}


def adults_of(case: Case) -> Iterator[tuple[str, str, str]]:
    """(name, phone, relationship) of who filed it and of the second guardian it names."""
    said = case.data
    yield case.applicant_name, "".join(case.phone.split()), str(said.get("relation") or "other")
    if second := str(said.get("second_name") or "").strip():
        yield second, "".join(str(said.get("second_phone") or "").split()), str(said.get("second_relation") or "other")
