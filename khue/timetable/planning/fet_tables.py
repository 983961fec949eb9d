"""The week that was found for a .fet file as the sheets of a workbook."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from khue.foundation.spreadsheets import Cell, Table
from khue.timetable.solver.checker import violations
from khue.timetable.solver.fet import Reading
from khue.timetable.solver.problem import Kind, Problem, Timetable
from khue.timetable.solver.words import sentence

#: What Excel can show of sets of pupils beside each other; the list has them all.
MOST_ACROSS = 2_000


def fet_tables(reading: Reading, starts: Timetable) -> list[Table]:
    """Classes across, teachers across, a list, what is wrong, and what of the file was not understood."""
    problem = reading.problem
    wrong = [[_("Phải sửa") if each.is_hard else _("Mong muốn"), sentence(problem, each)] for each in
             violations(problem, starts)]  # fmt: skip
    return [
        _across(_("Theo lớp"), problem, starts, Kind.CLASS),
        _across(_("Theo giáo viên"), problem, starts, Kind.TEACHER),
        _listed(reading, starts),
        Table(_("Chỗ sai"), [(_("Loại"), 12), (_("Nội dung"), 100)], wrong),
        Table(
            _("Chưa hiểu"),
            [(_("Loại ràng buộc của FET"), 60), (_("Số lần"), 8)],
            [[each.kind, each.count] for each in reading.unread],
        ),
    ]


def _across(title: str, problem: Problem, starts: Timetable, kind: Kind) -> Table:
    whose = [number for number, each in enumerate(problem.resources) if each.kind is kind][:MOST_ACROSS]
    cells: dict[tuple[int, int], list[str]] = defaultdict(list)
    for block, start in zip(problem.blocks, starts, strict=True):
        if start is not None:
            for resource in block.resources:
                for more in range(block.duration):
                    cells[resource, start + more].append(block.name)
    grid = problem.grid
    lines = [
        [grid.days[grid.day(time)], grid.periods[grid.period(time)], *(" + ".join(cells[each, time]) for each in whose)]
        for time in range(grid.size)
    ]
    names = [(problem.resources[each].name, 20) for each in whose]
    return Table(title, [(_("Ngày"), 12), (_("Tiết"), 10), *names], lines)


def _listed(reading: Reading, starts: Timetable) -> Table:
    heads = [
        (_("Số của FET"), 10), (_("Tiết học"), 50), (_("Giáo viên"), 30), (_("Ngày"), 12), (_("Tiết"), 10),
        (_("Số tiết"), 8),
    ]  # fmt: skip
    return Table(_("Danh sách"), heads, list(_lines(reading, starts)))


def _lines(reading: Reading, starts: Timetable) -> Iterator[list[Cell]]:
    problem, grid = reading.problem, reading.problem.grid
    for number, block, start in zip(reading.activity_ids, problem.blocks, starts, strict=True):
        people = [problem.resources[each] for each in block.resources]
        teachers = ", ".join(each.name for each in people if each.kind is Kind.TEACHER)
        when: list[Cell] = ["", ""] if start is None else [grid.days[grid.day(start)], grid.periods[grid.period(start)]]
        yield [number, block.name, teachers, *when, block.duration]
