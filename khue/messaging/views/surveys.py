"""Pages of surveys: writing one, asking, answering, what it brought."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import clock, flash, spreadsheets
from khue.foundation.errors import Forbidden, NotFound, Refusal, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.messaging import actions, queries
from khue.messaging.announcements_seen import Reach
from khue.messaging.forms.surveys import AnswerForm, QuestionForm, SurveyForm
from khue.messaging.models import Announcement, AnnouncementCopy, Survey
from khue.messaging.queries import Question, Results
from khue.messaging.views.announcements import classes_of_one_school


@require_http_methods(["GET", "POST"])
def write(request: Request) -> HttpResponse:
    """Begin a survey, perhaps with the questions of another."""
    classes = classes_of_one_school(request)
    offered = queries.surveys_to_copy(request.actor, classes[0].organisation_id)[:50]
    sources = {str(survey.announcement.public_id): survey for survey in offered}
    form = SurveyForm(
        request.POST or None, classes=classes, chosen=request.GET.getlist("class"),
        sources=[(key, survey.announcement.subject) for key, survey in sources.items()],
    )  # fmt: skip
    form.fields["source"].initial = request.GET.get("from", "")
    if form.is_valid():
        with refusals_on(form), transaction.atomic():
            made = actions.write_survey(
                actor=request.actor, draft=form.draft(), files=[], by_child=form.by_child,
                is_anonymous=form.cleaned_data["is_anonymous"], at=clock.now(),
            )  # fmt: skip
            source = sources.get(form.cleaned_data["source"])
            if source is not None and not queries.questions_of(made):
                actions.copy_questions(actor=request.actor, source=source, into=made)
            return see_other("messaging:survey_questions", made.announcement.public_id)
    return page(request, "messaging/survey_write.html", {"form": form}, status=422 if form.errors else 200)


def _survey(request: Request, public_id: UUID) -> tuple[Announcement, Survey, Reach]:
    found, reach = queries.followed_announcement(request.actor, public_id)
    survey: Survey | None = getattr(found, "survey", None)
    if survey is None:
        raise NotFound
    return found, survey, reach


@require_http_methods(["GET", "POST"])
def questions(request: Request, public_id: UUID) -> HttpResponse:
    """The questions: added, moved and taken out before the survey is told; afterwards only read."""
    found, survey, _reach = _survey(request, public_id)
    form = QuestionForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.add_question(actor=request.actor, survey=survey, question=form.question())
            return flash.say(see_other("messaging:survey_questions", public_id), _("Đã thêm câu hỏi."))
    context = {
        "announcement": found, "survey": survey, "questions": queries.questions_of(survey), "form": form,
        "classes": queries.class_names_of([found]).get(found.id, []),
    }  # fmt: skip
    return page(request, "messaging/survey_questions.html", context, status=422 if form.errors else 200)


@require_POST
def change_question(request: Request, public_id: UUID, question_id: UUID) -> HttpResponse:
    """Move a question up or down, or take it out."""
    _found, survey, _reach = _survey(request, public_id)
    question = next((row.row for row in queries.questions_of(survey) if row.row.public_id == question_id), None)
    if question is None:
        raise NotFound
    wanted = request.POST.get("do", "")
    if wanted == "remove":
        actions.remove_question(actor=request.actor, question=question)
    elif wanted in ("up", "down"):
        actions.move_question(actor=request.actor, question=question, up=wanted == "up")
    return see_other("messaging:survey_questions", public_id)


@require_POST
def tell(request: Request, public_id: UUID) -> HttpResponse:
    """Ask everybody it is for."""
    _found, survey, _reach = _survey(request, public_id)
    try:
        with transaction.atomic():
            count = actions.tell_survey(actor=request.actor, survey=survey, at=clock.now())
    except Refusal as refusal:
        return flash.say(see_other("messaging:survey_questions", public_id), str(refusal), tone="late")
    return flash.say(see_other("messaging:announcement", public_id), _("Đã gửi %(count)s phiếu.") % {"count": count})


@require_POST
def template(request: Request, public_id: UUID) -> HttpResponse:
    """Let colleagues copy the questions, or no longer."""
    _found, survey, _reach = _survey(request, public_id)
    actions.offer_as_template(actor=request.actor, survey=survey, is_template=not survey.is_template)
    said = _("Đồng nghiệp không còn thấy mẫu này.") if survey.is_template else _("Đồng nghiệp nay chép được mẫu này.")
    return flash.say(see_other("messaging:survey_questions", public_id), said)


@require_safe
def results(request: Request, public_id: UUID) -> HttpResponseBase:
    """What the survey brought, drawn and in figures; as a sheet with "export"."""
    found, survey, reach = _survey(request, public_id)
    brought = queries.results_of(survey, reach, clock.now())
    if "export" in request.GET:
        if brought.hidden:
            raise Forbidden
        return spreadsheets.download(_("Khảo sát"), *_sheet(survey, reach, brought))
    least = queries.LEAST_ANSWERS
    context = {"announcement": found, "survey": survey, "results": brought, "least": least}
    return page(request, "messaging/survey_results.html", context)


def _sheet(
    survey: Survey, reach: Reach, brought: Results
) -> tuple[list[tuple[str, int]], Iterator[Sequence[spreadsheets.Cell]]]:
    if survey.is_anonymous:
        columns = [(_("Câu hỏi"), 50), (_("Trả lời"), 40), (_("Số phiếu"), 10)]
        return columns, _summed_lines(brought)
    asked = [result.question for result in brought.by_question]
    columns = [(_("Lớp"), 10), (_("Học sinh"), 28), (_("Người trả lời"), 28), (_("Lúc"), 18)]
    columns += [(question.row.text[:200], 24) for question in asked]
    names = queries.class_names_by_id(survey.announcement)
    return columns, _reply_lines(survey, reach, asked, names)


def _summed_lines(brought: Results) -> Iterator[Sequence[spreadsheets.Cell]]:
    for result in brought.by_question:
        given = dict(result.texts) if result.texts else result.sum.counts
        for value, count in given.items():
            yield result.question.row.text, result.question.in_words(value), count


def _reply_lines(
    survey: Survey, reach: Reach, asked: Sequence[Question], names: dict[int, str]
) -> Iterator[Sequence[spreadsheets.Cell]]:
    for line in queries.replies_of(survey, reach, asked):
        words = [line.answers.get(question.row.id, "") for question in asked]
        yield names.get(line.class_id, ""), line.child, line.replied_by, line.replied_at, *words


@require_http_methods(["GET", "POST"])
def answer(request: Request, copy_id: UUID) -> HttpResponse:
    """Fill in the survey on one's own copy, and again while it runs where it is not anonymous."""
    copy = queries.copy_of(request.actor, copy_id)
    survey: Survey | None = getattr(copy.announcement, "survey", None)
    if survey is None:
        raise NotFound
    asked = queries.questions_of(survey)
    history = queries.own_replies(copy)
    form = AnswerForm(request.POST or None, questions=asked, standing=history[0].values if history else None)
    may_answer = bool(queries.own_decisions(request.actor, [copy]))
    if may_answer and form.is_valid():
        with refusals_on(form):
            return _answered(request, copy, form)
    context = {
        "copy": copy, "survey": survey, "form": form, "history": history, "asked": asked, "may_answer": may_answer,
        "is_open": copy.announcement.is_open(clock.now()),
    }  # fmt: skip
    return page(request, "messaging/survey_answer.html", context, status=422 if form.errors else 200)


def _answered(request: Request, copy: AnnouncementCopy, form: AnswerForm) -> HttpResponse:
    try:
        actions.answer_survey(actor=request.actor, copy=copy, typed=form.typed, at=clock.now())
    except actions.AnswersWrong as refusal:
        form.show(refusal)
        raise
    return flash.say(see_other("messaging:announcement", copy.announcement.public_id), _("Đã gửi. Cảm ơn đã trả lời."))
