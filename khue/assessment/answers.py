"""The one statement that keeps answers, for the hot door's batches and for the plain form alike.

An answer in time replaces an older one of the same question and never a newer one. An answer after the deadline, or to
an attempt already handed in, is kept beside it as late and never scored. Nothing that was sent is thrown away except
answers to questions that the attempt does not have, and those are named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

#: How long after the deadline an answer is still in time: the way of a request over a bad line.
GRACE = timedelta(seconds=30)

#: Parameters: attempts, organisations, places, answers, sequences, instants (arrays of one length), grace.
#: FOR KEY SHARE lets batches pass each other, but waits for a hand-in, which locks FOR UPDATE: no answer slips in
#: between the scoring and its commit. Rows are written in key order, so that two batches never wait in a circle.
SAVE = """
WITH sent AS (
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[], %s::text[], %s::bigint[], %s::timestamptz[])
        AS t (attempt_id, organisation_id, place, answer, sequence, received_at)
), attempt AS (
    SELECT a.id, a.organisation_id, a.started_at, a.deadline_at, a.submitted_at, a.assignment_id
    FROM assessment_attempt a WHERE a.id IN (SELECT attempt_id FROM sent) ORDER BY a.id FOR KEY SHARE
), placed AS (
    SELECT s.*, l.question_id, a.started_at,
           a.submitted_at IS NOT NULL OR s.received_at > a.deadline_at + %s::interval AS is_late
    FROM sent s
    JOIN attempt a ON a.id = s.attempt_id AND a.organisation_id = s.organisation_id
    JOIN assessment_assignment g ON g.id = a.assignment_id
    JOIN assessment_testquestion l ON l.test_id = g.test_id AND l."order" = s.place
), latest AS (
    SELECT DISTINCT ON (attempt_id, question_id, is_late) *
    FROM placed ORDER BY attempt_id, question_id, is_late, sequence DESC, received_at DESC
), saved AS (
    INSERT INTO assessment_response
        (organisation_id, attempt_id, question_id, is_late, started_at, answer, sequence, saved_at)
    SELECT organisation_id, attempt_id, question_id, is_late, started_at, answer, sequence, received_at
    FROM latest ORDER BY attempt_id, question_id, is_late
    ON CONFLICT (attempt_id, question_id, is_late, started_at) DO UPDATE
        SET answer = EXCLUDED.answer, sequence = EXCLUDED.sequence, saved_at = EXCLUDED.saved_at
        WHERE EXCLUDED.sequence > assessment_response.sequence
)
SELECT attempt_id, place, is_late FROM placed
"""


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """One answer on its way in.

    place     of the question in the test, from 1, before any shuffling
    answer    a choice's position, "2"; empty takes the answer back
    sequence  counts up in one browser
    """

    attempt_id: int
    organisation_id: int
    place: int
    answer: str
    sequence: int
    received_at: datetime


Kept = tuple[int, int, bool]  # attempt, place, whether late


def parameters(sent: Sequence[SentAnswer]) -> list[Any]:
    """What SAVE is executed with."""
    return [
        [one.attempt_id for one in sent],
        [one.organisation_id for one in sent],
        [one.place for one in sent],
        [one.answer for one in sent],
        [one.sequence for one in sent],
        [one.received_at for one in sent],
        GRACE,
    ]
