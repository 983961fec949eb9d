"""Pages of teaching: the grid of a grade, one class-subject, everybody's load, the electives of a class."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.curriculum import queries as curriculum
from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import today
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.schools import actions, queries
from khue.schools.access import Permission
from khue.schools.forms.fields import offer
from khue.schools.forms.teaching import ElectivesForm, OfferForm, PeriodsForm, TeachersForm
from khue.schools.models import ClassSubject, SchoolClass, SchoolYear
from khue.schools.views.years import chosen_year, year_choices

ELECTIVE_GRADES = range(10, 13)
#: So many teachers stand on a page of loads, those with too much before the others.
LOADS_PAGE = 36


@require_safe
def teaching(request: Request) -> HttpResponse:
    """Class x subject of one grade: who teaches what."""
    require(request.actor, Permission.TEACHING_WRITE, within=None)
    year, years = chosen_year(request, Permission.TEACHING_WRITE)
    grades = queries.grades_of_year(year) if year else []
    asked = request.GET.get("grade", "")
    grade = next((each for each in grades if str(each) == asked), grades[0] if grades else 0)
    context = {
        "year": year,
        "years": year_choices(years),
        "grade": grade,
        "tabs": _tabs(year, grades, grade),
        "grid": queries.teaching_grid(year, grade, today()) if year and grades else None,
        "chooses": grade in ELECTIVE_GRADES,
    }
    return page(request, "schools/teaching.html", context)


@require_POST
def add_subjects(request: Request, year_id: UUID) -> HttpResponse:
    """Give the classes of a year the subjects of the programme."""
    year = queries.year_of(request.actor, year_id)
    count = actions.add_programme_subjects(actor=request.actor, school_year=year)
    answer = see_other("schools:teaching")
    answer["Location"] += f"?year={year.public_id}"
    return flash.say(answer, _("Đã thêm %(count)s môn của chương trình vào các lớp.") % {"count": count})


@require_http_methods(["GET", "HEAD", "POST"])
def teachers(request: Request, public_id: UUID) -> HttpResponse:
    """Who teaches one class-subject, with which share; perhaps the same in other classes."""
    found = _class_subject(request, public_id)
    year = found.school_class.school_year
    form = TeachersForm(
        request.POST or None,
        staff=queries.staff_at(found.organisation_id, max(today(), year.starts_on)),
        strands=curriculum.strands_of(found.subject, found.school_class.grade),
        present=queries.shares_of_one(found, today()),
        beside=queries.same_subject_beside(found),
        on=max(today(), year.starts_on),
    )
    if form.is_valid():
        with refusals_on(form):
            actions.assign_teachers(
                actor=request.actor,
                class_subjects=[found, *form.also_for],
                shares=form.shares,
                on=form.cleaned_data["on"],
            )
            return flash.say(_to_grid(found), _("Đã lưu phân công."))
    periods = PeriodsForm(initial={"term_1": found.weekly_periods_term_1, "term_2": found.weekly_periods_term_2})
    return _teachers_page(request, found, form, periods)


@require_POST
def periods(request: Request, public_id: UUID) -> HttpResponse:
    """Correct the periods a week."""
    found = _class_subject(request, public_id)
    form = PeriodsForm(request.POST)
    if form.is_valid():
        actions.change_periods(actor=request.actor, class_subject=found, **form.cleaned_data)
        return flash.say(_to_grid(found), _("Đã lưu số tiết."))
    return flash.say(
        see_other("schools:teachers", public_id), _("Số tiết chưa đúng: ghi một số từ 0 đến 40."), tone="late"
    )


@require_safe
def loads(request: Request) -> HttpResponse:
    """Periods a week of every teacher against what is owed, whoever has too much first."""
    require(request.actor, Permission.TEACHING_WRITE, within=None)
    year, years = chosen_year(request, Permission.TEACHING_WRITE)
    term = 2 if request.GET.get("term") == "2" else 1
    found = queries.teacher_loads(year, term, max(today(), year.starts_on)) if year else []
    teaching = [row for row in found if row.load is not None]
    teaching.sort(key=lambda row: not (row.load and row.load.is_too_much))
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isdecimal() and asked != "0" else 1
    context = {
        "year": year,
        "years": year_choices(years),
        "term": term,
        "rows": teaching[(number - 1) * LOADS_PAGE : number * LOADS_PAGE],
        "taught": len(teaching),
        "next": _loads_page(year, term, number + 1) if year and len(teaching) > number * LOADS_PAGE else "",
        "previous": _loads_page(year, term, number - 1) if year and number > 1 else "",
        "idle": [row for row in found if row.load is None and row.staff.position == "teacher"],
        "over": sum(row.load.is_too_much for row in teaching if row.load),
        "tabs": _tabs(year, queries.grades_of_year(year) if year else [], 0),
    }
    return page(request, "schools/loads.html", context)


def _loads_page(year: SchoolYear, term: int, number: int) -> str:
    return f"?year={year.public_id}&term={term}&page={number}"


@require_http_methods(["GET", "HEAD", "POST"])
def electives(request: Request, public_id: UUID) -> HttpResponse:
    """Which elective each pupil of a class takes."""
    school_class = _class(request, public_id)
    day = max(today(), school_class.school_year.starts_on)
    table = queries.elective_table(school_class, day)
    form = ElectivesForm(request.POST or None, initial={"on": day})
    chosen = _ticked(request, table) if request.method == "POST" else table.chosen
    if form.is_valid():
        with refusals_on(form):
            by_pupil = {
                pupil.enrolment_id: [key for place, key in chosen if place == pupil.enrolment_id]
                for pupil in table.pupils
            }
            actions.choose_electives(
                actor=request.actor, school_class=school_class, chosen=by_pupil, on=form.cleaned_data["on"]
            )
            return flash.say(see_other("schools:electives", public_id), _("Đã lưu môn lựa chọn của lớp."))
    context = {
        "school_class": school_class,
        "table": table,
        "chosen": chosen,
        "form": form,
        "offer": _offer_form(school_class, table),
        "plan": curriculum.grade_plan(school_class.grade, school_class.school_year.starts_on),
    }
    return page(request, "schools/electives.html", context, status=422 if form.errors else 200)


@require_POST
def offer_elective(request: Request, public_id: UUID) -> HttpResponse:
    """Offer the class one more elective."""
    school_class = _class(request, public_id)
    form = _offer_form(school_class, queries.elective_table(school_class, today()), request.POST)
    if not form.is_valid():
        return flash.say(see_other("schools:electives", public_id), _("Hãy chọn một môn."), tone="late")
    actions.offer_elective(actor=request.actor, school_class=school_class, subject=form.cleaned_data["subject"])
    return flash.say(see_other("schools:electives", public_id), _("Đã thêm môn lựa chọn cho lớp."))


def _offer_form(school_class: SchoolClass, table: queries.ElectiveTable, data: object = None) -> OfferForm:
    have = {row.subject_id for row in table.electives}
    plans = curriculum.subjects_in(school_class.grade, school_class.school_year.starts_on, block="elective")
    form = OfferForm(data)  # type: ignore[arg-type]  # request.POST
    offer(
        form,
        "subject",
        [(plan.subject, curriculum.subject_named(plan.subject.name)) for plan in plans if plan.subject_id not in have],
    )
    return form


def _ticked(request: Request, table: queries.ElectiveTable) -> frozenset[tuple[int, int]]:
    offered = {(pupil.enrolment_id, row.id) for pupil in table.pupils for row in table.electives}
    ticked = set(request.POST.getlist("choice"))
    return frozenset(pair for pair in offered if f"{pair[0]}-{pair[1]}" in ticked)


def _teachers_page(request: Request, found: ClassSubject, form: TeachersForm, periods: PeriodsForm) -> HttpResponse:
    context = {"class_subject": found, "form": form, "periods": periods}
    return page(request, "schools/teachers.html", context, status=422 if form.errors else 200)


def _class_subject(request: Request, public_id: UUID) -> ClassSubject:
    found = queries.class_subject_of(request.actor, public_id)
    require(request.actor, Permission.TEACHING_WRITE, within=found)
    return found


def _class(request: Request, public_id: UUID) -> SchoolClass:
    found = queries.class_of(request.actor, public_id)
    require(request.actor, Permission.TEACHING_WRITE, within=found)
    return found


def _to_grid(found: ClassSubject) -> HttpResponse:
    answer = see_other("schools:teaching")
    answer["Location"] += f"?year={found.school_class.school_year.public_id}&grade={found.school_class.grade}"
    return answer


def _tabs(year: SchoolYear | None, grades: list[int], grade: int) -> list[tuple[str, str, bool]]:
    if year is None:
        return []
    here = see_other("schools:teaching")["Location"] + f"?year={year.public_id}"
    loads = see_other("schools:loads")["Location"] + f"?year={year.public_id}"
    return [
        *((_("Khối %(grade)s") % {"grade": each}, f"{here}&grade={each}", each == grade) for each in grades),
        (_("Số tiết giáo viên"), loads, grade == 0),
    ]
