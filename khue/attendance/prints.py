"""The lesson log on paper, filled for the worker that prints it."""

from datetime import date, timedelta
from uuid import UUID

from django.utils.text import slugify

from khue.attendance import queries
from khue.attendance.access import Permission
from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound
from khue.foundation.prints import Arguments, Sheet
from khue.foundation.text import fold
from khue.schools import queries as schools
from khue.schools.models import SchoolClass

WEEK = "attendance.print_week"
WEEKDAYS = ("", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def readable_class(actor: Actor, class_id: UUID) -> SchoolClass:
    """A class whose log the actor reads: teachers and the office, not its pupils and their families."""
    school_class = schools.class_of(actor, class_id)
    if not actor.may(Permission.ROLL_READ, school_class):
        raise NotFound
    return school_class


def week(actor: Actor, arguments: Arguments) -> Sheet:
    """Sổ ghi đầu bài of a class for a week on A4 across, for the files and for inspections."""
    school_class = readable_class(actor, UUID(str(arguments["class"])))
    monday = date.fromisoformat(str(arguments["monday"]))
    paper = queries.week_paper(school_class, monday)
    shown = {
        "school_class": school_class,
        "paper": paper,
        "weekdays": WEEKDAYS,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "today": clock.today(),
    }
    room = slugify(fold(school_class.name).replace(".", "-"))
    name = f"so-ghi-dau-bai-{room}-{monday.isoformat()}"
    return Sheet("attendance/paper/week.html", shown, name, len(paper.week.lines))
