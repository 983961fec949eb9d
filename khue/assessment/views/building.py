"""Pages on which a test is put together and set to a class."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khue.assessment import actions, queries
from khue.assessment.access import Permission
from khue.assessment.content import shown
from khue.assessment.forms import ChangedTermsForm, TermsForm, TestForm
from khue.assessment.models import Test
from khue.assessment.points import points_of, written_points
from khue.assessment.queries import BankFilter
from khue.assessment.views.bank import filter_of, further
from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import VIETNAM, now
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.schools import queries as schools


def tests(request: Request) -> HttpResponse:
    """What has been set, and the tests of the school."""
    require(request.actor, Permission.TEST_WRITE, within=None)
    context = {
        "assignments": queries.visible_assignments(request.actor)[:30],
        "tests": queries.visible_tests(request.actor)[:30],
        "at": now(),
    }
    return page(request, "assessment/tests.html", context)


def new_test(request: Request) -> HttpResponse:
    """Begin a test."""
    require(request.actor, Permission.TEST_WRITE, within=None)
    shelves = queries.shelves_of(request.actor)
    form = TestForm(request.POST if request.method == "POST" else None, shelves=shelves)
    if form.is_valid():
        shelf = form.chosen
        test = actions.make_test(
            actor=request.actor, organisation=shelf.organisation, subject=shelf.subject, grade=shelf.grade,
            title=form.cleaned_data["title"], at=now(),
        )  # fmt: skip
        return see_other("assessment:test", test.public_id)
    return page(request, "assessment/new_test.html", {"form": form})


def test(request: Request, public_id: UUID) -> HttpResponse:
    """The test: its questions on one side, the bank to choose from on the other."""
    row = queries.test_of(request.actor, public_id)
    lines = queries.lines_of(row)
    wanted = _wanted(request, row)
    found = queries.bank_page(request.actor, wanted, after=_after(request), size=20)
    chosen = {line.question_public_id for line in lines}
    context = {
        "test": row,
        "is_set": queries.is_set(row),
        "lines": [
            (line, shown(line.stem), [shown(choice) for choice in line.choices], written_points(line.points))
            for line in lines
        ],
        "total": written_points(sum(line.points for line in lines)),
        "rows": [bank_row for bank_row in found.rows if bank_row.public_id not in chosen],
        "wanted": wanted,
        "next": further(request, found.after),
    }
    return page(request, "assessment/test.html", context, fragment="offer")


@require_POST
def change_test(request: Request, public_id: UUID) -> HttpResponse:
    """Add, remove, move, or give points: which one the pressed button says."""
    row = queries.test_of(request.actor, public_id)
    posted = request.POST
    if "add" in posted:
        ids = [_uuid(text) for text in posted.getlist("question")]
        chosen = queries.visible_questions(request.actor).filter(public_id__in=[one for one in ids if one])
        actions.add_questions(actor=request.actor, test=row, questions=list(chosen.order_by("id")))
    elif "remove" in posted:
        actions.remove_question(actor=request.actor, test=row, order=_number(posted["remove"]))
    elif "up" in posted:
        order = _number(posted["up"])
        actions.move_question(actor=request.actor, test=row, order=order, to=order - 1)
    elif "down" in posted:
        order = _number(posted["down"])
        actions.move_question(actor=request.actor, test=row, order=order, to=order + 1)
    elif "spread" in posted:
        actions.spread_points(actor=request.actor, test=row)
    else:
        given = {_number(name.removeprefix("points-")): points_of(str(text)) for name, text in posted.items()
                 if name.startswith("points-")}  # fmt: skip
        actions.set_points(actor=request.actor, test=row, points={k: v for k, v in given.items() if v})
    return see_other("assessment:test", row.public_id)


def assign(request: Request, public_id: UUID) -> HttpResponse:
    """Set the test to a class."""
    row = queries.test_of(request.actor, public_id)
    taught = [one for one in schools.classes_taught_by(request.actor) if one.organisation_id == row.organisation_id]
    opens_at = now().astimezone(VIETNAM).replace(second=0, microsecond=0)
    initial = {"opens_at": opens_at, "closes_at": opens_at + timedelta(days=7), "minutes": 15}
    form = TermsForm(request.POST if request.method == "POST" else None, taught=taught, initial=initial)
    if form.is_valid():
        with refusals_on(form):
            made = actions.assign_test(
                actor=request.actor, test=row, class_subject=form.chosen, terms=form.terms(), at=now()
            )
            return flash.say(see_other("assessment:assignment", made.public_id), _("Đã giao bài cho lớp."))
    return page(request, "assessment/assign.html", {"test": row, "form": form, "has_classes": bool(taught)})


def assignment(request: Request, public_id: UUID) -> HttpResponse:
    """Who has begun, handed in, and with what mark."""
    row = queries.assignment_of(request.actor, public_id)
    results = queries.results_of(row, now())
    marks = [result.mark for result in results if result.mark is not None]
    context = {
        "assignment": row,
        "results": results,
        "started": sum(result.attempts > 0 for result in results),
        "submitted": len(marks),
        "mean": (sum(marks) * 2 + len(marks)) // (2 * len(marks)) if marks else None,
        "at": now(),
        "may_change": request.actor.may(Permission.ASSIGNMENT_WRITE_TAUGHT, row),
    }
    return page(request, "assessment/assignment.html", context, fragment="results")


def change_assignment(request: Request, public_id: UUID) -> HttpResponse:
    """Until when, and how often, the class may do it."""
    row = queries.assignment_of(request.actor, public_id)
    require(request.actor, Permission.ASSIGNMENT_WRITE_TAUGHT, within=row)
    initial = {"closes_at": row.closes_at.astimezone(VIETNAM), "attempts_allowed": row.attempts_allowed}
    form = ChangedTermsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        with refusals_on(form):
            actions.change_assignment(actor=request.actor, assignment=row, at=now(), **form.cleaned_data)
            return flash.say(see_other("assessment:assignment", public_id), _("Đã lưu. Các em thấy hạn mới ngay."))
    shown = {"assignment": row, "form": form, "is_closed": row.closes_at <= now()}
    return page(request, "assessment/change_assignment.html", shown, status=422 if form.is_bound else 200)


@require_POST
def withdraw_assignment(request: Request, public_id: UUID) -> HttpResponse:
    """Take back what was set by mistake."""
    row = queries.assignment_of(request.actor, public_id)
    test = row.test
    actions.withdraw_assignment(actor=request.actor, assignment=row)
    said = _("Đã rút bài khỏi lớp. Đề vẫn còn đây, Thầy/Cô có thể giao lại.")
    return flash.say(see_other("assessment:test", test.public_id), said, tone="info")


def _wanted(request: Request, row: Test) -> BankFilter:
    given = filter_of(request)
    return BankFilter(subject_id=row.subject_id, grade=row.grade, state=given.state, text=given.text)


def _after(request: Request) -> int | None:
    text = request.GET.get("after", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
