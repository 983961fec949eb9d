"""Rosters written: a sheet with the headings of the sector database, and a OneRoster 1.2 package. Both read back."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

from khue.foundation.clock import VIETNAM
from khue.schools.roster import oneroster_tables
from khue.schools.roster.fields import LABELS, PUPIL_FIELDS, STAFF_FIELDS, Field
from khue.schools.roster.written import WrittenPupil, WrittenRoster, WrittenStaff

SEXES = {"1": "Nam", "2": "Nữ"}
_LEFT_OUT = (Field.FAMILY_NAME, Field.GIVEN_NAME, Field.FEMALE_MARK)
COLUMNS = tuple(field for field in PUPIL_FIELDS if field not in _LEFT_OUT)
_WIDE = (Field.FULL_NAME, Field.ADDRESS, Field.BIRTHPLACE, Field.FATHER_NAME, Field.MOTHER_NAME, Field.GUARDIAN_NAME)


def excel_of(roster: WrittenRoster) -> tuple[list[tuple[str, int]], list[list[str | int | None]]]:
    """Columns (title, width) and lines, as foundation.spreadsheets writes them."""
    columns = [(str(LABELS[field]), 32 if field in _WIDE else 16) for field in COLUMNS]
    lines = []
    for number, pupil in enumerate(roster.pupils, start=1):
        cells = _cells(pupil, number)
        lines.append([cells.get(field) for field in COLUMNS])
    return columns, lines


def _cells(pupil: WrittenPupil, number: int) -> dict[Field, str | int | None]:
    details = pupil.details
    cells: dict[Field, str | int | None] = {
        Field.ROW_NUMBER: number,
        Field.MOET_CODE: details.moet_code,
        Field.FULL_NAME: details.full_name,
        Field.BIRTH_DATE: str(details.birth),
        Field.SEX: SEXES.get(details.sex, ""),
        Field.CLASS_NAME: pupil.class_name,
        Field.GRADE: pupil.grade,
        Field.ETHNICITY: pupil.ethnicity,
        Field.NATIONAL_ID: details.national_id,
        Field.BIRTHPLACE: details.birthplace,
        Field.ADDRESS: details.address,
        Field.PHONE: details.phone,
        Field.EMAIL: details.email,
    }
    for adult in reversed(pupil.guardians):  # of several guardians of one kind the first is written
        kind = "guardian" if adult.relationship == "other" else adult.relationship
        cells[Field(f"{kind}_name")] = adult.details.full_name
        cells[Field(f"{kind}_birth_year")] = adult.details.birth.year
        cells[Field(f"{kind}_phone")] = adult.details.phone
        cells[Field(f"{kind}_email")] = adult.details.email
        cells[Field(f"{kind}_national_id")] = adult.details.national_id
        cells[Field(f"{kind}_occupation")] = adult.details.occupation
    return cells


def staff_excel_of(staff: Sequence[WrittenStaff]) -> tuple[list[tuple[str, int]], list[list[str | int | None]]]:
    """Columns (title, width) and lines of the list of staff, as foundation.spreadsheets writes them."""
    fields = [field for field in STAFF_FIELDS if field not in (*_LEFT_OUT, Field.TAUGHT_CLASSES)]
    columns = [(str(LABELS[field]), _STAFF_WIDE.get(field, 16)) for field in fields]
    written = [_staff_cells(each, number) for number, each in enumerate(staff, start=1)]
    return columns, [[cells[field] for field in fields] for cells in written]


_STAFF_WIDE = {Field.FULL_NAME: 32, Field.TEACHES: 48, Field.ROW_NUMBER: 6}


def _staff_cells(staff: WrittenStaff, number: int) -> dict[Field, str | int | None]:
    details = staff.details
    return {
        Field.ROW_NUMBER: number,
        Field.MOET_CODE: details.moet_code,
        Field.STAFF_CODE: staff.code,
        Field.FULL_NAME: details.full_name,
        Field.BIRTH_DATE: str(details.birth),
        Field.SEX: SEXES.get(details.sex, ""),
        Field.NATIONAL_ID: details.national_id,
        Field.PHONE: details.phone,
        Field.EMAIL: details.email,
        Field.POSITION: staff.position,
        Field.SUBJECT_GROUP: staff.group,
        Field.TEACHES: "; ".join(f"{subject} {', '.join(classes)}" for subject, classes in staff.taught.items()),
        Field.LEADS_CLASS: ", ".join(staff.led),
    }


def oneroster_of(roster: WrittenRoster, *, at: datetime) -> bytes:
    """A full OneRoster 1.2 package: who, in which class, with which guardians.

    source  1EdTech OneRoster 1.2, CSV binding, tables and column names
    """
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as package:
        tables = oneroster_tables.tables_of(roster, at.astimezone(VIETNAM).isoformat(timespec="milliseconds"))
        manifest = [("manifest.version", "1.0"), ("oneroster.version", "1.2")]
        manifest += [(f"file.{name}", "bulk" if name in tables else "absent") for name in _FILES]
        manifest += [("source.systemName", "Khuê"), ("source.systemCode", "khue")]
        package.writestr("manifest.csv", _csv(("propertyName", "value"), manifest))
        for name, (columns, records) in tables.items():
            package.writestr(f"{name}.csv", _csv(columns, records))
    return made.getvalue()


_FILES = (
    "academicSessions", "categories", "classes", "classResources", "courses", "courseResources", "demographics",
    "enrollments", "lineItemLearningObjectiveIds", "lineItems", "lineItemScoreScales", "orgs",
    "resultLearningObjectiveIds", "results", "resultScoreScales", "roles", "scoreScales", "userProfiles",
    "userResources", "users",
)  # fmt: skip


def _csv(columns: Sequence[str], records: Iterable[Sequence[object]]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(records)
    return text.getvalue()
