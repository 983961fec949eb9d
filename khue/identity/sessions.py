"""Sessions: the token in the cookie, the row behind it, and the actor it stands for."""

import hashlib
from datetime import date

from django.db.models import Q
from django.http import HttpRequest

from khue.foundation import clock
from khue.foundation.actor import ANONYMOUS, Actor, Held
from khue.identity.models import Grant, Session
from khue.registry import queries as registry

COOKIE = "khue_session"


def hash_of(token: str) -> bytes:
    """What the database keeps instead of the token."""
    return hashlib.sha256(token.encode()).digest()


def actor_of_request(request: HttpRequest) -> Actor:
    """Who is behind this request; anonymous without a valid session cookie."""
    token = request.COOKIES.get(COOKIE)
    if not token:
        return ANONYMOUS
    session = (
        Session.objects.select_related("account").filter(token_hash=hash_of(token), expires_at__gt=clock.now()).first()
    )
    if session is None or not session.account.is_active:
        return ANONYMOUS
    account = session.account
    return Actor(
        account_id=account.id,
        person_id=account.person_id,
        name=account.display_name or account.user_name,
        held=roles_of(account.id, clock.today()),
        language=account.language,
        session_id=session.id,
    )


def roles_of(account_id: int, on: date) -> tuple[Held, ...]:
    """Every role of the account in force on that day, with all organisations it covers."""
    grants = Grant.objects.filter(account_id=account_id, valid_from__lte=on).filter(
        Q(valid_to=None) | Q(valid_to__gte=on)
    )
    return tuple(
        Held(role=g.role, organisation=g.organisation_id, covers=registry.covered_by(g.organisation_id)) for g in grants
    )
