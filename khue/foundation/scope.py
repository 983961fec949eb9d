"""The organisations a transaction may touch. PostgreSQL's policies read it; see docs/decisions/0003."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from khue.foundation.actor import EVERYTHING, Actor


def enter(scope: str, account_id: int | None = None) -> None:
    """Set the scope until the transaction ends. "" means nothing, "*" everything, else ids with commas.

    account_id  whose own secrets may be seen: the rows of identity's closed tables
    """
    account = "" if account_id is None else str(account_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('khue.scope', %s, true), set_config('khue.account', %s, true)", [scope, account]
        )


@contextmanager
def of(actor: Actor) -> Iterator[None]:
    """A transaction in the actor's scope. Nested, it gives the outer scope back when it ends."""
    with _within(actor.scope, actor.account_id):
        yield


@contextmanager
def of_request() -> Iterator[None]:
    """A transaction that sees nothing until a scope is entered: identity does so with the query that finds the actor.

    A transaction of its own begins that way and ends so by itself; a nested one, in a test, gives the outer scope back.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        outer = _current() if nested else ("", None)
        if nested:
            enter("")
        try:
            yield
        finally:
            if nested and not connection.needs_rollback:
                enter(*outer)


@contextmanager
def raised(actor: Actor, organisations: Iterator[int] | list[int] | None = None) -> Iterator[None]:
    """Look beyond the actor's own scope, on purpose: a transfer, a national report, a sign-in.

    organisations  ids to add; None raises to the whole node
    The caller is a named action and writes what it did into the audit trail.
    """
    wider = EVERYTHING if organisations is None else ",".join(filter(None, [actor.scope, *map(str, organisations)]))
    with _within(EVERYTHING if EVERYTHING in wider else wider, actor.account_id):
        yield


@contextmanager
def of_organisation(organisation_id: int | None) -> Iterator[None]:
    """A transaction in the scope of one organisation, or of the whole node for None: what the clock works in."""
    with _within(EVERYTHING if organisation_id is None else str(organisation_id)):
        yield


@contextmanager
def _within(scope: str, account_id: int | None = None) -> Iterator[None]:
    nested = connection.in_atomic_block
    with transaction.atomic():
        outer = _current() if nested else ("", None)
        enter(scope, account_id)
        try:
            yield
        finally:
            if nested and not connection.needs_rollback:
                enter(*outer)


def _current() -> tuple[str, int | None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('khue.scope', true), ''),"
            " coalesce(current_setting('khue.account', true), '')"
        )
        scope, account = cursor.fetchone()
        return str(scope), int(account) if account else None
