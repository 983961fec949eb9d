"""The pages of a school's year over real HTTP: rolls and their log, the timetable, marks of the year, money, the desk.

For each the processor time of the whole node, and queries.
"""

from collections.abc import Iterator, Sequence

from bench import node, visitor
from bench.node import Node
from bench.row import Row
from bench.visitor import Visitor

INVOICED = 500
Pages = Sequence[tuple[str, str]]


def rows() -> Iterator[Row]:
    """Every page; one after the other, on a node at rest."""
    with node.serving() as at:
        visitor.work_on_its_database()
        who = [*_of_rolls(at), *_of_year(at), *_of_money(at)]
        visitor.leave_its_database()
        _all_there(who)
        node.rest(at)
        for visits, pages in who:
            for name, path in pages:
                yield from visitor.page(name, visits, path)
        visitor.leave_its_database()


def _all_there(who: Sequence[tuple[Visitor, Pages]]) -> None:
    """Ask for every page once, so that a page that moved is told before the first is measured, and all at once."""
    answers = {path: visits.status(path) for visits, pages in who for _name, path in pages}
    if wrong := {path: status for path, status in answers.items() if status != 200}:
        raise RuntimeError(f"no pages: {wrong}")


def _of_rolls(at: Node) -> Iterator[tuple[Visitor, Pages]]:
    """At a school of forty classes of 45, on a day with one roll taken, in a week whose log is written."""
    from bench import bench_rolls, taught_today  # their models need Django set up
    from khue.foundation import clock

    taught = taught_today.taught_today()
    mine = taught.teachers[0]
    lesson, school_class = f"/attendance/{mine.slots[0]}/{clock.today()}/", mine.school_class
    teacher, head = Visitor(at).bearing(mine.session), Visitor(at).bearing(taught.head)
    teacher.post(f"{lesson}send/", **bench_rolls.roll_of(mine.pupils, 0)).raise_for_status()
    yield teacher, [
        ("roll_45", lesson), ("roll_list", "/attendance/"), ("lesson_log", f"{lesson}log/"),
        ("log_week", f"/attendance/logs/{school_class}/"), ("absences", f"/attendance/classes/{school_class}/"),
        ("unwritten", "/attendance/unwritten/"), ("timetable_teacher", "/timetable/"),
    ]  # fmt: skip
    yield head, [
        ("day_sheet", "/attendance/school/"), ("log_months", "/attendance/logs/"),
        ("timetable_class", f"/timetable/?view=class&of={school_class}"), ("timetable_first", "/timetable/"),
        ("marks_classes", "/marks/classes/"),
    ]  # fmt: skip


def _of_year(at: Node) -> Iterator[tuple[Visitor, Pages]]:
    """At a school with a class of 45 whose year is worked out, and sixty of each paper."""
    from bench import working_year
    from tests.world import TODAY

    made = working_year.working_year()
    marks, pupil = f"/marks/classes/{made.school_class}/", f"/marks/pupils/{made.pupil}/"
    yield Visitor(at).bearing(made.teacher), [
        ("marks_sheet", marks), ("marks_conduct", f"{marks}conduct/1/"),
        ("marks_meeting", f"{marks}meeting/"), ("marks_pupil_year", f"{pupil}year/"), ("marks_report", pupil),
        ("tasks", "/work/tasks/"), ("leave", "/work/leave/"),
    ]  # fmt: skip
    yield Visitor(at).bearing(made.head), [
        ("marks_missing", "/marks/missing/"), ("marks_levels", "/marks/levels/"), ("moving_up", "/marks/moving-up/"),
        ("marks_decisions", f"{pupil}decisions/"), ("documents", "/work/documents/"),
        ("documents_sent", "/work/documents/?way=out"), ("document_arrived", f"/work/documents/{made.arrived}/"),
        ("document_sent", f"/work/documents/{made.released}/"), ("calendar", f"/work/week/?week={TODAY}"),
        ("meetings", "/work/meetings/"), ("minutes", f"/work/meetings/{made.meeting}/"),
        ("minutes_form", "/work/meetings/write/"), ("minutes_edit", f"/work/meetings/{made.meeting}/edit/"),
        ("venues", "/work/venues/"), ("head_home", "/"),
    ]  # fmt: skip
    yield (
        Visitor(at).bearing(made.guardian),
        [("guardian_year", f"{pupil}year/"), ("guardian_notice", f"{pupil}notice/")],
    )


def _of_money(at: Node) -> Iterator[tuple[Visitor, Pages]]:
    """At a school with ten thousand invoices, half of them paid."""
    from bench import billed, demonstration

    made = billed.billed("năm học", INVOICED)
    billed.half_paid(made)
    yield Visitor(at).bearing(demonstration.session_of(made.clerk)), [
        ("invoices_10000", "/payments/"), ("invoices_10000_late", "/payments/?state=late"),
        ("invoices_10000_named", "/payments/?q=nguyen+van+a1"), ("desk_10000", "/payments/today/"),
        ("transfers", "/payments/transfers/"), ("statements", "/payments/statements/"), ("fees", "/payments/fees/"),
        ("days", "/payments/days/"),
    ]  # fmt: skip
    yield Visitor(at).bearing(demonstration.session_of(made.guardians[7])), [("family_invoices", "/payments/")]
