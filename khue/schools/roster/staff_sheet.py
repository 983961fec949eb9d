"""The list of a school's staff as a sheet: who works here, in which group, what they teach, which class they lead."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from khue.foundation.text import fold
from khue.foundation.workbooks.workbook import Cell, Table
from khue.schools.roster import duties, values
from khue.schools.roster.fields import LABELS, STAFF_ONLY, Field
from khue.schools.roster.issues import Code, Issue, issue
from khue.schools.roster.teachers import TeacherRow, Work
from khue.schools.roster.values import Read, grade_of_class

#: A sheet with one of these and without a pupil's class or parents is the list of a school's staff.
_TELLING = frozenset(STAFF_ONLY) - {Field.STAFF_CODE}
_OF_PUPILS = frozenset({Field.CLASS_NAME, Field.FATHER_NAME, Field.MOTHER_NAME, Field.GUARDIAN_NAME})
#: What a position is written as, folded; of "Phó hiệu trưởng" the first that fits is meant.
_POSITIONS = (
    ("pho hieu truong", "deputy_head"), ("hieu pho", "deputy_head"), ("hieu truong", "head"), ("van thu", "clerk"),
    ("ke toan", "accountant"),
    ("giao vien", "teacher"), ("to truong", "teacher"), ("to pho", "teacher"), ("tong phu trach", "teacher"),
    ("gv", "teacher"),
)  # fmt: skip
_NAMES = (Field.FULL_NAME, Field.FAMILY_NAME, Field.GIVEN_NAME)


def looks_like_staff(fields: Collection[Field]) -> bool:
    """Whether a sheet with these columns is a list of staff."""
    return bool(_TELLING & set(fields)) and not _OF_PUPILS & set(fields)


def staff(table: Table, *, first: int, mapping: Mapping[int, Field], today: date) -> Iterator[TeacherRow]:
    """The staff of the table in order; blank rows, headings of groups and signatures are passed over.

    first    index of the first row under the heading
    mapping  column index to field; columns that are not in it are not read
    """
    at = {wanted: index for index, wanted in mapping.items()}
    telling = [index for index, wanted in mapping.items() if wanted not in (*_NAMES, Field.ROW_NUMBER)]
    for index in range(first, len(table)):
        cells = {wanted: values.text_of(_cell(table[index], place)) for wanted, place in at.items()}
        if any(cells.get(name) for name in _NAMES) and any(values.text_of(_cell(table[index], t)) for t in telling):
            yield _row(index + 1, {wanted: _cell(table[index], place) for wanted, place in at.items()}, today)


def _cell(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else ""


def _row(line: int, cells: Mapping[Field, Cell], today: date) -> TeacherRow:
    issues: list[Issue] = []

    def read(wanted: Field, reader: Callable[[Cell], Read[Any]]) -> Any:
        cell = cells.get(wanted, "")
        found, wrong = reader(cell) if values.text_of(cell) else (None, None)
        if wrong is not None and wrong.code is not Code.DATE_UNLIKELY:  # of a pupil, not of somebody who works
            issues.append(wrong)
        return found

    parts = [values.text_of(cells[name]) for name in _NAMES if name in cells]
    name, wrong = values.full_name(" ".join(dict.fromkeys(filter(None, parts))))
    issues += [wrong] if wrong is not None else []
    sex = read(Field.SEX, values.sex)
    if sex is None and Field.FEMALE_MARK in cells:
        sex = "2" if values.text_of(cells[Field.FEMALE_MARK]) else "1"
    if len(str(cells.get(Field.TEACHES, ""))) > duties.LONGEST:
        column = str(LABELS[Field.TEACHES])
        issues.append(issue(Code.TEXT_TOO_LONG, column=column, limit=duties.LONGEST))
    return TeacherRow(
        line,
        source_id="",
        full_name=name or "",
        moet_code=read(Field.MOET_CODE, values.moet_code),
        national_id=read(Field.NATIONAL_ID, values.national_id),
        birth=read(Field.BIRTH_DATE, lambda cell: values.birth_date(cell, today=today)),
        sex=sex,
        phone=read(Field.PHONE, values.phone),
        email=read(Field.EMAIL, values.email),
        position=_position(values.text_of(cells.get(Field.POSITION, ""))),
        code=values.text_of(cells.get(Field.STAFF_CODE, ""))[:20],
        group=values.text_of(cells.get(Field.SUBJECT_GROUP, ""))[:100],
        works=tuple(_works(cells)),
        issues=issues,
    )


def _position(text: str) -> str:
    folded = fold(text)
    return next((position for written, position in _POSITIONS if written in folded), "other" if folded else "teacher")


def _works(cells: Mapping[Field, Cell]) -> Iterator[Work]:
    """What somebody teaches, each subject in a class once; then the class that is led."""
    taught = str(cells.get(Field.TEACHES, ""))
    beside = values.text_of(cells.get(Field.TAUGHT_CLASSES, ""))
    for duty in duties.duties_of(taught, beside):
        yield Work("", duty.class_name, grade_of_class(duty.class_name), duty.subjects, leads=False, is_over=False)
    for name in duties.classes_of(values.text_of(cells.get(Field.LEADS_CLASS, ""))):
        yield Work("", name, grade_of_class(name), (), leads=True, is_over=False)
