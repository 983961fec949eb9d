"""Pages of the question bank."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khue.assessment import actions, queries
from khue.assessment.access import Permission
from khue.assessment.content import shown
from khue.assessment.forms import MOST_CHOICES, DraftForm
from khue.assessment.models import Question
from khue.assessment.queries import BankFilter
from khue.foundation import flash, serving
from khue.foundation.actor import require
from khue.foundation.clock import now, today
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request


def bank(request: Request) -> HttpResponse:
    """The bank as a list that is filtered in its address."""
    require(request.actor, Permission.BANK_READ, within=None)
    wanted = filter_of(request)
    found = queries.bank_page(request.actor, wanted, after=_whole(request.GET.get("after", "")))
    context = {
        "rows": found.rows,
        "next": further(request, found.after),
        "wanted": wanted,
        "states": state_labels(),
        **filter_choices(request),
    }
    return page(request, "assessment/bank.html", context, fragment="rows")


def question(request: Request, public_id: UUID) -> HttpResponse:
    """One question: as pupils see it, and to be corrected."""
    row = queries.question_of(request.actor, public_id)
    choices = queries.choices_of(row)
    form = DraftForm(request.POST if request.method == "POST" else None, initial=_initial(row))
    if form.is_valid():
        with refusals_on(form):
            revised = actions.revise_question(
                actor=request.actor, question=row, draft=form.draft(request.POST.getlist("choice")), at=now()
            )
            response = see_other("assessment:question", revised.public_id)
            is_new = revised.id != row.id
            return flash.say(response, _("Đã lưu thành bản mới.") if is_new else _("Đã lưu câu hỏi."))
    typed = request.POST.getlist("choice") or [choice.content for choice in choices]
    context = {
        "question": row,
        "form": form,
        "typed": [*typed, *[""] * max(MOST_CHOICES - 2 - len(typed), 0)],
        "key": request.POST.get("key") or next((c.position for c in choices if c.is_key), ""),
        "stem": shown(row.stem),
        "choices": [(choice.position, shown(choice.content), choice.is_key) for choice in choices],
        "outcomes": queries.outcomes_of(row),
        "states": state_labels(),
    }
    return page(request, "assessment/question.html", context)


@require_POST
def question_state(request: Request, public_id: UUID) -> HttpResponse:
    """Put a question away, or back into use."""
    row = queries.question_of(request.actor, public_id)
    state = Question.State.RETIRED if request.POST.get("state") == "retired" else Question.State.REVIEWED
    actions.set_state(actor=request.actor, question=row, state=state)
    return see_other("assessment:question", row.public_id)


def picture(request: Request, public_id: UUID) -> HttpResponseBase:
    """A picture of a question, for whoever may see the question."""
    return serving.answer(request, queries.media_of(request.actor, public_id).file)


def filter_of(request: Request) -> BankFilter:
    """The filter in the address; what makes no sense is left out."""
    given = request.GET
    state = given.get("state", "")
    return BankFilter(
        subject_id=_whole(given.get("subject", "")),
        grade=_whole(given.get("grade", "")),
        outcome_id=_whole(given.get("outcome", "")),
        state=state if state in Question.State.values else "",
        text=given.get("q", "").replace("\x00", "")[:100],
    )


def filter_choices(request: Request) -> dict[str, list[tuple[object, str]]]:
    """Subjects and grades to filter by: those one works with."""
    shelves = queries.subjects_and_grades_of(request.actor, today())
    subjects = {subject: name for subject, name, _grade in shelves}
    grades = sorted({grade for _subject, _name, grade in shelves})
    return {
        "subjects": [("", _("Tất cả các môn")), *subjects.items()],
        "grades": [("", _("Mọi khối")), *[(grade, _("Lớp %(grade)s") % {"grade": grade}) for grade in grades]],
    }


def state_labels() -> dict[str, str]:
    """What the states are called."""
    return {
        "draft": _("Nháp"),
        "reviewed": _("Đã duyệt"),
        "live": _("Đang dùng"),
        "retired": _("Đã cất"),
    }


def further(request: Request, after: int | None) -> str:
    """The address of the next page of this list, empty on the last."""
    if after is None:
        return ""
    kept = {name: value for name, value in request.GET.items() if name != "after"}
    return "?" + urlencode({**kept, "after": after})


def _initial(row: Question) -> dict[str, str]:
    return {"stem": row.stem, "explanation": row.explanation}


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None
