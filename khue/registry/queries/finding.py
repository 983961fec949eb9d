"""People found by what is typed: a name without its marks, a number, a telephone; a page at a time."""

import base64
import binascii
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from khue.foundation.actor import Actor
from khue.foundation.arrays import array
from khue.foundation.clock import today
from khue.foundation.postgres.engine.base import DatabaseWrapper
from khue.foundation.text import fold
from khue.registry import access
from khue.registry.extensions import person_duties
from khue.registry.identifiers import tidy_number
from khue.registry.models import Affiliation, Person
from khue.registry.partial_dates import PartialDate
from khue.registry.phones import national_phone
from khue.registry.queries.people import visible_people

PAGE = 50
#: Of a search by name: whoever is not among the first types another letter.
FOUND = 20
KINDS: tuple[str, ...] = tuple(map(str, Affiliation.Kind.values))


def may_search(actor: Actor) -> bool:
    """Whether people_named answers this actor at all. No query."""
    return actor.may(access.Permission.PERSON_READ)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of a people list. `kinds` are what the person is today in the organisations looked at."""

    public_id: UUID
    full_name: str
    birth: PartialDate
    sex: str
    kinds: tuple[str, ...]
    organisation: str
    moet_code: str
    person_id: int


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of a people list.

    next_cursor  where the next page begins, "" on the last one
    is_partial   so many bear such names that the search stopped before the page was full; the next page searches on
    """

    rows: Sequence[PersonRow]
    next_cursor: str = ""
    is_partial: bool = False


def people_named(actor: Actor, *, text: str = "", kind: str = "", after: str = "") -> PeoplePage:
    """Members, today, of the organisations whose people the actor may read: in name order, fifty at a time.

    A search by name shows twenty at a time.
    text   words of the name, each from its beginning, diacritics or not; or a whole official number; or a telephone
           number, to whoever keeps the file
    kind   "pupil", "guardian", "staff" or "" for all
    cost   one query that reads an index in name order, or one of pairs of words; never more than 20,000 entries;
           for a number two, for a telephone number three
    """
    return _found(actor, text, [kind] if kind in KINDS else list(KINDS), after)


def adults_named(actor: Actor, *, text: str, after: str = "") -> PeoplePage:
    """The same among guardians and staff: whoever may look after a child. One query."""
    return _found(actor, text, ["guardian", "staff"], after)


def _found(actor: Actor, text: str, kinds: list[str], after: str) -> PeoplePage:
    places = actor.organisations(access.Permission.PERSON_READ)
    if places is not None and not places:
        return PeoplePage([])
    text = text.replace("\x00", "")
    number, phone = tidy_number(text), national_phone(text)
    if number.isdecimal() or phone:
        holders = list(
            visible_people(actor)
            .filter(Q(national_id=number) | Q(moet_code=number))
            .values_list("id", flat=True)[:PAGE]
        )
        if phone:
            holders += _reached_at(actor, phone)
        return PeoplePage([_row(line) for line in _of_ids(holders, kinds)])
    words = fold(text).split()
    most = FOUND if words else PAGE
    # The database keeps to the scope by itself; a department's schools are not sent there where they are all of it.
    within = None if places == actor.reach else places
    lines = _named(words, kinds, within, after, most + 1)
    found = [line for line in lines if line[2]]
    rows = [_row(line) for line in found[:most]]
    if len(found) > most:
        return PeoplePage(rows, _cursor(*found[most - 1][:2]))
    if len(lines) > len(found):
        return PeoplePage(rows, _cursor(*lines[-1][:2]), is_partial=True)
    return PeoplePage(rows)


def _reached_at(actor: Actor, phone: str) -> list[int]:
    """Whom a telephone number belongs to, for those alone who may read it: who keeps the file. One query."""
    places = actor.organisations(access.Permission.PERSON_WRITE)
    if places is not None and not places:
        return []
    people = Person.objects.filter(phone=phone)
    if places is not None:
        members = Affiliation.objects.filter(person_id=OuterRef("id"), organisation_id__in=places)
        people = people.filter(Q(organisation_id__in=places) | Q(Exists(members)))
    return list(people.order_by("sort_key", "id").values_list("id", flat=True)[:PAGE])


#: As _LINES gives it: person, sort key, whether it is a find or the place where the search stopped, a PersonRow's own.
_Line = tuple[Any, ...]

#: One line a person, in the order of the search; what a person is today in the organisations within scope.
_LINES = """
    SELECT f.person_id, f.sort_key, f.is_found, p.public_id, p.full_name, p.birth_year, p.birth_month, p.birth_day,
           p.sex, p.moet_code, m.kinds, m.organisation
      FROM {source} f
      LEFT JOIN registry_person p ON p.id = f.person_id
      CROSS JOIN LATERAL (
           SELECT array_agg(a.kind ORDER BY a.id) AS kinds, (array_agg(o.name ORDER BY a.id))[1] AS organisation
             FROM registry_affiliation a JOIN registry_organisation o ON o.id = a.organisation_id
            WHERE a.person_id = f.person_id AND a.kind = ANY (%s::text[]) AND (a.valid_to IS NULL OR a.valid_to >= %s)
           ) m
     WHERE p.id IS NOT NULL OR NOT f.is_found
     ORDER BY f.sort_key, f.person_id
"""
_NAMED = _LINES.format(source="registry_members_named(%s::text[], %s::text[], %s::bigint[], %s, %s, %s, %s)")
_OF_IDS = _LINES.format(
    source="(SELECT id AS person_id, sort_key, true AS is_found FROM registry_person WHERE id = ANY (%s::bigint[]))"
)


def _named(
    words: Sequence[str], kinds: list[str], places: Collection[int] | None, after: str, most: int
) -> list[_Line]:
    key, person_id = _position(after)
    within = None if places is None else array(places)
    kinds_asked, day = array(kinds), today()
    return _lines(_NAMED, [array(words), kinds_asked, within, day, key, person_id, most, kinds_asked, day])


def _of_ids(ids: list[int], kinds: list[str]) -> list[_Line]:
    return _lines(_OF_IDS, [array(ids), array(kinds), today()]) if ids else []


def _lines(statement: str, parameters: Sequence[Any]) -> list[_Line]:
    cursor = cast(DatabaseWrapper, connection).kept_cursor()
    cursor.execute(statement, parameters)
    rows: list[_Line] = cursor.fetchall()
    return rows


def _row(line: _Line) -> PersonRow:
    person_id, _, _, public_id, name, year, month, day, sex, code, kinds, organisation = line
    return PersonRow(
        public_id=public_id,
        full_name=name,
        birth=PartialDate(year, month, day),
        sex=sex,
        kinds=tuple(dict.fromkeys(kinds or ())),
        organisation=organisation or "",
        moet_code=code or "",
        person_id=person_id,
    )


def duties_of(actor: Actor, rows: Sequence[PersonRow]) -> dict[int, str]:
    """What higher rooms say beside a name in a list, by person: "Lớp 6A". What they ask is for these rows alone."""
    if not rows:
        return {}
    shown = [row.person_id for row in rows]
    found: dict[int, str] = {}
    for duties in person_duties:
        found |= duties(actor, shown)
    return found


def _cursor(person_id: int, sort_key: bytes) -> str:
    """Where the page begins that follows this person."""
    return base64.urlsafe_b64encode(person_id.to_bytes(8, "big") + bytes(sort_key)).decode().rstrip("=")


def _position(cursor: str) -> tuple[bytes | None, int | None]:
    """Where a page begins; the first page for a cursor that nobody gave out."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError):
        return None, None
    return (raw[8:], int.from_bytes(raw[:8], "big", signed=True)) if len(raw) > 8 else (None, None)
