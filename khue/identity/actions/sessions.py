"""Beginning and ending sessions."""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from khue.foundation import audit, clock
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden, NotFound
from khue.identity import queries, sessions
from khue.identity.access import GUARDED_ROLES
from khue.identity.models import Account, AuthenticatorApp, Grant, Passkey, Session


@transaction.atomic
def open_session(
    *, account: Account, at: datetime, address: str | None, agent: str, second_factor: bool = False
) -> str:
    """Begin a session for an account that has proved who it is. Returns the token for the cookie.

    second_factor  whether a second factor was proved too; without it an account that needs one is nobody yet
    agent          the browser's own description
    """
    guarded = Grant.objects.filter(
        queries.in_force(at.astimezone(clock.VIETNAM).date()), account=account, role__in=GUARDED_ROLES
    ).exists()
    owes = not second_factor and (guarded or has_second_factor(account))
    life = sessions.HALF_LIFE if owes else sessions.GUARDED_LIFE if guarded else sessions.LIFE
    token = secrets.token_urlsafe(32)
    session = Session.objects.create(
        account=account,
        token_hash=sessions.hash_of(token),
        created_at=at,
        last_seen_at=at,
        confirmed_at=at,
        expires_at=at + life,
        idle_limit=min(life, sessions.GUARDED_IDLE if guarded else sessions.IDLE),
        address=address,
        agent=agent[:300],
        verified_second_factor=second_factor,
    )
    audit.record(as_actor(account), "session.opened", session, address=address or "", second_factor=second_factor)
    return token


@transaction.atomic
def close_session(*, actor: Actor, session: Session, at: datetime) -> None:
    """Sign one browser out: the own, or another of the same account.

    at       when; the trail says how long it had lasted
    """
    if session.account_id != actor.account_id:
        raise Forbidden
    audit.record(actor, "session.closed", session, lasted=str(at - session.created_at))
    session.delete()


@transaction.atomic
def close_other_sessions(*, actor: Actor, keep: int | None) -> int:
    """Sign out every browser of the actor's account but one. Returns how many.

    keep     id of the session that stays; None closes all
    """
    if actor.account_id is None:
        raise NotFound
    closed, _ = Session.objects.filter(~Q(id=keep), account_id=actor.account_id).delete()
    audit.record(actor, "session.others_closed", None, count=closed)
    return closed


def has_second_factor(account: Account) -> bool:
    """Whether the account has a factor that counts: a confirmed code generator or a passkey."""
    return (
        AuthenticatorApp.objects.filter(account=account).exclude(confirmed_at=None).exists()
        or Passkey.objects.filter(account=account).exists()
    )


def as_actor(account: Account, door: str = "page") -> Actor:
    """The account without its roles: for the audit trail of what happens before it is anybody."""
    return Actor(account_id=account.id, person_id=account.person_id, name=account.display_name, door=door)
