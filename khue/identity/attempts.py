"""Throttling, in PostgreSQL: an attempt is counted before it is examined, so that many at once cannot slip through.

What blocks is kept by a keyed hash of what was tried, whether or not it exists, so that an answer tells nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Refusal
from khue.identity.models import Attempts
from khue.identity.sealing import keyed_hash


class TooManyAttempts(Refusal):
    code = "too_many_attempts"
    message = _("Đã thử sai quá nhiều lần. Hãy thử lại sau %(minutes)s phút, từ %(clock)s.")


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be tried.

    free     attempts without a wait; after them 1, 2, 4, 8, then always 15 minutes lie between two
    forget   after so long without an attempt all is forgotten
    """

    kind: str
    free: int
    forget: timedelta


HANDLE = Limit("handle", 5, timedelta(hours=24))
#: A whole school may stand behind one address.
ADDRESS = Limit("address", 100, timedelta(minutes=15))
CODE = Limit("code", 30, timedelta(hours=1))
LINK = Limit("link", 3, timedelta(hours=24))
FACTOR = Limit("factor", 5, timedelta(hours=24))

_COUNT = """
INSERT INTO identity_attempts AS a (key, count, last_at) VALUES (%(key)s, 1, %(at)s)
ON CONFLICT (key) DO UPDATE
SET count = CASE WHEN a.last_at < %(since)s THEN 1 ELSE a.count + 1 END, last_at = %(at)s
WHERE a.count < %(free)s OR a.last_at < %(since)s
   OR a.last_at + interval '1 minute' * least(15, power(2, least(a.count - %(free)s, 8))) <= %(at)s
RETURNING count
"""


def count(limit: Limit, subject: str, at: datetime) -> None:
    """Count one attempt on the subject, or refuse it.

    subject  the handle in its normal form, the address, the account
    refuses  TooManyAttempts, with the time from which one may try again; a refused attempt prolongs nothing
    """
    key = _key(limit, subject)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "at": at, "since": at - limit.forget, "free": limit.free})
        if cursor.fetchone():
            return
    made = Attempts.objects.get(key=key)
    wait = timedelta(minutes=min(15, 2 ** min(made.count - limit.free, 8)))
    until = made.last_at + wait
    minutes = -((at - until) // timedelta(minutes=1))  # rounded up
    raise TooManyAttempts(minutes=minutes, clock=f"{(at + timedelta(minutes=minutes)).astimezone(VIETNAM):%H:%M}")


def forgive(limit: Limit, subject: str) -> None:
    """Forget all attempts on the subject: it proved itself."""
    Attempts.objects.filter(key=_key(limit, subject)).delete()


def take_back(limit: Limit, subject: str) -> None:
    """Uncount the last attempt on the subject: it was right, but others of the subject may have been wrong."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_attempts SET count = count - 1 WHERE key = %s AND count > 0", [_key(limit, subject)]
        )


def _key(limit: Limit, subject: str) -> bytes:
    return keyed_hash("attempts", f"{limit.kind}:{subject}")
