"""Following a case without an account: its code and the birth date open it, and only so often."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import cast

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from khue.foundation import audit, scope
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.foundation.postgres.engine.base import DatabaseWrapper
from khue.foundation.text import nfc
from khue.procedures.access import require_applicant
from khue.procedures.models import Case, Rating
from khue.procedures.queries.following import case_with
from khue.procedures.reach import reaching
from khue.procedures.refusals import NoSuchCase, NotFinished, RatedAlready, TooManyTries

WINDOW = timedelta(minutes=15)
#: Wrong tries within a window. A whole school may stand behind one address; a code belongs to one family.
MOST_OF_CODE = 6
MOST_OF_ADDRESS = 60

_KNOCK = """
INSERT INTO procedures_knock AS k (key, count, last_at) SELECT key, 1, %(at)s FROM unnest(%(keys)s::bytea[]) AS key
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN k.last_at < %(since)s THEN 1 ELSE k.count + 1 END,
    last_at = CASE WHEN k.last_at < %(since)s THEN %(at)s ELSE k.last_at END
RETURNING key, count, last_at
"""


def find_case(*, actor: Actor, code: str, born_on: date, address: str, at: datetime) -> Case:
    """The case with this code about somebody born that day, whoever asks. A try is counted before it is examined.

    Not a transaction of its own: a wrong try stays counted though it is refused, in the transaction of the request.
    address  where the request comes from
    refuses  NoSuchCase, the same whether the code or the day is wrong; TooManyTries
    """
    if actor.is_system:
        raise Forbidden
    code = nfc(code).strip().upper()[:60]
    knocks = {_key(f"address:{address}"): MOST_OF_ADDRESS, _key(f"code:{code}"): MOST_OF_CODE}
    _knock(knocks, at)
    # Without an account there is no scope: code and birth date together are the key to this one row.
    with scope.widened(actor):
        found = case_with(code, born_on)
    if found is None:
        raise NoSuchCase
    _forgive(knocks)
    return found


@transaction.atomic
def rate_case(*, actor: Actor, case: Case, proof: str, score: int, comment: str, at: datetime) -> Rating:
    """Say how content one was, once, after the end.

    proof    as in answer_supplement
    score    2 very content, 1 content, 0 not
    refuses  NotFinished; RatedAlready
    """
    require_applicant(actor, case, proof)

    if not case.ends:
        raise NotFinished
    with reaching(actor, case.organisation_id) as beyond:
        made, is_new = Rating.objects.get_or_create(
            case=case,
            defaults={
                "organisation_id": case.organisation_id, "score": min(2, max(0, score)),
                "comment": nfc(comment.replace("\x00", "")).strip()[:1000], "rated_at": at,
            },
        )  # fmt: skip
        if not is_new:
            raise RatedAlready
        audit.record(actor, "case.rated", case, score=made.score, beyond=beyond)
    return made


def _knock(knocks: Mapping[bytes, int], at: datetime) -> None:
    """Count a try under each key; refuse where one was tried more often than it may be."""
    cursor = cast(DatabaseWrapper, connection).kept_cursor()
    # In the order of the keys, so that two who knock at once wait for each other at most once.
    cursor.execute(_KNOCK, {"keys": sorted(knocks), "at": at, "since": at - WINDOW})
    ends = [began_at + WINDOW for key, count, began_at in cursor.fetchall() if count > knocks[bytes(key)]]
    if ends:
        wait = max(ends) - at
        raise TooManyTries(minutes=max(1, -(-int(wait.total_seconds()) // 60)))


def _forgive(keys: Iterable[bytes]) -> None:
    """A right answer takes its own knock back; wrong ones of others behind the same address stay counted."""
    cursor = cast(DatabaseWrapper, connection).kept_cursor()
    cursor.execute("UPDATE procedures_knock SET count = count - 1 WHERE key = ANY(%s) AND count > 0", [sorted(keys)])


def _key(subject: str) -> bytes:
    return salted_hmac("khue.procedures.knock", subject, algorithm="sha256").digest()
