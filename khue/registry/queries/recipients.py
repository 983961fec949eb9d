"""Whom a notice reaches in many organisations at once, and where."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from khue.foundation.arrays import array
from khue.registry.models import Affiliation

_MEMBERS = """
    SELECT DISTINCT ON (p.id) p.id, a.organisation_id, p.email, p.phone
    FROM registry_affiliation a JOIN registry_person p ON p.id = a.person_id
    WHERE a.organisation_id = ANY(%s::bigint[]) AND a.kind = %s
      AND a.valid_from <= %s AND (a.valid_to IS NULL OR a.valid_to >= %s)
    ORDER BY p.id, a.organisation_id
"""
_GUARDIANS = """
    SELECT DISTINCT ON (p.id) p.id, g.organisation_id, p.email, p.phone
    FROM registry_guardianship g JOIN registry_person p ON p.id = g.guardian_id
    WHERE g.organisation_id = ANY(%s::bigint[]) AND g.receives_messages AND NOT g.is_barred
      AND g.valid_from <= %s AND (g.valid_to IS NULL OR g.valid_to >= %s)
    ORDER BY p.id, g.organisation_id
"""
_OF_PEOPLE = "SELECT id, %s::bigint, email, phone FROM registry_person WHERE id = ANY(%s::bigint[]) ORDER BY id"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person to be told something, and where the person is reached.

    organisation_id  the school in which the person is told
    """

    person_id: int
    organisation_id: int
    email: str
    phone: str


def recipients_at(kind: str, organisations: Sequence[int], on: date) -> list[Recipient]:
    """Everybody of a kind in these organisations on that day, each once, by id. One query.

    kind  of Affiliation; guardians are those who hear of a child there: not barred, not ended, not asked to be left out
    """
    with connection.cursor() as cursor:
        if kind == Affiliation.Kind.GUARDIAN:
            cursor.execute(_GUARDIANS, [array(organisations), on, on])
        else:
            cursor.execute(_MEMBERS, [array(organisations), kind, on, on])
        return [Recipient(*row) for row in cursor.fetchall()]


def recipients_named(person_ids: Collection[int], organisation_id: int) -> list[Recipient]:
    """These people, told in one organisation, by id. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_PEOPLE, [organisation_id, array(person_ids)])
        return [Recipient(*row) for row in cursor.fetchall()]
