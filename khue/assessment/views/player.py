"""The player: a pupil's tests, the rules, the questions, handing in, what came of it."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khue.assessment import actions, queries
from khue.assessment.access import Permission
from khue.assessment.answers import GRACE
from khue.assessment.content import content_of
from khue.assessment.hot import KIND
from khue.assessment.models import Attempt
from khue.assessment.points import written_points
from khue.foundation import flash, offline
from khue.foundation.actor import require
from khue.foundation.clock import now
from khue.foundation.hot import tickets
from khue.foundation.page import page, see_other
from khue.foundation.request import Request

#: A ticket outlives the deadline, so that answers caught without a line still arrive and are kept as late.
LATE_SECONDS = 12 * 3600


def due(request: Request) -> HttpResponse:
    """What the pupil has been set."""
    require(request.actor, Permission.ATTEMPT_TAKE, within=None)
    return page(request, "assessment/due.html", {"tests": queries.due_tests(request.actor, now()), "at": now()})


def start(request: Request, public_id: UUID) -> HttpResponse:
    """The rules; pressing the button begins, or goes on."""
    at = now()
    assignment, place = queries.set_for(request.actor, public_id, at)
    if request.method == "POST":
        attempt = actions.start_attempt(actor=request.actor, assignment=assignment, at=at, place=place)
        return see_other("assessment:attempt", attempt.public_id)
    attempts = queries.own_attempts(request.actor, assignment)
    context = {
        "assignment": assignment,
        "attempts": attempts,
        "running": next((one for one in attempts if one.submitted_at is None and at <= one.deadline_at + GRACE), None),
        "left": assignment.attempts_allowed - len(attempts),
        "content": content_of(assignment.test_id),
        "class_name": place.class_name,
        "is_open": assignment.opens_at <= at < assignment.closes_at,
        "at": at,
    }
    return page(request, "assessment/start.html", context)


def attempt(request: Request, public_id: UUID) -> HttpResponse:
    """All questions on one page. The script saves each answer; without it the form's button does."""
    row = queries.own_attempt_of(request.actor, public_id)
    at = now()
    if row.submitted_at is not None:
        return see_other("assessment:result", row.public_id)
    if at > row.deadline_at + GRACE:
        actions.submit_attempt(actor=request.actor, attempt=row, at=at)
        return see_other("assessment:result", row.public_id)
    answers = queries.answers_in(row)
    context = {
        "attempt": row,
        "content": content_of(row.assignment.test_id),
        "questions": queries.shown_questions(row, answers),
        "answered": sum(answer != "" for answer, _sequence in answers.values()),
        "sequence": max((sequence for _answer, sequence in answers.values()), default=0),
        "ticket": _ticket(row, at),
        "seconds_left": max(int((row.deadline_at - at).total_seconds()), 0),
    }
    response = page(request, "assessment/attempt.html", context)
    # Coming back must ask the server again: it knows newer answers and the time that is left.
    response.headers["Cache-Control"] = "no-store"
    # Only without a line the device's own copy is shown, with every answer given on the device.
    return offline.kept(request, response)


@require_POST
def save(request: Request, public_id: UUID) -> HttpResponse:
    """The plain form: keep every answer on the page, then show it again or hand in."""
    row = queries.own_attempt_of(request.actor, public_id)
    at = now()
    given = [
        (int(name.removeprefix("q")), value)
        for name, value in request.POST.items()
        if name.startswith("q") and name[1:].isascii() and name[1:].isdecimal() and len(name) < 6
    ]
    highest = max((sequence for _answer, sequence in queries.answers_in(row).values()), default=0)
    answers = [actions.Answer(place, str(value), highest + 1) for place, value in given]
    late = actions.save_answers(actor=request.actor, attempt=row, answers=answers, at=at) if answers else 0
    if "submit" in request.POST:
        actions.submit_attempt(actor=request.actor, attempt=row, at=at)
        return see_other("assessment:result", row.public_id)
    response = see_other("assessment:attempt", row.public_id)
    return flash.say(response, _("Đã lưu bài làm.")) if not late else response


@require_POST
def submit(request: Request, public_id: UUID) -> HttpResponse:
    """Hand in what has been saved; the script has sent everything before it calls this."""
    row = queries.own_attempt_of(request.actor, public_id)
    actions.submit_attempt(actor=request.actor, attempt=row, at=now())
    return see_other("assessment:result", row.public_id)


@require_POST
def ticket(request: Request, public_id: UUID) -> HttpResponse:
    """A fresh ticket for a page whose ticket has expired."""
    row = queries.own_attempt_of(request.actor, public_id)
    return JsonResponse({"ticket": _ticket(row, now())})


def result(request: Request, public_id: UUID) -> HttpResponse:
    """The mark; after the close also what was right and why."""
    row = queries.own_attempt_of(request.actor, public_id)
    if row.submitted_at is None:
        return see_other("assessment:attempt", row.public_id)
    is_open = now() < row.assignment.closes_at
    answers = queries.answers_in(row)
    context = {
        "attempt": row,
        "assignment": row.assignment,
        "score": written_points(row.score or 0),
        "top": written_points(row.top or 0),
        "questions": [] if is_open else queries.shown_questions(row, answers),
        "answered": sum(answer != "" for answer, _sequence in answers.values()),
        "content": content_of(row.assignment.test_id),
        "is_open": is_open,
    }
    return page(request, "assessment/result.html", context)


def _ticket(row: Attempt, at: datetime) -> str:
    seconds = max(int((row.deadline_at - at).total_seconds()), 0) + LATE_SECONDS
    return tickets.issue(KIND, {"attempt": row.id}, organisation_id=row.organisation_id, seconds=seconds)
