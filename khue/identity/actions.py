"""Public writes of identity."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from khue.identity.models import Account, Session
from khue.identity.sessions import hash_of


@transaction.atomic
def open_session(*, account: Account, at: datetime, address: str | None, agent: str) -> str:
    """Begin a session for an account that has proved who it is. Returns the token for the cookie."""
    token = secrets.token_urlsafe(32)
    Session.objects.create(
        account=account,
        token_hash=hash_of(token),
        created_at=at,
        last_seen_at=at,
        expires_at=at + timedelta(days=14),
        address=address,
        agent=agent[:300],
    )
    return token
