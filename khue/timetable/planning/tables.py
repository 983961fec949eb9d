"""A week as the sheets of a workbook: the whole school, by teacher, and a list that can be filtered."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _

from khue.foundation.spreadsheets import Cell, Table
from khue.foundation.text import name_sort_key
from khue.timetable.planning.differences import Taught
from khue.timetable.planning.frame import When
from khue.timetable.planning.sheets import Sheet, of_class, of_teacher, sheets, short_names

#: Whoever stands on a sheet for Excel stands on one: nobody cuts it.
ALL = 10_000
Named = Callable[[When], tuple[str, str, int]]


def tables(taught: Sequence[Taught], named: Named, order: Callable[[str], object]) -> list[Table]:
    """What a school's workbook holds.

    named   the day, half-day and number of a period in words
    order   by which the names of classes stand
    """
    short = short_names(each.teacher for each in taught)
    classes = sheets(taught, of_class, order, across=ALL)
    teachers = sheets(taught, of_teacher, name_sort_key, across=ALL)
    return [
        _across(_("TKB toàn trường"), classes, named, order, lambda each: f"{each.subject} - {short[each.teacher]}"),
        _down(_("TKB giáo viên"), teachers, named, lambda each: f"{each.class_name} {each.subject}"),
        _listed(taught, named, order),
    ]


def _across(
    title: str, found: Sequence[Sheet], named: Named, order: Callable[[str], object], said: Callable[[Taught], str]
) -> Table:
    """Periods down, classes across; the afternoon under the morning."""
    whose = sorted({each for sheet in found for each in sheet.whose}, key=lambda each: (order(each[1]), each[0]))
    lines: list[list[Cell]] = [
        [*named(when), *(_cell(sheet, key, when, said) for key, _name in whose)]
        for sheet in found
        for when in sheet.periods
    ]
    heads = [(_("Thứ"), 10), (_("Buổi"), 8), (_("Tiết"), 6), *((name, 18) for _key, name in whose)]
    return Table(title, heads, lines, named=3)


def _down(title: str, found: Sequence[Sheet], named: Named, said: Callable[[Taught], str]) -> Table:
    """Teachers down, periods across; with how many periods each has."""
    whose = sorted(
        {each for sheet in found for each in sheet.whose}, key=lambda each: (name_sort_key(each[1]), each[0])
    )
    periods = [(sheet, when) for sheet in found for when in sheet.periods]
    columns = sorted(periods, key=lambda each: (each[1].weekday, each[1].session, each[1].period))
    heads = [(" ".join(map(str, named(when))), 14) for _sheet, when in columns]
    lines: list[list[Cell]] = [
        [name, sum(sheet.count(key) for sheet in found), *(_cell(sheet, key, when, said) for sheet, when in columns)]
        for key, name in whose
    ]
    return Table(title, [(_("Giáo viên"), 26), (_("Số tiết"), 8), *heads], lines)


def _listed(taught: Sequence[Taught], named: Named, order: Callable[[str], object]) -> Table:
    rows = sorted(taught, key=lambda each: (order(each.class_name), each.weekday, each.session, each.period))
    lines: list[list[Cell]] = [
        [each.class_name, *named(each.when), each.subject, each.teacher, each.room] for each in rows
    ]
    heads = [
        (_("Lớp"), 8), (_("Thứ"), 10), (_("Buổi"), 8), (_("Tiết"), 6), (_("Môn"), 24), (_("Giáo viên"), 26),
        (_("Phòng"), 14),
    ]  # fmt: skip
    return Table(_("Theo lớp"), heads, lines)


def _cell(sheet: Sheet, key: int, when: When, said: Callable[[Taught], str]) -> str:
    found: Mapping[tuple[int, When], Sequence[Taught]] = sheet.cells
    return " + ".join(dict.fromkeys(said(each) for each in found.get((key, when), ())))
