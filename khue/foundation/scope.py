"""The organisations a transaction may touch. PostgreSQL's policies read it; see docs/decisions/0003."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.db import connection, transaction

from khue.foundation.actor import EVERYTHING, Actor
from khue.foundation.errors import Forbidden, NotFound, Refusal
from khue.foundation.postgres.engine.base import DatabaseWrapper


def enter(scope: str, account_id: int | None = None) -> None:
    """Set the scope until the transaction ends. "" means nothing, "*" everything, else ids with commas.

    account_id  whose own secrets may be seen: the rows of identity's closed tables
    """
    _cursor().execute(
        "SELECT set_config('khue.scope', %s, true), set_config('khue.account', %s, true)", [scope, _text(account_id)]
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
def widened(actor: Actor, organisations: list[int] | None = None) -> Iterator[None]:
    """As raised(), inside a transaction: one statement there and one back, without a savepoint of its own.

    The three families of errors give the outer scope back; any other leaves that to whoever rolls back.
    """
    wider = EVERYTHING if organisations is None else ",".join(filter(None, [actor.scope, *map(str, organisations)]))
    cursor = _cursor()
    cursor.execute(_EXCHANGE, [EVERYTHING if EVERYTHING in wider else wider, _text(actor.account_id)])
    scope, account, _scope, _account = cursor.fetchone()
    outer = scope, int(account) if account else None
    try:
        yield
    except (Refusal, Forbidden, NotFound):
        if not connection.needs_rollback:
            enter(*outer)
        raise
    enter(*outer)


#: What was set is read before it is set anew: a list is worked out from left to right.
_EXCHANGE = (
    "SELECT coalesce(current_setting('khue.scope', true), ''), coalesce(current_setting('khue.account', true), ''),"
    " set_config('khue.scope', %s, true), set_config('khue.account', %s, true)"
)


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


def _cursor() -> Any:
    return cast(DatabaseWrapper, connection).kept_cursor()


def _text(account_id: int | None) -> str:
    return "" if account_id is None else str(account_id)


def _current() -> tuple[str, int | None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('khue.scope', true), ''),"
            " coalesce(current_setting('khue.account', true), '')"
        )
        scope, account = cursor.fetchone()
        return str(scope), int(account) if account else None
