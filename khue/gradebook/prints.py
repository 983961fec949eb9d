"""The long forms of the gradebook, filled for the worker that prints them."""

from uuid import UUID

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound
from khue.foundation.prints import Arguments, Sheet
from khue.gradebook import labels, queries
from khue.gradebook.primary_items import MOMENTS
from khue.schools import queries as schools
from khue.schools.models import SchoolClass
from khue.schools.queries import Member

ALL_CLASSES, ALL_NOTICES = "gradebook.print_all_classes", "gradebook.print_all_notices"
BOOK, CLASS, NOTICES = "gradebook.print_book", "gradebook.print_class", "gradebook.print_notices"


def book(actor: Actor, arguments: Arguments) -> Sheet:
    """Sổ theo dõi và đánh giá học sinh (của giáo viên): one class-subject in one term, on A4 across."""
    found = queries.book_of(actor, UUID(str(arguments["book"])))
    made = queries.book_paper_of(found)
    shown = {"book": found, "made": made, "labels": labels, **heading(found.class_subject.school_class)}
    name = labels.file_name(found, "So theo doi")
    return Sheet("gradebook/paper/book.html", shown, name, len(made.grid.rows))


def class_sheet(actor: Actor, arguments: Arguments) -> Sheet:
    """Bảng tổng hợp kết quả đánh giá of a class, on A3 across: for a term or the year, in primary for a moment."""
    found = queries.result_class_of(actor, UUID(str(arguments["class"])))
    if queries.is_primary(found):
        return _primary_class(found, int(arguments["moment"]))
    sheet = queries.sheet_of(actor, found, int(arguments["period"]))
    period = period_name(sheet.period)
    shown = {
        "sheet": sheet,
        "totals": queries.sheet_totals(sheet),
        "lines": schools.subject_lines(found, queries.day_of(found)),
        "meeting": queries.meeting_of(found),
        "period": period,
        **heading(found),
    }
    name = labels.safe_name("Bang tong hop", found.name, period, found.school_year.code)
    return Sheet("gradebook/paper/class.html", shown, name, len(sheet.rows))


def _primary_class(found: SchoolClass, moment: int) -> Sheet:
    items = queries.items_of(found)
    said, rows = str(dict(MOMENTS)[moment]), queries.primary_rows(found, items, moment)
    shown = {
        "items": items,
        "tested": queries.tested_items(items, found.grade, moment),
        "rows": rows,
        "moment": said,
        "is_end": moment == len(MOMENTS),
        "labels": labels,
        **heading(found),
    }
    name = labels.safe_name("Bang tong hop", found.name, said, found.school_year.code)
    return Sheet("gradebook/paper/primary_class.html", shown, name, len(rows))


def notices(actor: Actor, arguments: Arguments) -> Sheet:
    """The notices of a whole class in one file, a sheet for each pupil."""
    found = queries.result_class_of(actor, UUID(str(arguments["class"])))
    if not (pupils := queries.members_of(found)):
        raise NotFound
    return notices_of(found, pupils, found.name, int(arguments["period"]))


def notices_of(found: SchoolClass, pupils: list[Member], whose: str, period: int) -> Sheet:
    """The notices of some pupils of a class."""
    if queries.is_primary(found):
        shown = {"reports": queries.primary_reports_of(found, pupils), "moments": MOMENTS, **heading(found)}
        name = labels.safe_name("Phieu ket qua", whose, found.school_year.code)
        return Sheet("gradebook/paper/primary_notices.html", shown, name, len(pupils))
    shown = {
        "notices": queries.notices_of(pupils, period),
        "period": period,
        "period_name": period_name(period),
        **heading(found),
    }
    name = labels.safe_name("Phieu bao ket qua", whose, period_name(period), found.school_year.code)
    return Sheet("gradebook/paper/notices.html", shown, name, len(pupils))


def classes_to_print(actor: Actor, arguments: Arguments) -> list[Arguments]:
    """One part for each class of the school that has pupils, in the order of classes."""
    place = int(arguments["organisation"])
    found = [one for one in queries.result_classes(actor, clock.today()) if one.organisation_id == place]
    return [
        {"class": str(one.public_id), "period": arguments["period"], "moment": len(MOMENTS)}
        for one in found
        if queries.members_of(one)
    ]


def heading(school_class: SchoolClass) -> dict[str, object]:
    """What stands above and below every form of a class."""
    return {
        "school_class": school_class,
        "heading": queries.heading_of(school_class),
        "homeroom_teacher": queries.homeroom_teacher_of(school_class),
        "today": clock.today(),
    }


def period_name(period: int) -> str:
    """Of 1 and 2 a term, of 0 the year."""
    return {1: "Học kì 1", 2: "Học kì 2"}.get(period, "Cả năm")
