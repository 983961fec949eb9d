"""From a table and its mapping to rows of pupils, each with what is wrong with it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.foundation.text import fold
from khue.foundation.workbooks.workbook import Cell, Table
from khue.registry import queries as registry
from khue.registry.queries import PartialDate
from khue.schools.roster import values
from khue.schools.roster.fields import LABELS, Field
from khue.schools.roster.issues import Code, Issue, issue
from khue.schools.roster.values import Read

#: Columns that make a row a pupil's; without any of them it is a remark, a total or a signature under the table.
KEYS = (Field.MOET_CODE, Field.FULL_NAME, Field.FAMILY_NAME, Field.GIVEN_NAME, Field.NATIONAL_ID)
SUPPORTING = (Field.BIRTH_DATE, Field.CLASS_NAME, Field.SEX, Field.MOET_CODE, Field.NATIONAL_ID)
#: Beside a day of birth one of these makes a row a pupil's whose name is missing: wrong, and not to be passed over.
NAMELESS = (Field.CLASS_NAME, Field.SEX)
EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
ADULTS: dict[str, tuple[str, str | Promise]] = {
    "father": ("father", _("cha")),
    "mother": ("mother", _("mẹ")),
    "guardian": ("other", _("người giám hộ")),
}


@dataclass(frozen=True, slots=True)
class GuardianRow:
    """An adult beside a pupil. None means that the file says nothing, which changes nothing.

    relationship  "father", "mother" or "other"
    source_id     what another system calls the adult: the same for all children, and for the adult as a teacher
    """

    relationship: str
    full_name: str
    birth_year: int | None = None
    phone: str | None = None
    email: str | None = None
    national_id: str | None = None
    occupation: str | None = None
    source_id: str = ""


@dataclass(slots=True)
class PupilRow:
    """One pupil as the file describes them. None means that the file says nothing, which changes nothing.

    line        the row of the sheet as Excel numbers it, from 1
    is_leaving  the file says that the pupil is in no class any more
    """

    line: int
    full_name: str = ""
    moet_code: str | None = None
    national_id: str | None = None
    birth: PartialDate | None = None
    sex: str | None = None
    class_name: str | None = None
    grade: int | None = None
    ethnicity: str | None = None
    birthplace: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    guardians: tuple[GuardianRow, ...] = ()
    issues: list[Issue] = field(default_factory=list)
    is_leaving: bool = False

    @property
    def is_wrong(self) -> bool:
        return bool(self.issues) and any(not found.is_warning for found in self.issues)


Reader = Callable[[Cell], Read[Any]]
NOTHING: Read[Any] = (None, None)
_PARTS = ("birth_year", "phone", "email", "national_id", "occupation")
#: What the registry finds in a number, as an issue of the row.
_CONTRADICTIONS = {
    "sex": Code.NUMBER_AGAINST_SEX,
    "century": Code.NUMBER_AGAINST_BIRTH,
    "birth_year": Code.NUMBER_AGAINST_BIRTH,
    "province": Code.NUMBER_ODD,
}
#: For each adult: relationship, what the adult is called, and the keys of its cells.
_ADULT_KEYS = tuple(
    (relationship, called, f"{adult}_name", tuple(f"{adult}_{part}" for part in _PARTS))
    for adult, (relationship, called) in ADULTS.items()
)


@dataclass(slots=True)
class _Column:
    """One column and how its cells are read. What it has read it knows: a column repeats its classes and places."""

    index: int
    name: str
    reader: Reader
    known: dict[Cell, Read[Any]] = field(default_factory=lambda: {"": NOTHING})

    def read(self, cell: Cell) -> Read[Any]:
        """What a cell says that was not read before."""
        if _is_blank(cell):
            answer = NOTHING
        elif cell in EXCEL_ERRORS:
            answer = None, issue(Code.CELL_ERROR, column=str(LABELS[Field(self.name)]), text=str(cell))
        else:
            answer = self.reader(cell)
        if cell.__class__ is not bool:  # True would be taken for 1
            self.known[cell] = answer
        return answer


@dataclass(frozen=True, slots=True)
class _Columns:
    """The mapping made ready for thousands of rows: plain positions and functions, no enum in the loop."""

    readers: tuple["_Column", ...]
    keys: tuple[int, ...]
    supporting: tuple[int, ...]
    birth: tuple[int, ...]
    nameless: tuple[int, ...]
    whole_name: int | None
    name_parts: tuple[int, ...]
    female_mark: int | None
    width: int


def pupils(table: Table, *, first: int, mapping: Mapping[int, Field], today: date) -> Iterator[PupilRow]:
    """The pupils of the table in order; blank rows, totals and remarks are passed over.

    first    index of the first row under the heading
    mapping  column index to field; columns that are not in it are not read
    """
    columns = _columns(mapping, today)
    for index in range(first, len(table)):
        cells = table[index]
        if len(cells) < columns.width:
            cells = [*cells, *[""] * (columns.width - len(cells))]
        if _is_a_pupils(cells, columns):
            yield _pupil(index + 1, cells, columns)


def _is_a_pupils(cells: Sequence[Cell], columns: _Columns) -> bool:
    if _says_something(cells, columns.keys):
        return _says_something(cells, columns.supporting)
    return _says_something(cells, columns.birth) and _says_something(cells, columns.nameless)


def _says_something(cells: Sequence[Cell], keys: Sequence[int]) -> bool:
    """A loop, because it runs for each row and nearly always ends at the first cell."""
    for key in keys:  # noqa: SIM110  any() takes four times as long
        if not _is_blank(cells[key]):
            return True
    return False


def _is_blank(cell: Cell) -> bool:
    return cell == "" or (cell.__class__ is str and str(cell).isspace())


def _columns(mapping: Mapping[int, Field], today: date) -> _Columns:
    at = {wanted: index for index, wanted in mapping.items()}
    readers = _readers(today)
    return _Columns(
        readers=tuple(_Column(index, f.value, readers[f]) for f, index in at.items() if f in readers),
        keys=tuple(at[key] for key in KEYS if key in at),
        supporting=tuple(at[key] for key in SUPPORTING if key in at),
        birth=tuple(at[key] for key in (Field.BIRTH_DATE,) if key in at),
        nameless=tuple(at[key] for key in NAMELESS if key in at),
        whole_name=at.get(Field.FULL_NAME),
        name_parts=tuple(at[part] for part in (Field.FAMILY_NAME, Field.GIVEN_NAME) if part in at),
        female_mark=at.get(Field.FEMALE_MARK),
        width=max(mapping, default=-1) + 1,
    )


def _pupil(line: int, cells: Sequence[Cell], columns: _Columns) -> PupilRow:
    issues: list[Issue] = []
    read: dict[str, Any] = {}
    for column in columns.readers:
        cell = cells[column.index]
        answer = None if cell.__class__ is bool else column.known.get(cell)
        read[column.name], wrong = answer or column.read(cell)
        if wrong is not None:
            issues.append(wrong)
    found = _name(cells, columns, issues)
    if columns.female_mark is not None and read.get("sex") is None:
        read["sex"] = _marked(cells[columns.female_mark])
    guardians = tuple(_guardians(read, issues))
    get = read.get
    row = PupilRow(
        line,
        found or "",
        get("moet_code"),
        get("national_id"),
        get("birth_date"),
        get("sex"),
        get("class_name"),
        get("grade"),
        get("ethnicity"),
        get("birthplace"),
        get("address"),
        get("phone"),
        get("email"),
        guardians,
        issues,
    )
    if row.national_id is not None:
        _doubts(row, row.national_id)
    return row


def _readers(today: date) -> dict[Field, Reader]:
    adults: dict[str, Reader] = {
        "name": values.full_name,
        "birth_year": values.birth_year,
        "phone": values.phone,
        "email": values.email,
        "national_id": values.national_id,
        "occupation": values.free_text(200, str(LABELS[Field.FATHER_OCCUPATION])),
    }
    return {
        Field.MOET_CODE: values.moet_code,
        Field.BIRTH_DATE: lambda cell: values.birth_date(cell, today=today),
        Field.SEX: values.sex,
        Field.CLASS_NAME: values.class_name,
        Field.GRADE: values.grade,
        Field.ETHNICITY: values.ethnicity,
        Field.NATIONAL_ID: values.national_id,
        Field.BIRTHPLACE: values.free_text(300, str(LABELS[Field.BIRTHPLACE])),
        Field.ADDRESS: values.free_text(300, str(LABELS[Field.ADDRESS])),
        Field.PHONE: values.phone,
        Field.EMAIL: values.email,
        **{Field(f"{adult}_{part}"): reader for adult in ADULTS for part, reader in adults.items()},
    }


def _name(cells: Sequence[Cell], columns: _Columns, issues: list[Issue]) -> str | None:
    whole: Cell = cells[columns.whole_name] if columns.whole_name is not None else ""
    if columns.name_parts:
        # "Họ và tên" merged over two columns leaves the given name in a column of its own.
        pieces = [whole, *(cells[part] for part in columns.name_parts)]
        whole = " ".join(dict.fromkeys(values.text_of(piece) for piece in pieces if piece != ""))
    found, wrong = values.full_name(whole)
    if wrong is not None:
        issues.append(wrong)
    return found


def _marked(cell: Cell) -> str:
    return "2" if fold(values.text_of(cell)) in {"x", "nu", "1", "v", "co"} else "1"


def _guardians(read: Mapping[str, Any], issues: list[Issue]) -> Iterator[GuardianRow]:
    for relationship, called, name_key, keys in _ADULT_KEYS:
        name = read.get(name_key)
        if name:
            year, phone, email, number, work = map(read.get, keys)
            yield GuardianRow(relationship, name, year, phone, email, number, work)
        elif any(map(read.get, keys)):
            issues.append(issue(Code.GUARDIAN_WITHOUT_NAME, who=str(called)))


def _doubts(row: PupilRow, number: str) -> None:
    """The number's own digits say sex and birth year. The state's data has errors, so they only raise a doubt."""
    warnings = registry.check_national_id(number, sex=row.sex or "0", birth=row.birth)
    for code in dict.fromkeys(_CONTRADICTIONS[w.code] for w in warnings if w.code in _CONTRADICTIONS):
        row.issues.append(issue(code))
