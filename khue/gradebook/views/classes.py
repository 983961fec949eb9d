"""Pages of a class's year: result sheet, conduct, the meeting, windows."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from khue.foundation import clock, flash, spreadsheets
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.foundation.spreadsheets import Cell
from khue.gradebook import actions, queries
from khue.gradebook.access import Permission
from khue.gradebook.forms import WINDOW_KINDS, MeetingForm, WindowForm
from khue.gradebook.forms.conduct import CHOICES, LONGEST_COMMENT, TONES, ConductForm
from khue.gradebook.rule_sets import Level
from khue.schools import queries as schools
from khue.schools.models import SchoolClass, Term

#: Word and tone of how far a class's year has come.
MEETING_STATES = {
    "open": (gettext_lazy("chưa họp xét"), ""),
    "waiting": (gettext_lazy("chờ duyệt"), "soon"),
    "approved": (gettext_lazy("đã duyệt"), "good"),
}


def classes(request: Request) -> HttpResponse:
    """The classes whose results the actor oversees."""
    found = queries.result_classes(request.actor, clock.today())
    moves_up = request.actor.may(Permission.YEAR_DECIDE)
    if len(found) == 1 and not moves_up:
        return see_other("gradebook:sheet", found[0].public_id)
    standing = queries.standing_of_meetings(found)
    rows = [(one, _state(one, standing)) for one in found]
    asked = request.GET.get("state", "")
    shown = {
        "rows": [row for row in rows if asked in ("", row[1])],
        "asked": asked,
        "waiting": sum(state == "waiting" for _one, state in rows),
        "moves_up": moves_up,
        "states": MEETING_STATES,
    }
    return page(request, "gradebook/classes.html", shown)


def _state(one: SchoolClass, standing: Mapping[int, bool]) -> str:
    """How far the class's year has come, a key of MEETING_STATES; "" where it has no meeting."""
    if queries.is_primary(one):
        return ""
    return {None: "open", False: "waiting", True: "approved"}[standing.get(one.id)]


def sheet(request: Request, class_id: UUID) -> HttpResponse:
    """The result sheet of a class for a term or the year, also for print on A3."""
    found = queries.result_class_of(request.actor, class_id)
    if queries.is_primary(found):
        return see_other("gradebook:primary", found.public_id)
    period = _period(request) if "period" in request.GET else queries.period_in_view(found, clock.today())
    shown = {
        "school_class": found,
        "sheet": queries.sheet_of(request.actor, found, period),
        "meeting": queries.meeting_of(found),
        "may_approve": request.actor.may(Permission.YEAR_DECIDE, found),
        "may_write": request.actor.may(Permission.CLASS_WRITE, found),
    }
    return page(request, "gradebook/sheet.html", shown)


def sheet_file(request: Request, class_id: UUID) -> HttpResponseBase:
    """The result sheet as an Excel file."""
    found = queries.result_class_of(request.actor, class_id)
    made = queries.sheet_of(request.actor, found, _period(request))
    columns = [
        (_("STT"), 6), (_("Họ và tên"), 28), *((name, 12) for name in made.subjects), (_("Học tập"), 12),
        (_("Rèn luyện"), 12), (_("Số buổi nghỉ"), 12), (_("Kết quả"), 22), (_("Danh hiệu"), 22),
    ]  # fmt: skip
    lines: Iterator[Sequence[Cell]] = (
        (number, row.full_name, *row.results, row.study, row.conduct, row.absent, row.outcome, row.award)
        for number, row in enumerate(made.rows, start=1)
    )
    return spreadsheets.download(_("Bảng tổng hợp kết quả %(name)s") % {"name": found.name}, columns, lines)


@require_POST
def recompute(request: Request, class_id: UUID) -> HttpResponse:
    """Work out the class's year again."""
    found = queries.result_class_of(request.actor, class_id)
    pupils = [pupil.enrolment_id for pupil in queries.members_of(found)]
    actions.recompute_years(actor=request.actor, school_year=found.school_year, enrolment_ids=pupils, at=clock.now())
    return flash.say(see_other("gradebook:sheet", found.public_id), _("Đã tính lại kết quả của lớp."))


def conduct(request: Request, class_id: UUID, number: int) -> HttpResponse:
    """Conduct, absences and a comment of each pupil in a term."""
    found = queries.result_class_of(request.actor, class_id)
    term = _term(found, number)
    pupils = queries.members_of(found)
    typed = request.POST.dict()
    if "fill" in typed:  # most of a class is "Tốt": the teacher chooses only who is not
        best = {f"level{pupil.enrolment_id}": str(Level.GOOD.value) for pupil in pupils}
        typed |= {name: level for name, level in best.items() if not typed.get(name)}
    form = ConductForm(typed or None, pupils=pupils, recorded=queries.conduct_of(found, term))
    if form.is_valid():
        with refusals_on(form):
            actions.record_conduct(
                actor=request.actor, school_class=found, term=term, typed=form.typed(), at=clock.now()
            )
            said = _("Đã lưu rèn luyện học kì %(number)s lớp %(name)s.") % {"number": number, "name": found.name}
            return flash.say(see_other("gradebook:sheet", found.public_id), said)
    shown = {
        "school_class": found,
        "term": term,
        "form": form,
        "levels": [(value, str(label), TONES[value]) for value, label in CHOICES],
        "longest": LONGEST_COMMENT,
        "phrases": queries.phrases_of(request.actor, found),
    }
    return page(request, "gradebook/conduct.html", shown, status=422 if form.errors else 200)


def meeting(request: Request, class_id: UUID) -> HttpResponse:
    """Minutes of the meeting on the year, which submits the class's results to the head."""
    found = queries.result_class_of(request.actor, class_id)
    held = queries.meeting_of(found)
    initial = {"held_on": held.held_on if held else clock.today(), "minutes": held.minutes if held else ""}
    form = MeetingForm(request.POST or None, initial=initial)
    if form.is_valid():
        with refusals_on(form):
            actions.record_meeting(actor=request.actor, school_class=found, at=clock.now(), **form.cleaned_data)
            return flash.say(see_other("gradebook:sheet", found.public_id), _("Đã lưu biên bản và trình hiệu trưởng."))
    shown = {"school_class": found, "held": held, "form": form}
    return page(request, "gradebook/meeting.html", shown, status=422 if form.errors else 200)


@require_POST
def approve_meeting(request: Request, class_id: UUID) -> HttpResponse:
    """The head approves the class's year."""
    found = queries.result_class_of(request.actor, class_id)
    held = queries.meeting_of(found)
    if held is None:
        raise NotFound
    actions.approve_meeting(actor=request.actor, meeting=held, at=clock.now())
    said = _("Đã duyệt kết quả cả năm của lớp %(name)s.") % {"name": found.name}
    return flash.say(see_other("gradebook:classes"), said)


def windows(request: Request) -> HttpResponse:
    """The head says when marks of each kind may be entered this term."""
    term = _own_term(request)
    kept = queries.windows_of(term)
    form = WindowForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.set_window(actor=request.actor, term=term, **form.cleaned_data)
            return flash.say(see_other("gradebook:windows"), _("Đã đặt thời hạn nhập điểm."))
    lines = [(kind, label, kept.get(kind)) for kind, label in WINDOW_KINDS]
    shown = {"term": term, "lines": lines, "form": form}
    return page(request, "gradebook/windows.html", shown, status=422 if form.errors else 200)


@require_POST
def remove_window(request: Request, kind: str) -> HttpResponse:
    """Marks of a kind may be entered at any time again."""
    actions.remove_window(actor=request.actor, term=_own_term(request), kind=kind)
    return see_other("gradebook:windows")


def _places(request: Request) -> list[int]:
    """The schools where the actor reads marks."""
    return sorted(request.actor.organisations(Permission.MARK_READ) or ())[:20]


def _own_term(request: Request) -> Term:
    places = sorted(request.actor.organisations(Permission.WINDOW_WRITE) or ())
    found = [term for place in places[:20] if (term := schools.current_term(place, clock.today()))]
    if not found:
        raise NotFound
    return found[0]


def _period(request: HttpRequest) -> int:
    """1 or 2 for a term, 0 for the year."""
    return {"1": 1, "2": 2}.get(request.GET.get("period", ""), 0)


def _term(school_class: SchoolClass, number: int) -> Term:
    for term in schools.terms_of(school_class.school_year):
        if term.number == number:
            return term
    raise NotFound
