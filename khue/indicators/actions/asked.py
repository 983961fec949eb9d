"""Reports asked for one occasion: an office asks, a school answers, the office sees and reminds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, jobs, scope
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden, Refusal
from khue.foundation.ids import uuid7
from khue.foundation.text import nfc
from khue.foundation.turns import wait_for_turn
from khue.indicators.access import Permission
from khue.indicators.models import AskedReport, AskedRound
from khue.registry.models import Organisation
from khue.registry.queries.schools_below import open_schools_below

MOST_QUESTIONS, LONGEST = 20, 1000
#: The job that tells schools what they are asked.
TELL = "indicators.tell_asked"


class QuestionsMissing(Refusal):
    code = "questions_missing"
    field = "questions"
    message = _("Hãy ghi từ 1 đến 20 nội dung cần báo cáo, mỗi dòng một nội dung.")


class DueBefore(Refusal):
    code = "asked_report_due_before"
    field = "due_on"
    message = _("Hạn gửi phải từ hôm nay trở đi.")


class NoSchoolAsked(Refusal):
    code = "no_school_asked"
    message = _("Đơn vị chưa có trường nào để yêu cầu báo cáo.")


class AskedWithdrawn(Refusal):
    code = "asked_report_withdrawn"
    message = _("Yêu cầu báo cáo này đã được rút. Không cần gửi nữa.")


class NothingAnswered(Refusal):
    code = "nothing_answered"
    message = _("Hãy điền ít nhất một nội dung trước khi gửi.")


class NobodyToRemind(Refusal):
    code = "nobody_to_remind"
    message = _("Mọi trường đã gửi báo cáo này.")


class RemindedAlready(Refusal):
    code = "schools_reminded_already"
    message = _("Hôm nay đã nhắc các trường rồi. Mỗi ngày chỉ nhắc một lần.")


@dataclass(frozen=True, slots=True)
class Asking:
    """What an office asks.

    questions  a line each
    key        made by the form, so that sending the form twice asks once; it becomes the round
    """

    title: str
    words: str
    questions: Sequence[str]
    due_on: date
    key: UUID | None = None


@transaction.atomic
def ask_schools(*, actor: Actor, office: Organisation, asking: Asking, on: date, at: datetime) -> AskedReport:
    """Ask every open school below an office; a job tells their heads and clerks. Again with the same key: once.

    returns  the row of the first school
    on       today
    refuses  QuestionsMissing; DueBefore; NoSchoolAsked
    cost     a dozen statements, however many schools
    """
    require(actor, Permission.REPORT_RECEIVE, within=office)

    together = asking.key or uuid7()
    if asking.key is not None:
        wait_for_turn(f"indicators.asked:{together}")
        before = AskedRound.objects.filter(round=together, organisation=office).first()
        if before is not None:
            return AskedReport.objects.get(public_id=before.first)
    questions = _questions(asking)
    if asking.due_on < on:
        raise DueBefore
    schools = list(open_schools_below(office))
    if not schools:
        raise NoSchoolAsked
    made = AskedReport.objects.bulk_create(
        AskedReport(
            organisation=school, office=office, round=together, title=nfc(asking.title).strip(),
            words=nfc(asking.words).strip(), questions=questions, due_on=asking.due_on, asked_at=at,
            asked_by_name=actor.name,
        )
        for school in schools
    )  # fmt: skip
    AskedRound.objects.create(
        organisation=office, round=together, first=made[0].public_id, title=made[0].title, due_on=asking.due_on,
        schools=len(made),
    )  # fmt: skip
    audit.record(actor, "asked_reports.asked", made[0], title=asking.title, schools=len(made), due_on=asking.due_on)
    _tell(actor, made[0], "", len(made), at)
    return made[0]


def _questions(asking: Asking) -> list[str]:
    questions = [nfc(line).strip() for line in asking.questions if line.strip()]
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        raise QuestionsMissing
    return questions


def _tell(actor: Actor, asked: AskedReport, reminder: str, count: int, at: datetime) -> None:
    """Let the worker tell the schools of a round. reminder: the day, "" when asked first."""
    jobs.start(
        actor=actor, kind=TELL, organisation_id=asked.office_id, at=at,
        arguments={"asked": str(asked.public_id), "reminder": reminder, "schools": count},
    )  # fmt: skip


@transaction.atomic
def answer_asked(*, actor: Actor, asked: AskedReport, answers: Sequence[str], at: datetime) -> None:
    """Send the school's answers; sent again, they replace what was sent, and the trail keeps what stood.

    answers  one for each question, in order; "" where the school has nothing to say
    refuses  AskedWithdrawn; NothingAnswered
    """
    require(actor, Permission.REPORT_ANSWER, within=asked)

    found = AskedReport.objects.select_for_update().get(id=asked.id)
    if found.withdrawn_at is not None:
        raise AskedWithdrawn
    said = [nfc(answer).strip()[:LONGEST] for answer in answers]
    if len(said) != len(found.questions) or not any(said):
        raise NothingAnswered
    if found.sent_at is None:
        with scope.widened(actor):  # how far the office is stands with the office
            AskedRound.objects.filter(round=found.round).update(sent=F("sent") + 1)
    before, found.answers = found.answers, said
    found.sent_at, found.sent_by_name = found.sent_at or at, actor.name
    found.save(update_fields=["answers", "sent_at", "sent_by_name"])
    audit.record(actor, "asked_report.answered", found, before=before, after=said)


@transaction.atomic
def remind_schools(*, actor: Actor, asked: AskedReport, on: date, at: datetime) -> int:
    """Remind the schools of a round that have not sent, once a day at most. Returns how many.

    refuses  AskedWithdrawn; NobodyToRemind; RemindedAlready
    """
    _require_asker(actor, asked)

    rows = AskedReport.objects.filter(round=asked.round, sent_at=None)
    if asked.withdrawn_at is not None:
        raise AskedWithdrawn
    waiting = list(rows.select_for_update().order_by("id").values_list("id", "reminded_on"))
    if not waiting:
        raise NobodyToRemind
    if any(reminded == on for _id, reminded in waiting):
        raise RemindedAlready
    AskedReport.objects.filter(id__in=[key for key, _reminded in waiting]).update(reminded_on=on)
    audit.record(actor, "asked_reports.reminded", asked, schools=len(waiting))
    _tell(actor, asked, on.isoformat(), len(waiting), at)
    return len(waiting)


@transaction.atomic
def withdraw_asked(*, actor: Actor, asked: AskedReport, at: datetime) -> None:
    """Ask for it no longer. What was sent stays to be read. Refuses AskedWithdrawn."""
    _require_asker(actor, asked)

    if not AskedReport.objects.filter(round=asked.round, withdrawn_at=None).update(withdrawn_at=at):
        raise AskedWithdrawn
    AskedRound.objects.filter(round=asked.round).update(withdrawn_at=at)
    audit.record(actor, "asked_reports.withdrawn", asked, title=asked.title)


def _require_asker(actor: Actor, asked: AskedReport) -> None:
    """Whoever receives reports at the very office that asked."""
    if not actor.may(Permission.REPORT_RECEIVE, asked.office_id):
        raise Forbidden
