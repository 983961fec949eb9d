"""Pages of planning: drafts, the board of one, its search, moving a lesson, publishing."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash, jobs, live
from khue.foundation.actor import require
from khue.foundation.clock import now, today
from khue.foundation.errors import NotFound, Refusal, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.foundation.text import name_sort_key
from khue.registry import queries as registry
from khue.schools import queries as schools
from khue.timetable import actions, labels, queries
from khue.timetable.access import Permission
from khue.timetable.forms import DraftForm, PublishForm, SearchForm
from khue.timetable.models import Draft, DraftLesson
from khue.timetable.planning.differences import differences
from khue.timetable.planning.frame import When
from khue.timetable.planning.trials import Trial, trials
from khue.timetable.planning.week import Planned
from khue.timetable.solver.checker import violations
from khue.timetable.solver.words import by_kind

Tried = tuple[When, Trial]
#: Of one kind of what is wrong.
MOST_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def drafts(request: Request) -> HttpResponse:
    """The drafts of a school, and a new one."""
    require(request.actor, Permission.TIMETABLE_WRITE, within=None)
    places = registry.working_places(request.actor, Permission.TIMETABLE_WRITE)
    terms = schools.terms_to_plan(places[0].id, today()) if places else []
    current = next((each for each in terms if each.ends_on >= today()), None)
    morning, afternoon = queries.usual_periods(places[0].id) if places else (5, 5)
    initial = {"term": str(current.public_id) if current else "", "last_weekday": 6, "morning": morning}
    found = list(queries.visible_drafts(request.actor)[:50])
    form = DraftForm(
        request.POST or None,
        terms=terms,
        initial={
            **initial,
            "title": _("Thời khoá biểu số %(number)s") % {"number": len(found) + 1},
            "afternoon": afternoon,
            "copies": True,
        },
        may_copy=bool(places) and queries.has_versions(places[0].id),
    )
    if form.is_valid():
        given = form.cleaned_data
        term = form.chosen_term
        made = actions.make_draft(
            actor=request.actor,
            term=term,
            title=given["title"],
            last_weekday=given["last_weekday"],
            periods=(given["morning"], given["afternoon"]),
            begins_with=queries.version_before(term.organisation_id, today() + timedelta(1))
            if given.get("copies")
            else None,
            at=now(),
        )
        return see_other("timetable:draft", made.public_id)
    context = {"drafts": found, "form": form, "may_make": bool(terms)}
    return page(request, "timetable/drafts.html", context, status=422 if form.errors else 200)


@require_safe
def draft(request: Request, public_id: UUID) -> HttpResponse:
    """The board of a draft: a grade as a grid, or one class day by day."""
    found = _draft(request, public_id)
    grades = schools.grades_of_year(found.term.school_year)
    asked = request.GET.get("grade", "")
    grade = next((each for each in grades if str(each) == asked), grades[0] if grades else 0)
    board = queries.board(found, grade)
    chosen = next((each for each in board.classes if str(each[1]) == request.GET.get("class", "")), None)
    here = reverse("timetable:draft", args=[public_id])
    context = {
        "draft": found,
        "board": board,
        "grade": grade,
        "tabs": [(_("Khối %(grade)s") % {"grade": each}, f"{here}?grade={each}", each == grade) for each in grades],
        "chosen": chosen or (board.classes[0] if board.classes else None),
        "days": [(day, labels.WEEKDAYS[day]) for day in range(1, found.last_weekday + 1)],
        "key_of": labels.key_of,
        "sessions": labels.SESSIONS,
        "form": SearchForm(),
        "has_places": bool(board.cells),
        "reasons": found.reasons.splitlines(),
        **_progress(request, found),
    }
    return page(request, "timetable/draft.html", context, fragment="board")


@require_safe
def progress(request: Request, public_id: UUID) -> HttpResponse:
    """How far the search is; the page is read anew when it is over."""
    found = _draft(request, public_id)
    answer = page(request, "timetable/draft_progress.html", {"draft": found, **_progress(request, found)})
    if found.job is None or found.job.is_over:
        answer["HX-Refresh"] = "true"
    return answer


@require_safe
def conflicts(request: Request, public_id: UUID) -> HttpResponse:
    """What the checker finds wrong with a draft, what must be mended first."""
    found = _draft(request, public_id)
    context = {"draft": found, **_wrong(queries.planned(found)), "missing": queries.readiness(found).without_teacher}
    return page(request, "timetable/conflicts.html", context, fragment="list")


@require_safe
def loads(request: Request, public_id: UUID) -> HttpResponse:
    """Periods of every teacher in a draft against what is owed."""
    found = _draft(request, public_id)
    rows = queries.loads_of(found)
    context = {"draft": found, "rows": rows, "heaps": queries.heaps_of(rows)}
    return page(request, "timetable/draft_loads.html", context)


@require_POST
def search(request: Request, public_id: UUID) -> HttpResponse:
    """Let the program search."""
    found, form = _draft(request, public_id), SearchForm(request.POST)
    if not form.is_valid():
        return flash.say(see_other("timetable:draft", public_id), _("Số giây từ 1 đến 600."), tone="late")
    try:
        actions.search_draft(actor=request.actor, draft=found, at=now(), **form.cleaned_data)
    except Refusal as refusal:
        return flash.say(see_other("timetable:draft", public_id), str(refusal), tone="late")
    return see_other("timetable:draft", public_id)


@require_POST
def renew(request: Request, public_id: UUID) -> HttpResponse:
    """Bring a draft in line with teaching and wishes."""
    try:
        count = actions.renew_draft(actor=request.actor, draft=_draft(request, public_id))
    except Refusal as refusal:
        return flash.say(see_other("timetable:draft", public_id), str(refusal), tone="late")
    return flash.say(
        see_other("timetable:draft", public_id), _("Đã cập nhật: %(count)s tiết thêm hoặc bớt.") % {"count": count}
    )


@require_POST
def discard(request: Request, public_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    actions.discard_draft(actor=request.actor, draft=_draft(request, public_id), at=now())
    return flash.say(see_other("timetable:drafts"), _("Đã bỏ bản nháp."), tone="info")


@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: Request, public_id: UUID, lesson_id: UUID) -> HttpResponse:
    """Move or lock one lesson: every place of the week with what would be wrong there. JSON for the board's script."""
    found = _draft(request, public_id)
    row = queries.lesson_of(found, lesson_id)
    is_script = request.headers.get("Accept") == "application/json"
    if request.method == "POST":
        try:
            _change(request, found, row)
        except Refusal as refusal:
            if is_script:
                return JsonResponse({"detail": str(refusal)}, status=422)
            return flash.say(see_other("timetable:lesson", public_id, lesson_id), str(refusal), tone="late")
        return JsonResponse({}) if is_script else _to_class(found, request)
    plan = queries.planned(found)
    number = next(place for place, each in enumerate(plan.lessons) if each.key == row.id)
    tried = trials(plan, number)
    if is_script:
        places = {labels.key_of(when): list(each.hard) for when, each in tried.items()}
        return JsonResponse({"name": plan.problem.blocks[number].name, "places": places})
    at = plan.lessons[number].at
    context = {
        "draft": found,
        "lesson": plan.lessons[number],
        "opened": at.weekday if at else 1,
        "name": plan.problem.blocks[number].name,
        "days": [
            (labels.WEEKDAYS[day], *_free_and_blocked(tried, at, day)) for day in range(1, found.last_weekday + 1)
        ],
        "key_of": labels.key_of,
        "said": labels.said,
        "sessions": labels.SESSIONS,
    }
    return page(request, "timetable/draft_lesson.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: Request, public_id: UUID) -> HttpResponse:
    """Put a draft into force: what is wrong, what changes for whom, from which day."""
    found = _draft(request, public_id)
    # The first timetable of a school is wanted at once, a new one from the beginning of a week.
    first_day = _next_monday() if queries.has_versions(found.organisation_id) else today()
    begin = min(max(first_day, found.term.starts_on), found.term.ends_on)
    form = PublishForm(request.POST or None, initial={"title": found.title, "valid_from": begin})
    if form.is_valid():
        with refusals_on(form):
            actions.publish_draft(actor=request.actor, draft=found, at=now(), **form.cleaned_data)
            answer = see_other("timetable:week")
            answer["Location"] += f"?week={form.cleaned_data['valid_from'].isoformat()}"
            return flash.say(answer, _("Đã công bố. Giáo viên và gia đình có thay đổi sẽ nhận được tin."))
    plan = queries.planned(found)
    before = queries.version_before(found.organisation_id, begin)
    changes = differences(queries.taught_in(before) if before else (), queries.taught_by_plan(plan))
    names = {key: plan.problem.resources[place].name for key, place in {**plan.classes}.items()}
    staff = {key: plan.problem.resources[place].name for key, place in plan.teachers.items()}
    context = {
        "draft": found,
        "form": form,
        **_wrong(plan),
        "before": before,
        "classes": sorted(
            ((names[key], each) for key, each in changes.classes.items() if key in names),
            key=lambda row: schools.by_number(row[0]),
        ),
        "teachers": sorted(
            ((staff[key], len(each)) for key, each in changes.teachers.items() if key in staff),
            key=lambda row: name_sort_key(row[0]),
        ),
        "said": labels.said,
    }
    return page(request, "timetable/publish.html", context, status=422 if form.errors else 200)


def _free_and_blocked(tried: Mapping[When, Trial], at: When | None, day: int) -> tuple[list[Tried], list[Tried]]:
    """The places of a day where the lesson fits, or is, and those where it does not."""
    of_day = [(when, each) for when, each in tried.items() if when.weekday == day]
    blocked = [(when, each) for when, each in of_day if each.hard and when != at]
    return [one for one in of_day if one not in blocked], blocked


def _draft(request: Request, public_id: UUID) -> Draft:
    found = queries.draft_of(request.actor, public_id)
    require(request.actor, Permission.TIMETABLE_WRITE, within=found)
    return found


def _progress(request: Request, found: Draft) -> dict[str, object]:
    is_running = found.job is not None and not found.job.is_over
    ticket = live.ticket(request.actor, [jobs.channel_of(found.job)], seconds=3600) if found.job and is_running else ""
    return {"is_running": is_running, "ticket": ticket, "seen": queries.latest_progress(found) if is_running else []}


def _wrong(plan: Planned) -> dict[str, object]:
    found = violations(plan.problem, plan.starts)
    hard = [each for each in found if each.is_hard]
    wishes = [each for each in found if not each.is_hard]
    return {
        "hard": by_kind(plan.problem, hard, most=MOST_SHOWN),
        "hard_count": len(hard),
        "wishes": by_kind(plan.problem, wishes, most=MOST_SHOWN),
        "wish_count": len(wishes),
    }


def _change(request: Request, found: Draft, row: DraftLesson) -> None:
    if "lock" in request.POST:
        is_locked = request.POST["lock"] == "1"
        return actions.lock_lesson(actor=request.actor, draft=found, lesson=row, is_locked=is_locked)
    key = request.POST.get("to", "")
    to = labels.when_of(key) if key else None
    if key and to is None:
        raise NotFound
    return actions.move_lesson(actor=request.actor, draft=found, lesson=row, to=to)


def _to_class(found: Draft, request: Request) -> HttpResponse:
    answer = see_other("timetable:draft", found.public_id)
    grade, school_class = request.GET.get("grade", ""), request.GET.get("class", "")
    if grade.isascii() and grade.isdecimal():
        answer["Location"] += f"?grade={int(grade)}"
        answer["Location"] += f"&class={UUID(school_class)}" if _is_uuid(school_class) else ""
    return answer


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _next_monday() -> date:
    return today() + timedelta(days=7 - today().weekday())
