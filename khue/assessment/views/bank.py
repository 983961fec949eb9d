"""Pages of the question bank."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from khue.assessment import actions, queries
from khue.assessment.access import Permission
from khue.assessment.content import shown
from khue.assessment.forms import LEVELS, MOST_CHOICES, DraftForm, NewQuestionForm
from khue.assessment.models import Question
from khue.assessment.queries import BankFilter
from khue.foundation import flash, serving
from khue.foundation.actor import require
from khue.foundation.clock import now, today
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request


def bank(request: Request) -> HttpResponse:
    """The bank as a list filtered in its address; outcomes are tagged once a subject and a grade are chosen."""
    require(request.actor, Permission.BANK_READ, within=None)
    wanted = filter_of(request)
    found = queries.bank_page(request.actor, wanted, after=_whole(request.GET.get("after", "")))
    context = {
        "rows": found.rows,
        "next": further(request, found.after),
        "wanted": wanted,
        "is_filtered": wanted != BankFilter(),
        "states": state_labels(),
        "levels": LEVELS,
        "outcomes": [
            (outcome.id, f"{outcome.code} {outcome.text}")
            for outcome in queries.outcomes_to_tag(wanted.subject_id, wanted.grade)
        ],
        **filter_choices(request),
    }
    return page(request, "assessment/bank.html", context, fragment="rows")


@require_POST
def tag(request: Request) -> HttpResponse:
    """Say of the ticked questions that they ask for an outcome, and show the same list again."""
    require(request.actor, Permission.BANK_WRITE, within=None)
    given = request.POST
    chosen = queries.questions_among(request.actor, [one for text in given.getlist("question") if (one := _key(text))])
    outcomes = queries.outcomes_to_tag(_whole(given.get("subject", "")), _whole(given.get("grade", "")))
    outcome = next((one for one in outcomes if str(one.id) == given.get("outcome")), None)
    response = see_other("assessment:bank")
    shown_again = {name: given.get(name, "") for name in ("subject", "grade", "level", "state", "q")}
    shown_again["outcome"] = given.get("only", "")
    response["Location"] += "?" + urlencode({name: value for name, value in shown_again.items() if value})
    if not chosen or outcome is None:
        return flash.say(response, _("Hãy đánh dấu câu hỏi và chọn một yêu cầu cần đạt."), tone="info")
    count = actions.tag_questions(actor=request.actor, questions=chosen, outcome=outcome)
    text = ngettext("Đã gắn %(code)s cho %(count)s câu.", "Đã gắn %(code)s cho %(count)s câu.", count)
    return flash.say(response, text % {"code": outcome.code, "count": count})


def new_question(request: Request) -> HttpResponse:
    """Write a question of one's own."""
    require(request.actor, Permission.BANK_WRITE, within=None)
    is_sent = request.method == "POST"
    form = NewQuestionForm(
        request.POST if is_sent else None, request.FILES if is_sent else None,
        shelves=queries.shelves_of(request.actor), initial={"shelf": request.GET.get("shelf", "")},
    )  # fmt: skip
    if form.is_valid():
        with refusals_on(form):
            made = actions.add_question(
                actor=request.actor, organisation=form.chosen.organisation, subject=form.chosen.subject,
                grade=form.chosen.grade, draft=form.draft(request.POST.getlist("choice")), source="", at=now(),
            )  # fmt: skip
            if "another" in request.POST:
                response = see_other("assessment:new_question")
                response["Location"] += "?" + urlencode({"shelf": form.chosen.key})
            else:
                response = see_other("assessment:question", made.public_id)
            return flash.say(response, _("Đã thêm câu hỏi vào ngân hàng."))
    typed = request.POST.getlist("choice")
    context = {
        "form": form,
        "typed": [*typed, *[""] * max(4 - len(typed), 0)],
        "key": request.POST.get("key", ""),
        "has_shelves": bool(form.fields["shelf"].choices),  # type: ignore[attr-defined]  # a ChoiceField
    }
    return page(request, "assessment/new_question.html", context)


def question(request: Request, public_id: UUID) -> HttpResponse:
    """One question: as pupils see it, and to be corrected."""
    row = queries.question_of(request.actor, public_id)
    choices = queries.choices_of(row)
    is_sent = request.method == "POST"
    form = DraftForm(request.POST if is_sent else None, request.FILES if is_sent else None, initial=_initial(row))
    if form.is_valid():
        with refusals_on(form):
            revised = actions.revise_question(
                actor=request.actor, question=row, draft=form.draft(request.POST.getlist("choice")), at=now()
            )
            response = see_other("assessment:question", revised.public_id)
            is_new = revised.id != row.id
            return flash.say(response, _("Đã lưu thành bản mới.") if is_new else _("Đã lưu câu hỏi."))
    typed = request.POST.getlist("choice") or [choice.content for choice in choices]
    outcomes = queries.outcomes_of(row)
    context = {
        "question": row,
        "form": form,
        "typed": [*typed, *[""] * max(MOST_CHOICES - 2 - len(typed), 0)],
        "key": request.POST.get("key") or next((c.position for c in choices if c.is_key), ""),
        "stem": shown(row.stem),
        "choices": [(choice.position, shown(choice.content), choice.is_key) for choice in choices],
        "explanation": shown(row.explanation),
        "outcomes": outcomes,
        "to_tag": queries.outcomes_to_tag(row.subject_id, row.grade),
        "tagged": {outcome.id for outcome in outcomes},
        "states": state_labels(),
        "levels": LEVELS,
    }
    return page(request, "assessment/question.html", context)


@require_POST
def question_outcomes(request: Request, public_id: UUID) -> HttpResponse:
    """Say which outcomes a question asks for."""
    row = queries.question_of(request.actor, public_id)
    ticked = set(request.POST.getlist("outcome"))
    chosen = [one for one in queries.outcomes_to_tag(row.subject_id, row.grade) if str(one.id) in ticked]
    actions.tag_question(actor=request.actor, question=row, outcomes=chosen)
    return flash.say(see_other("assessment:question", row.public_id), _("Đã lưu yêu cầu cần đạt."))


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
    state, level = given.get("state", ""), given.get("level", "")
    return BankFilter(
        subject_id=_whole(given.get("subject", "")),
        grade=_whole(given.get("grade", "")),
        outcome_id=_whole(given.get("outcome", "")),
        state=state if state in Question.State.values else "",
        level=level if level in Question.Level.values else "",
        is_untagged=given.get("outcome") == "untagged",
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
    return {"stem": row.stem, "explanation": row.explanation, "level": row.level}


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None
