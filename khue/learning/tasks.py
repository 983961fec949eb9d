"""What follows from acts of learning that other rooms tell of."""

from decimal import Decimal

from khue.activity import actions as activity
from khue.activity.actions import Told, Verb
from khue.assessment import queries as assessment
from khue.assessment.events import AttemptSubmitted
from khue.foundation import clock
from khue.foundation.actor import SYSTEM


def tell_attempt(event: AttemptSubmitted) -> None:
    """Tell a finished test as an xAPI statement, once however often the event comes."""
    attempt = assessment.closed_attempt(event.attempt_id)
    test, at = attempt.assignment.test, clock.now()
    statement = Told(
        statement_id=attempt.public_id,
        person_id=event.person_id,
        organisation_id=attempt.organisation_id,
        verb=Verb.SCORED,
        object_kind="test",
        object_id=test.public_id,
        object_name=test.title,
        happened_at=attempt.submitted_at or at,
        parent_id=attempt.assignment.public_id,
        score_ratio=Decimal(event.score) / Decimal(event.top) if event.top else None,
    )
    activity.tell(actor=SYSTEM, statements=[statement], at=at)
