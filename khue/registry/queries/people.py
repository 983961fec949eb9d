"""People: who may be seen, and who they are to a body."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.arrays import array
from khue.foundation.clock import today
from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.foundation.record import one
from khue.registry import access
from khue.registry.models import Affiliation, Guardianship, Organisation, Person
from khue.registry.partial_dates import PartialDate


def visible_people(actor: Actor, on: date | None = None) -> QuerySet[Person]:
    """People this actor may open, in name order. One query; page it before use.

    on  today unless told: a compiled query is told
    """
    return Person.objects.filter(access.people(actor, on)).order_by("sort_key", "id")


def person_of(actor: Actor, public_id: UUID) -> Person:
    """Raises NotFound, also when the person exists but is not the actor's to see."""
    return one(visible_people(actor).select_related("organisation", "territory__parent"), public_id=public_id)


def visible_ids_named(actor: Actor, words: Sequence[str]) -> "QuerySet[Person, int]":
    """Ids of everybody within the actor's scope in whose folded name each of these words stands, in no order.

    For a search by name in another room's list, which shows no more of them than its own rows do. It reads the people
    of the organisations, where a list may have ten rows for each. `reach` is what the database's scope is made of.
    """
    called = reduce(and_, (Q(folded_name__contains=word) for word in words), Q())
    reach = actor.reach
    if reach is None:
        return Person.objects.filter(called).values_list("id", flat=True)
    here = {"organisation_id__in": sorted(reach)}
    members = Affiliation.objects.filter(called, **here).values_list("person_id", flat=True)
    return Person.objects.filter(called, **here).values_list("id", flat=True).union(members)


def guardianship_of(actor: Actor, guardianship_id: int) -> Guardianship:
    """One guardianship of a child whose guardians the actor may change. Raises NotFound."""
    row = Guardianship.objects.select_related("child", "guardian").filter(id=guardianship_id).first()
    if row is None or not actor.may(access.Permission.GUARDIAN_WRITE, row):
        raise NotFound
    return row


def affiliation_of(actor: Actor, affiliation_id: int) -> Affiliation:
    """One belonging that the actor may end. Raises NotFound."""
    row = Affiliation.objects.select_related("person", "organisation").filter(id=affiliation_id).first()
    if row is None or not actor.may(access.Permission.PERSON_WRITE, row):
        raise NotFound
    return row


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an organisation as an import compares it with a row of its file."""

    person_id: int
    folded_name: str
    birth: PartialDate
    national_id: str
    moet_code: str


def members_of(organisation: Organisation, kind: str) -> list[Member]:
    """Everybody of that kind who belongs to the organisation today. One query, a row a member: for imports."""
    members = Affiliation.objects.filter(organisation=organisation, kind=kind)
    members = members.filter(Q(valid_to=None) | Q(valid_to__gte=today()))
    rows = members.order_by("sort_key", "person_id").values_list(
        "person_id",
        "folded_name",
        "person__birth_year",
        "person__birth_month",
        "person__birth_day",
        "person__national_id",
        "person__moet_code",
    )
    return [
        Member(key, name or "", PartialDate(year, month, day), number or "", code or "")
        for key, name, year, month, day, number, code in rows
    ]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works at an organisation, as one chooses among them."""

    person_id: int
    public_id: UUID
    full_name: str
    birth_year: int | None = None


def colleagues(organisation_id: int) -> list[Colleague]:
    """The staff of an organisation today, in name order. One query: a staff, never a country."""
    return [Colleague(*row) for row in dict.fromkeys(_staff(organisation_id, today()))]


@compiled
def _staff(organisation_id: int, on: date) -> QuerySet[Affiliation, tuple[int, UUID, str, int | None]]:
    rows = Affiliation.objects.filter(organisation_id=organisation_id, kind="staff")
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=on)).order_by("sort_key", "person_id")
    return rows.values_list("person_id", "person__public_id", "person__full_name", "person__birth_year")


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a person can be reached; an empty e-mail for nowhere."""

    person_id: int
    full_name: str
    email: str


def contacts_of(person_ids: Collection[int]) -> list[Contact]:
    """Where these people can be reached, for a message they are entitled to. One query."""
    rows = Person.objects.filter(id__in=person_ids).order_by("id")
    return [Contact(*row) for row in rows.values_list("id", "full_name", "email")]


def holders_of(numbers: Collection[str]) -> dict[str, int]:
    """Which of these official numbers are taken by people within the transaction's scope, and by whom. One query."""
    # One array instead of thousands of parameters: an import asks for every number of its file.
    wanted = array(numbers)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT national_id, id FROM registry_person WHERE national_id = ANY(%s::text[])"
            " UNION ALL SELECT moet_code, id FROM registry_person WHERE moet_code = ANY(%s::text[])",
            [wanted, wanted],
        )
        return dict(cursor.fetchall())
