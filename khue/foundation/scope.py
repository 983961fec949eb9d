"""The organisations a transaction may touch. PostgreSQL's policies read it; see docs/decisions/0003."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from khue.foundation.actor import EVERYTHING, Actor


def enter(scope: str) -> None:
    """Set the scope until the transaction ends. "" means nothing, "*" everything, else ids with commas."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('khue.scope', %s, true)", [scope])


@contextmanager
def of(actor: Actor) -> Iterator[None]:
    """A transaction in the actor's scope. Nested, it gives the outer scope back when it ends."""
    with _within(actor.scope):
        yield


@contextmanager
def raised(actor: Actor, organisations: Iterator[int] | list[int] | None = None) -> Iterator[None]:
    """Look beyond the actor's own scope, on purpose: a transfer, a national report, a sign-in.

    organisations  ids to add; None raises to the whole node
    The caller is a named action and writes what it did into the audit trail.
    """
    wider = EVERYTHING if organisations is None else ",".join(filter(None, [actor.scope, *map(str, organisations)]))
    with _within(EVERYTHING if EVERYTHING in wider else wider):
        yield


@contextmanager
def of_organisation(organisation_id: int | None) -> Iterator[None]:
    """A transaction in the scope of one organisation, or of the whole node for None: what the clock works in."""
    with _within(EVERYTHING if organisation_id is None else str(organisation_id)):
        yield


@contextmanager
def _within(scope: str) -> Iterator[None]:
    nested = connection.in_atomic_block
    with transaction.atomic():
        outer = _current() if nested else ""
        enter(scope)
        try:
            yield
        finally:
            if nested and not connection.needs_rollback:
                enter(outer)


def _current() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('khue.scope', true), '')")
        return str(cursor.fetchone()[0])
