"""Thousands of people at once: what a roster import calls. One statement a table, not one a person."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db import connection, transaction

from khue.foundation import audit, events, scope
from khue.foundation.actor import Actor, require
from khue.foundation.arrays import array
from khue.foundation.ids import uuid7s
from khue.foundation.text import name_sort_key
from khue.registry.access import Permission
from khue.registry.actions.affiliations import begin_affiliations
from khue.registry.actions.people import refuse_unusable
from khue.registry.events import PeopleCorrected
from khue.registry.models import Affiliation, Organisation
from khue.registry.person_details import PersonDetails

#: Columns of a person in the order of the statements below, with their PostgreSQL types.
COLUMNS: dict[str, str] = {
    "full_name": "text",
    "other_name": "text",
    "sex": "text",
    "birth_year": "smallint",
    "birth_month": "smallint",
    "birth_day": "smallint",
    "birthplace": "text",
    "national_id": "text",
    "moet_code": "text",
    "foreign_paper": "text",
    "ethnicity": "text",
    "nationality": "text",
    "address": "text",
    "territory_id": "bigint",
    "phone": "text",
    "email": "text",
    "occupation": "text",
    "is_disabled": "boolean",
    "is_poor_household": "boolean",
}


#: What a column of a person holds.
Value = str | int | bool | None


class Found(StrEnum):
    """What became of one row of record_people."""

    CREATED = "created"
    KNOWN = "known"  # the number belongs to somebody of this organisation; nothing was changed but belonging
    ELSEWHERE = "elsewhere"  # the number belongs to somebody whose file another school keeps; nothing was written
    AMBIGUOUS = "ambiguous"  # its two numbers belong to two different people; nothing was written


@dataclass(frozen=True, slots=True)
class RecordedPerson:
    """person_id is None where nothing was written."""

    person_id: int | None
    public_id: UUID | None
    outcome: Found


@dataclass(frozen=True, slots=True)
class PersonChange:
    person_id: int
    details: PersonDetails


@dataclass(frozen=True, slots=True)
class Appointment:
    """One guardian of one child. relationship: "father", "mother" or "other"."""

    child_id: int
    guardian_id: int
    relationship: str
    receives_messages: bool = True
    may_decide: bool = True


@transaction.atomic
def record_people(
    *, actor: Actor, organisation: Organisation, kind: str, people: Sequence[PersonDetails], on: date
) -> list[RecordedPerson]:
    """Open files for many people who belong to one organisation. Doing it again with the same numbers adds nobody.

    people   rows without a number always open a new file: whether two namesakes are one person, the caller decides
    returns  one answer a row, in the same order; two rows with one number get the same person
    refuses  NameMissing; NumberTooLong
    cost     a handful of statements, whatever the number of people
    """
    require(actor, Permission.PERSON_WRITE, within=organisation)

    tidied = [details.tidied() for details in people]
    for details in tidied:
        refuse_unusable(details)

    answers, new = _told_apart(_holders(actor, organisation, tidied), tidied)
    _insert(organisation, new)
    begin_affiliations(organisation, kind, [each.person_id for each in answers if each.person_id], on)
    audit.record(
        actor, "people.recorded", organisation, kind=kind, on=on, created=[key for key, _, _ in new],
        known=sum(answer.outcome is Found.KNOWN for answer in answers),
        left_out=sum(answer.person_id is None for answer in answers),
    )  # fmt: skip
    return answers


def _told_apart(
    known: dict[tuple[str, str], RecordedPerson], tidied: Sequence[PersonDetails]
) -> tuple[list[RecordedPerson], list[tuple[int, UUID, PersonDetails]]]:
    """What becomes of each row, and the files to open. known: who holds a number, which the new ones join."""
    answers: list[RecordedPerson] = []
    new: list[tuple[int, UUID, PersonDetails]] = []
    for key, public_id, details in zip(_reserve(len(tidied)), uuid7s(len(tidied)), tidied, strict=True):
        numbers = _numbers(details)
        holders = {known[number] for number in numbers if number in known}
        if not holders:
            new.append((key, public_id, details))
            answers.append(RecordedPerson(key, public_id, Found.CREATED))
            if numbers:
                known.update(dict.fromkeys(numbers, RecordedPerson(key, public_id, Found.KNOWN)))
        elif len(holders) > 1:
            answers.append(RecordedPerson(None, None, Found.AMBIGUOUS))
        else:
            answers.append(holders.pop())
    return answers, new


@transaction.atomic
def correct_people(*, actor: Actor, organisation: Organisation, changes: Sequence[PersonChange]) -> list[int]:
    """Replace what the files of many people say, where something differs.

    changes  only people whose file this organisation keeps; others are left alone
    returns  ids of those whose file changed
    refuses  NameMissing; NumberTooLong; a number taken by somebody else rises as IntegrityError: check it first
             with queries.holders_of
    """
    require(actor, Permission.PERSON_WRITE, within=organisation)

    tidied = {change.person_id: change.details.tidied() for change in changes}
    for details in tidied.values():
        refuse_unusable(details)

    differs = " OR ".join(f"p.{name} IS DISTINCT FROM n.{name}" for name in COLUMNS)
    assignments = ", ".join(f"{name} = n.{name}" for name in COLUMNS)
    rows = list(tidied.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE registry_person p SET {assignments}, sort_key = n.sort_key"  # noqa: S608  names are constants
            f" FROM {_recordset()} WHERE p.id = n.id AND p.organisation_id = %s AND ({differs})"
            " RETURNING p.id",
            [_json(rows), organisation.id],
        )
        changed = sorted(row[0] for row in cursor.fetchall())
    audit.record(actor, "people.corrected", organisation, corrected=changed, asked=len(rows))
    if changed:
        events.publish(PeopleCorrected(organisation_id=organisation.id, person_ids=changed))
    return changed


@transaction.atomic
def appoint_guardians(
    *, actor: Actor, organisation: Organisation, appointments: Sequence[Appointment], on: date
) -> int:
    """Write down many guardians of the children of one organisation. Those known keep the rights they have.

    returns  how many are new
    """
    require(actor, Permission.GUARDIAN_WRITE, within=organisation)

    rows = [a for a in appointments if a.child_id != a.guardian_id]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_guardianship (organisation_id, child_id, guardian_id, relationship,"
            " receives_messages, may_decide, is_barred, court_decision, valid_from)"
            " SELECT %s, c, g, r, m, d, false, '', %s"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::boolean[], %s::boolean[]) AS n (c, g, r, m, d)"
            " WHERE EXISTS (SELECT 1 FROM registry_affiliation a WHERE a.person_id = c AND a.organisation_id = %s)"
            " ON CONFLICT (child_id, guardian_id) DO NOTHING",
            [
                organisation.id,
                on,
                array(a.child_id for a in rows),
                array(a.guardian_id for a in rows),
                array(a.relationship for a in rows),
                array(a.receives_messages for a in rows),
                array(a.may_decide for a in rows),
                organisation.id,
            ],
        )
        made: int = cursor.rowcount
    begin_affiliations(organisation, Affiliation.Kind.GUARDIAN, [a.guardian_id for a in rows], on)
    audit.record(actor, "guardians.appointed", organisation, asked=len(appointments), appointed=made, on=on)
    return made


def _numbers(details: PersonDetails) -> list[tuple[str, str]]:
    pairs = (("national_id", details.national_id), ("moet_code", details.moet_code))
    return [(column, number) for column, number in pairs if number]


def _holders(
    actor: Actor, organisation: Organisation, people: Sequence[PersonDetails]
) -> dict[tuple[str, str], RecordedPerson]:
    """Who in the whole node holds each of these numbers, seen from this organisation."""
    with scope.raised(actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.public_id, p.national_id, p.moet_code, p.organisation_id = %s OR EXISTS ("
            "SELECT 1 FROM registry_affiliation a WHERE a.person_id = p.id AND a.organisation_id = %s)"
            " FROM registry_person p WHERE p.national_id = ANY(%s::text[]) OR p.moet_code = ANY(%s::text[])",
            [
                organisation.id,
                organisation.id,
                array(p.national_id for p in people if p.national_id),
                array(p.moet_code for p in people if p.moet_code),
            ],
        )
        found = cursor.fetchall()
    holders: dict[tuple[str, str], RecordedPerson] = {}
    for key, public_id, national_id, moet_code, is_here in found:
        answer = RecordedPerson(key, public_id, Found.KNOWN) if is_here else _ELSEWHERE
        holders |= {("national_id", national_id): answer, ("moet_code", moet_code): answer}
    return holders


_ELSEWHERE = RecordedPerson(None, None, Found.ELSEWHERE)


def _reserve(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(s.name) FROM generate_series(1, %s),"
            " (SELECT pg_get_serial_sequence('registry_person', 'id')::regclass AS name OFFSET 0) s",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def _insert(organisation: Organisation, new: Sequence[tuple[int, UUID, PersonDetails]]) -> None:
    """One array a column; a column that says the same of everybody is one value."""
    if not new:
        return
    people = [details for _, _, details in new]
    columns: dict[str, tuple[str, Sequence[Value]]] = {
        "id": ("bigint", [key for key, _, _ in new]),
        "public_id": ("uuid", [public_id.hex for _, public_id, _ in new]),
        "sort_key": ("text", [name_sort_key(details.full_name).hex() for details in people]),
        **{name: (kind, _values(name, people)) for name, kind in COLUMNS.items()},
    }
    same = {name: values[0] for name, (_, values) in columns.items() if name != "id" and len(set(values)) == 1}
    differing = {name: column for name, column in columns.items() if name not in same}
    written = {name: "%s" if name in same else f"n.{name}" for name in columns}
    written["sort_key"] = f"decode({written['sort_key']}, 'hex')"
    arrays = ", ".join(f"%s::{kind}[]" for kind, _ in differing.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO registry_person (organisation_id, {', '.join(columns)})"  # noqa: S608  names are constants
            f" SELECT %s, {', '.join(written.values())} FROM unnest({arrays}) AS n ({', '.join(differing)})",
            [organisation.id, *same.values(), *(array(values) for _, values in differing.values())],
        )


def _values(name: str, people: Sequence[PersonDetails]) -> list[Value]:
    if name.startswith("birth_"):
        part = name.removeprefix("birth_")
        return [getattr(details.birth, part) for details in people]
    values: list[Value] = [getattr(details, name) for details in people]
    return [value or None for value in values] if name in ("national_id", "moet_code") else values


def _recordset() -> str:
    """The rows of one JSON parameter as a table."""
    columns = {"id": "bigint", "sort_key": "bytea", **COLUMNS}
    return f"json_to_recordset(%s::json) AS n ({', '.join(f'{name} {kind}' for name, kind in columns.items())})"


def _json(rows: Sequence[tuple[int, PersonDetails]]) -> str:
    described = [
        {"id": key, "sort_key": f"\\x{name_sort_key(details.full_name).hex()}", **details.columns()}
        for key, details in rows
    ]
    return json.dumps(described, ensure_ascii=False)
