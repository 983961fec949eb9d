"""Answering a survey: in one's name with its history, or anonymously so that nothing leads back. docs/decisions/0158"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import ANONYMOUS, Actor
from khue.foundation.arrays import array
from khue.foundation.errors import Refusal
from khue.messaging import queries
from khue.messaging.actions.announcements import require_decider, require_own_copy
from khue.messaging.models import Announcement, AnnouncementCopy, Survey, SurveyAnswer, SurveyReply
from khue.messaging.survey_answers import NotAnAnswer, read_answer

Typed = Mapping[int, Sequence[str]]

# Every row of the survey is written anew, in no order, in the transaction of every answer: neither the order of rows
# nor the transaction that wrote them tells whose answer came when.
_TALLIED = """
    WITH gone AS (
        DELETE FROM messaging_surveytally t USING messaging_surveyquestion q
        WHERE q.id = t.question_id AND q.survey_id = %(survey)s RETURNING t.question_id, t.value, t.count
    ), given AS (
        SELECT * FROM unnest(%(questions)s::bigint[], %(values)s::text[]) AS g (question_id, value)
    ), summed AS (
        SELECT question_id, value, sum(count)::int AS count
        FROM (SELECT * FROM gone UNION ALL SELECT question_id, value, 1 FROM given) AS every GROUP BY 1, 2
    )
    SELECT question_id, value, count FROM summed ORDER BY random()
"""
_KEPT = """
    INSERT INTO messaging_surveytally (id, organisation_id, question_id, value, count)
    SELECT gen_random_uuid(), %s, r.question_id, r.value, r.count
    FROM unnest(%s::bigint[], %s::text[], %s::int[]) AS r (question_id, value, count)
"""
_TURNED_OUT = """
    UPDATE messaging_announcementcopy SET answered = answered OR id = %s WHERE announcement_id = %s
"""


class SurveyIsOver(Refusal):
    code = "survey_is_over"
    message = _("Khảo sát đã kết thúc nên không nhận thêm câu trả lời.")


class AnsweredAlready(Refusal):
    code = "answered_already"
    message = _(
        "Phiếu này đã trả lời rồi. Khảo sát ẩn danh không sửa lại được, vì không ai biết câu trả lời nào của ai."
    )


class AnswersWrong(Refusal):
    """Some answers cannot be taken: `wrong` says which and why, by question id."""

    code = "answers_wrong"
    message = _("Có câu chưa trả lời đúng. Xin xem lại các câu có ghi chú màu đỏ.")

    def __init__(self, wrong: Mapping[int, str]) -> None:
        super().__init__()
        self.wrong = wrong


@transaction.atomic
def answer_survey(*, actor: Actor, copy: AnnouncementCopy, typed: Typed, at: datetime) -> None:
    """Answer a survey on one's own copy: for the child as a guardian who may decide, or for oneself.

    typed    what was typed to each question, by its id
    refuses  SurveyIsOver; AnswersWrong; AnsweredAlready where it is anonymous. Else answering again replaces what
             stood, and what stood is kept
    """
    if copy.side == AnnouncementCopy.Side.FAMILY:
        require_decider(actor, copy)
    else:
        require_own_copy(actor, copy)
    announcement = Announcement.objects.select_for_update().get(id=copy.announcement_id)
    if not announcement.is_open(at):
        raise SurveyIsOver
    survey = Survey.objects.get(announcement=announcement)
    answers = _read(survey, typed)
    if survey.is_anonymous:
        _answer_unnamed(survey, copy, answers)
        audit.record(ANONYMOUS, "survey.answered_unnamed", survey)
        return
    reply = _answer_named(actor, survey, copy, answers, at)
    audit.record(actor, "survey.answered", reply, child=copy.child_id)


def _read(survey: Survey, typed: Typed) -> list[tuple[int, str]]:
    """Question id and value of every answer; AnswersWrong where some cannot be taken."""
    answers: list[tuple[int, str]] = []
    wrong: dict[int, str] = {}
    for question in queries.questions_of(survey):
        try:
            values = read_answer(question.asked, typed.get(question.row.id, ()))
        except NotAnAnswer as refusal:
            wrong[question.row.id] = str(refusal)
        else:
            answers += [(question.row.id, value) for value in values]
    if wrong:
        raise AnswersWrong(wrong)
    return answers


def _answer_named(
    actor: Actor, survey: Survey, copy: AnnouncementCopy, answers: Sequence[tuple[int, str]], at: datetime
) -> SurveyReply:
    SurveyReply.objects.filter(copy=copy, stands=True).update(stands=False)
    place = {"organisation_id": survey.organisation_id}
    reply = SurveyReply.objects.create(
        **place, survey=survey, copy=copy, replied_by_id=actor.person_id or 0, replied_at=at
    )
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(**place, reply=reply, question_id=question, value=value) for question, value in answers
    )
    AnnouncementCopy.objects.filter(id=copy.id).update(answered=True)
    return reply


def _answer_unnamed(survey: Survey, copy: AnnouncementCopy, answers: Sequence[tuple[int, str]]) -> None:
    if AnnouncementCopy.objects.filter(id=copy.id, answered=True).exists():
        raise AnsweredAlready
    given: dict[str, int | str] = {
        "survey": survey.id,
        "questions": array(question for question, _value in answers),
        "values": array(value for _question, value in answers),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TALLIED, given)
        rows = cursor.fetchall()
        cursor.execute(_KEPT, [survey.organisation_id, *(array(row[column] for row in rows) for column in range(3))])
        cursor.execute(_TURNED_OUT, [copy.id, copy.announcement_id])
