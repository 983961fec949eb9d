"""The lesson log: one lesson, a class's week, what is not written, the plan of a subject."""

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khue.attendance import actions, queries
from khue.attendance.access import Permission
from khue.attendance.forms import LessonForm, PlanForm, RemarkForm
from khue.attendance.log_sheet import sheet_of
from khue.attendance.prints import WEEK, readable_class
from khue.attendance.views.days import monday_of
from khue.foundation import clock, flash, prints
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.foundation.weekdays import WEEKDAYS
from khue.schools import queries as schools
from khue.schools.models import SchoolClass
from khue.timetable import queries as timetable


def lesson(request: Request, slot_id: UUID, day: date) -> HttpResponse:
    """Write what was taught in one lesson, and sign it."""
    slot = timetable.slot_of(request.actor, slot_id)
    found = queries.roll_of(request.actor, slot, day)
    form = LessonForm(
        request.POST or None,
        log=found.log,
        offered=queries.prefilled(slot, day),
        rating=queries.log_rules(slot.organisation_id).rating,
    )
    if form.is_valid():
        with refusals_on(form):
            actions.sign_lesson(
                actor=request.actor,
                slot=slot,
                day=day,
                plan_number=form.cleaned_data["plan_number"],
                title=form.cleaned_data["title"],
                remark=form.cleaned_data["remark"],
                rating=form.cleaned_data.get("rating", ""),
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            )
            return flash.say(see_other("attendance:unwritten"), _("Đã kí sổ đầu bài."))
    context = {
        "slot": slot,
        "period": timetable.period_on(slot.id, day) or slot.period,
        "day": day,
        "log": found.log,
        "absent": [row for row in found.rows if row.kind] if found.log else [],
        "form": form,
        "may_write": queries.may_write(request.actor, slot, day, is_correction=True),
        "corrections": queries.corrections_of(found.log) if found.log else [],
    }
    return page(request, "attendance/lesson.html", context)


def unwritten(request: Request) -> HttpResponse:
    """What a teacher has not written of the last three weeks."""
    if not request.actor.may(Permission.ROLL_READ):
        raise NotFound
    desk = queries.roll_desk(schools.own_staff(request.actor), clock.today(), clock.now())
    return page(request, "attendance/unwritten.html", {"lessons": desk.unwritten})


def week(request: Request, class_id: UUID) -> HttpResponseBase:
    """A class's log of a week, as the printed form looks; ?export=xlsx saves it."""
    school_class = _class(request, class_id)
    monday = monday_of(request.GET.get("week", ""))
    found = queries.week_log(school_class, monday)
    if "export" in request.GET:
        return sheet_of(school_class, found)
    return _week(request, school_class, monday, RemarkForm(initial=_remark(found)), found)


def _class(request: Request, class_id: UUID) -> SchoolClass:
    return readable_class(request.actor, class_id)


def _remark(found: queries.WeekLog) -> dict[str, str]:
    return {"remark": found.closed.remark if found.closed else ""}


def _week(
    request: Request, school_class: SchoolClass, monday: date, form: RemarkForm, found: queries.WeekLog
) -> HttpResponse:
    context = {
        "school_class": school_class,
        "week": found,
        "days": queries.by_day(found),
        "weekdays": WEEKDAYS,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "previous": monday - timedelta(days=7),
        "next": monday + timedelta(days=7),
        "form": form,
        "oversees": request.actor.may(Permission.DAY_READ, school_class),
        "may_close": schools.is_homeroom_of(request.actor, school_class),
        "today": clock.today(),
    }
    return page(request, "attendance/week.html", context)


@require_POST
def week_paper(request: Request, class_id: UUID) -> HttpResponse:
    """Have the log of a class for a week printed."""
    school_class = _class(request, class_id)
    monday = monday_of(request.GET.get("week", ""))
    job = prints.ask(
        actor=request.actor, kind=WEEK, about=f"{school_class.name}, {monday:%d/%m/%Y}",
        organisation_id=school_class.organisation_id, at=clock.now(),
        arguments={"class": str(class_id), "monday": monday.isoformat()},
    )  # fmt: skip
    return see_other("foundation:job", job.public_id)


@require_POST
def close(request: Request, class_id: UUID) -> HttpResponse:
    """Close a week, or open it again."""
    school_class = _class(request, class_id)
    monday = monday_of(request.POST.get("week", ""))
    form = RemarkForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            if "reopen" in request.POST:
                actions.reopen_week(actor=request.actor, school_class=school_class, monday=monday)
            else:
                actions.close_week(
                    actor=request.actor, school_class=school_class, monday=monday,
                    remark=form.cleaned_data["remark"], at=clock.now(),
                )  # fmt: skip
            return _back_to(school_class, monday)
    return _week(request, school_class, monday, form, queries.week_log(school_class, monday))


def _back_to(school_class: SchoolClass, monday: date) -> HttpResponse:
    response = see_other("attendance:week", school_class.public_id)
    response.headers["Location"] += f"?week={monday.isoformat()}"
    return response


def plan(request: Request, class_subject_id: UUID) -> HttpResponse:
    """The plan of a subject for the grade, a line a period."""
    class_subject = schools.class_subject_of(request.actor, class_subject_id)
    if not request.actor.may(Permission.ROLL_READ, class_subject):
        raise NotFound
    planned = queries.plan_of(class_subject)
    form = PlanForm(request.POST or None, initial={"lines": "\n".join(each.title for each in planned)})
    if form.is_valid():
        count = actions.set_plan(actor=request.actor, class_subject=class_subject, titles=form.titles())
        text = _("Đã lưu %(count)s tiết.") % {"count": count}
        return flash.say(see_other("attendance:plan", class_subject_id), text)
    return page(request, "attendance/plan.html", {"form": form, "class_subject": class_subject, "count": len(planned)})
