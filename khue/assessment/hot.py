"""The hot door of the player: POST /hot/answers, one statement a batch."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from psycopg import AsyncConnection

from khue.assessment.answers import SAVE, Kept, SentAnswer, parameters
from khue.foundation.hot.registry import Ack, HotKind, Write

KIND = "answers"
Place = Annotated[int, msgspec.Meta(ge=1, le=32_767)]
Text = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00]*$")]
Sequence_ = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class AnswerIn(msgspec.Struct, frozen=True):
    """One answer as the browser sends it: place in the test, choice's position, the browser's counter."""

    question: Place
    answer: Text
    sequence: Sequence_


class AnswersIn(msgspec.Struct, frozen=True):
    """What one browser has to send, oldest first."""

    answers: Annotated[list[AnswerIn], msgspec.Meta(max_length=500)]


async def flush(connection: AsyncConnection[Any], writes: Sequence[Write[AnswersIn]]) -> Sequence[Ack]:
    """Keep the answers of a batch. Each write is told how many came late and how many belong to no question."""
    sent = [answer for write in writes for answer in _sent(write)]
    kept: dict[int, list[Kept]] = defaultdict(list)
    if sent:
        cursor = await connection.execute(SAVE, parameters(sent))
        for row in await cursor.fetchall():
            kept[row[0]].append(row)
    return [_ack(write, kept[int(write.subject["attempt"])]) for write in writes]


def _sent(write: Write[AnswersIn]) -> list[SentAnswer]:
    return [
        SentAnswer(
            attempt_id=int(write.subject["attempt"]),
            organisation_id=write.organisation_id or 0,
            place=one.question,
            answer=one.answer,
            sequence=one.sequence,
            received_at=write.received_at,
        )
        for one in write.body.answers
    ]


def _ack(write: Write[AnswersIn], kept: list[Kept]) -> Ack:
    if write.body.answers and not kept:
        return Ack(refusal="attempt_unknown", detail="No such attempt, or none of its questions.")
    known = {place for _attempt, place, _late in kept}
    late = {place for _attempt, place, is_late in kept if is_late}
    asked = {one.question for one in write.body.answers}
    return Ack(values={"late": len(asked & late), "unknown": len(asked - known)})


ANSWERS = HotKind(name=KIND, body=AnswersIn, flush=flush)
