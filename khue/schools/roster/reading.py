"""From the bytes of a file to its outline and its rows, whichever of the two kinds of file it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, Protocol

from django.utils.translation import gettext as _

from khue.foundation.workbooks import workbook
from khue.schools.roster import headings, oneroster, rows, staff_sheet, teachers, values
from khue.schools.roster.fields import LABELS, PUPIL_FIELDS, STAFF_FIELDS, Field
from khue.schools.roster.package import is_package, package_of
from khue.schools.roster.refusals import FieldTwice, NameColumnMissing, NoRows, TooManyRows
from khue.schools.roster.rows import PupilRow
from khue.schools.roster.teachers import TeacherRow

MOST_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Outline:
    """What a file looks like before anybody has said what its columns mean.

    source   what RosterImport.source calls it: "excel" for pupils, "staff", "oneroster"
    columns  [{"index", "heading", "key", "field", "samples"}]
    notes    sentences about the whole file: formulas, merged cells, repeated headings
    """

    source: str
    sheet: str = ""
    heading_first: int = 0
    heading_last: int = 0
    columns: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rows:
    """Everybody the file describes. is_delta: it describes only what changed since the file before."""

    pupils: list[PupilRow]
    teachers: list[TeacherRow] = field(default_factory=list)
    is_delta: bool = False


class Mapped(Protocol):
    """The part of an import that says how its file is to be read."""

    source: str
    sheet: str
    heading_last: int
    columns: list[dict[str, Any]]


def outline_of(data: bytes, remembered: Mapping[str, Field | None], *, today: date, is_staff: bool = False) -> Outline:
    """Find the table of a workbook and propose what its columns mean.

    remembered  what this school said before, by heading key
    is_staff    the file is said to be the list of staff; a sheet that looks like one is taken for it anyway
    refuses     whatever cannot be read: see roster.refusals
    """
    if data.startswith(b"PK") and is_package(data):
        return _outline_of_package(data, today)
    book = workbook.read(data)
    sheet, heading = headings.heading_of(book.sheets, remembered)
    is_staff = is_staff or staff_sheet.looks_like_staff(set(heading.mapping.values()))
    known = STAFF_FIELDS if is_staff else PUPIL_FIELDS
    return Outline(
        "staff" if is_staff else "excel",
        sheet.name,
        heading.first,
        heading.last,
        [
            {
                "index": column.index,
                "heading": column.heading,
                "key": column.key,
                "field": column.field.value if column.field in known else None,
                "samples": _samples(sheet, heading, column.index),
            }
            for column in heading.columns
        ],
        _notes(book, sheet, heading),
    )


def _outline_of_package(data: bytes, today: date) -> Outline:
    package = package_of(data)
    pupils = oneroster.pupils_of(package, today=today)
    staff = teachers.teachers_of(package, today=today)
    counts = {"pupils": len(pupils), "teachers": len(staff)}
    note = _("Gói OneRoster 1.2 có %(pupils)s học sinh và %(teachers)s giáo viên, nhân viên.") % counts
    return Outline("oneroster", notes=[note, *teachers.notes_of(package)])


def rows_of(data: bytes, mapped: Mapped, *, today: date) -> Rows:
    """The people of the file as its columns are mapped.

    refuses  NameColumnMissing; FieldTwice; NoRows; TooManyRows; whatever cannot be read
    """
    found = _package_rows(data, today) if mapped.source == "oneroster" else _sheet_rows(data, mapped, today)
    count = len(found.pupils) + len(found.teachers)
    if not count:
        raise NoRows
    if count > MOST_ROWS:
        raise TooManyRows(rows=count, limit=MOST_ROWS)
    return found


def _package_rows(data: bytes, today: date) -> Rows:
    package = package_of(data)
    return Rows(oneroster.pupils_of(package, today=today), teachers.teachers_of(package, today=today), package.is_delta)


def printed(data: bytes, mapped: Mapped) -> tuple[workbook.Table, int]:
    """The cells from which the report is written, and the index of the lowest heading row."""
    if mapped.source == "oneroster":
        return oneroster.printed(package_of(data)), 0
    return _table(data, mapped), mapped.heading_last


def _table(data: bytes, mapped: Mapped) -> workbook.Table:
    sheets = workbook.read(data).sheets
    return next((sheet.rows for sheet in sheets if sheet.name == mapped.sheet), sheets[0].rows)


def _sheet_rows(data: bytes, mapped: Mapped, today: date) -> Rows:
    mapping = {column["index"]: Field(column["field"]) for column in mapped.columns if column["field"]}
    _refuse_useless(list(mapping.values()))
    table, first = _table(data, mapped), mapped.heading_last + 1
    if mapped.source == "staff":
        return Rows([], list(staff_sheet.staff(table, first=first, mapping=mapping, today=today)))
    return Rows(list(rows.pupils(table, first=first, mapping=mapping, today=today)))


def _refuse_useless(fields: Sequence[Field]) -> None:
    for wanted in fields:
        if fields.count(wanted) > 1:
            raise FieldTwice(name=str(LABELS[wanted]))
    if Field.FULL_NAME not in fields and Field.GIVEN_NAME not in fields:
        raise NameColumnMissing


def _samples(sheet: workbook.Sheet, heading: headings.Heading, index: int) -> list[str]:
    """The first few filled cells under a heading, short enough to recognise the column by."""
    below = (row[index] for row in sheet.rows[heading.last + 1 : heading.last + 30] if index < len(row))
    texts = (values.text_of(cell)[:30] for cell in below)
    return list(islice((text for text in texts if text), 3))


def _notes(book: workbook.Workbook, sheet: workbook.Sheet, heading: headings.Heading) -> list[str]:
    notes = []
    if book.formulas:
        notes.append(_("Tệp có %(count)s ô công thức: chỉ lấy giá trị đã tính sẵn.") % {"count": book.formulas})
    if book.broken:
        notes.append(_("%(count)s ô công thức bị lỗi được coi là ô trống.") % {"count": book.broken})
    below = sum(row > heading.last for row, _column in sheet.merged)
    if below:
        notes.append(_("%(count)s ô nằm trong vùng gộp được lấy theo giá trị của vùng đó.") % {"count": below})
    if heading.repeated:
        names = ", ".join(f"“{name}”" for name in heading.repeated)
        notes.append(_("Nhiều cột cùng tiêu đề %(names)s: hãy chọn cột cần dùng.") % {"names": names})
    others = [f"“{other.name}”" for other in book.sheets if other.name != sheet.name]
    if others:
        notes.append(_("Chỉ đọc trang tính “%(name)s”.") % {"name": sheet.name})
    return notes
