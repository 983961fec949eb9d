"""Beginning, renewing and ending sessions."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from khue.foundation import audit, clock, scope
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.identity import queries, sessions
from khue.identity.access import own_account
from khue.identity.models import Account, ActivationCode, Attempts, Session, SpentToken

#: A used or expired code still says for a while that it was one.
KEPT_CODES = timedelta(days=90)
KEPT_ATTEMPTS = timedelta(days=2)


@transaction.atomic
def open_session(
    *, account: Account, at: datetime, address: str | None, agent: str, second_factor: bool = False
) -> str:
    """Begin a session for an account that has proved who it is. Returns the token for the cookie.

    second_factor  whether a second factor was proved too; without it an account that needs one is nobody yet
    agent          the browser's own description
    """
    bearer = as_actor(account)
    with scope.raised(bearer):
        guarded = queries.is_guarded(account.id, on=at.astimezone(clock.VIETNAM).date())
        owes = not second_factor and (guarded or queries.has_second_factor(account.id))
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
        audit.record(bearer, "session.opened", session, address=address or "", second_factor=second_factor)
    return token


@transaction.atomic
def renew_session(*, actor: Actor, at: datetime, second_factor: bool | None = None) -> str:
    """Give the browser a new token, after it proved something: whoever knew the old one is left outside.

    second_factor  whether one is proved now; None keeps what the old session had
    """
    old = Session.objects.select_related("account").get(id=actor.session_id or 0, account_id=own_account(actor))
    verified = old.verified_second_factor if second_factor is None else second_factor
    token = open_session(account=old.account, at=at, address=old.address, agent=old.agent, second_factor=verified)
    old.delete()
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
def close_other_sessions(*, actor: Actor) -> int:
    """Sign out every browser of the actor's account but this one. Returns how many."""
    closed, _ = Session.objects.filter(~Q(id=actor.session_id), account_id=own_account(actor)).delete()
    audit.record(actor, "session.others_closed", None, count=closed)
    return closed


def forget_expired(*, actor: Actor, at: datetime) -> int:
    """Delete what has run out: sessions, codes, answered challenges, old counts of attempts. Returns how many rows.

    The audit trail keeps who signed in when (domain §7.2: security logs for a year).
    """
    if not actor.is_system:
        raise Forbidden
    with scope.raised(actor):
        gone = [
            Session.objects.filter(Q(expires_at__lt=at) | Q(last_seen_at__lt=at - F("idle_limit"))),
            ActivationCode.objects.filter(expires_at__lt=at - KEPT_CODES),
            SpentToken.objects.filter(expires_at__lt=at),
            Attempts.objects.filter(last_at__lt=at - KEPT_ATTEMPTS),
        ]
        count = sum(rows.delete()[0] for rows in gone)
        if count:
            audit.record(actor, "expired.forgotten", None, count=count)
    return count


def as_actor(account: Account, door: str = "page") -> Actor:
    """The account without its roles: for the audit trail of what happens before it is anybody."""
    return Actor(account_id=account.id, person_id=account.person_id, name=account.display_name, door=door)
