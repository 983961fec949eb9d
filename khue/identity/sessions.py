"""Sessions: the token in the cookie, the row behind it, and the actor it stands for."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import cast

from django.db import connection

from khue.foundation.actor import EVERYTHING, Actor, Held
from khue.foundation.postgres.engine.base import DatabaseWrapper
from khue.identity.access import GUARDED_ROLES

COOKIE = "khue_session"

#: How long a session lasts, and how long it may stand unused (NĐ 331/2026 leaves the figures to the operator).
LIFE = timedelta(days=30)
IDLE = timedelta(days=7)
#: The same for roles that reach more than one school.
GUARDED_LIFE = timedelta(hours=12)
GUARDED_IDLE = timedelta(hours=1)
#: For a session that still owes its second factor.
HALF_LIFE = timedelta(minutes=30)
#: How fresh a proof must be for a sensitive step.
CONFIRMED_FOR = timedelta(minutes=10)


class Pending(StrEnum):
    """What an account must do before it is anybody."""

    NOTHING = ""
    SECOND_FACTOR = "second_factor"
    PASSWORD = "password"  # noqa: S105  the name of a step, no secret


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a browser's session has come. Kept beside the actor, which is anonymous while something is pending.

    has_factor    whether the account has a confirmed second factor
    confirmed_at  when a password or second factor was last proved
    """

    session_id: int
    account_id: int
    name: str
    pending: Pending
    has_factor: bool
    confirmed_at: datetime

    def is_confirmed(self, at: datetime) -> bool:
        """Whether the last proof is fresh enough for a sensitive step."""
        return at - self.confirmed_at < CONFIRMED_FOR


def hash_of(token: str) -> bytes:
    """What the database keeps instead of the token."""
    return hashlib.sha256(token.encode()).digest()


def resolve(token: str, at: datetime, on: date, door: str) -> tuple[Standing, Actor] | None:
    """The bearer of a session token; None when it is unknown, closed or expired. One query, which enters the scope."""
    cursor = cast(DatabaseWrapper, connection).kept_cursor()
    cursor.execute(
        "SELECT session_id, confirmed_at, has_factor, pending, account_id, person_id, name, language,"
        " roles, organisations, covers, wards, (SELECT (array_agg(o.name ORDER BY o.lineage DESC))[:1] ||"
        " array_agg(DISTINCT o.kind::text) FROM registry_organisation o WHERE o.id = ANY (s.organisations))"
        " FROM identity_session_actor(%s, %s, %s, %s) s",
        [hash_of(token), at, on, list(GUARDED_ROLES)],
    )
    row = cursor.fetchone()
    if row is None:
        return None
    session_id, confirmed_at, has_factor, pending, account_id, _, name, *_ = row
    standing = Standing(session_id, account_id, name, Pending(pending), has_factor, confirmed_at)
    return standing, _actor(row[4:], door, session_id)


def actor_of_account(account_id: int, on: date, door: str) -> Actor | None:
    """An account as an actor, with every role in force that day; None when it is closed. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, person_id, name, language, roles, organisations, covers, wards, NULL"
            " FROM identity_actor(%s, %s)",
            [account_id, on],
        )
        row = cursor.fetchone()
    return row and _actor(row, door, None)


def _actor(row: tuple, door: str, session_id: int | None) -> Actor:  # type: ignore[type-arg]  # a driver's row
    account_id, person_id, name, language, roles, organisations, covers, wards, places = row
    place, *kinds = places or [""]
    held = tuple(map(_held, roles or (), organisations or (), covers or ()))
    return Actor(
        account_id=account_id,
        person_id=person_id,
        name=name,
        held=held,
        place=place,
        kinds=frozenset(kinds),
        door=door,
        language=language,
        session_id=session_id,
        wards=frozenset(wards or ()),
    )


def _held(role: str, organisation: int, covers: str) -> Held:
    return Held(role, organisation, None if covers == EVERYTHING else frozenset(map(int, covers.split(","))))
