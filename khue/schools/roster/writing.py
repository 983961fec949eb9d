"""Rosters written: a sheet with the headings of the sector database, and a OneRoster 1.2 package. Both read back."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from uuid import UUID, uuid5
from zipfile import ZIP_DEFLATED, ZipFile

from khue.foundation.clock import VIETNAM
from khue.registry.queries import PersonDetails
from khue.schools.roster.fields import LABELS, Field

SEXES = {"1": "Nam", "2": "Nữ"}
ONEROSTER_SEXES = {"1": "male", "2": "female"}
_NAMESPACE = UUID("6f1d3c1e-5f7a-4a52-9c07-0f6f0a5f2b11")
_LEFT_OUT = (Field.FAMILY_NAME, Field.GIVEN_NAME, Field.FEMALE_MARK)
COLUMNS = tuple(field for field in Field if field not in _LEFT_OUT)
_WIDE = (Field.FULL_NAME, Field.ADDRESS, Field.BIRTHPLACE, Field.FATHER_NAME, Field.MOTHER_NAME, Field.GUARDIAN_NAME)


@dataclass(frozen=True, slots=True)
class WrittenGuardian:
    person_id: int
    relationship: str
    details: PersonDetails


@dataclass(frozen=True, slots=True)
class WrittenPupil:
    """One pupil in a class, with the guardians that no court has barred. ethnicity is the people's name."""

    person_id: int
    details: PersonDetails
    class_name: str
    grade: int
    starts_on: date
    ethnicity: str
    guardians: tuple[WrittenGuardian, ...]


@dataclass(frozen=True, slots=True)
class WrittenTeaching:
    """That somebody teaches a subject in a class, or leads the class where the subject is empty."""

    person_id: int
    full_name: str
    moet_code: str
    email: str
    class_name: str
    grade: int
    subject_code: str
    subject_name: str
    leads: bool


@dataclass(frozen=True, slots=True)
class WrittenTerm:
    number: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class WrittenRoster:
    """A school's roster of one year, in the order of classes and names."""

    school_name: str
    school_code: str
    year_code: str
    year_starts_on: date
    year_ends_on: date
    pupils: tuple[WrittenPupil, ...]
    teaching: tuple[WrittenTeaching, ...] = ()
    terms: tuple[WrittenTerm, ...] = ()


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


def oneroster_of(roster: WrittenRoster, *, at: datetime) -> bytes:
    """A full OneRoster 1.2 package: who, in which class, with which guardians.

    source  1EdTech OneRoster 1.2, CSV binding, tables and column names
    """
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as package:
        tables = _tables(roster, at.astimezone(VIETNAM).isoformat(timespec="milliseconds"))
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
Base = Callable[[str, object], tuple[object, ...]]
_BASE = ("sourcedId", "status", "dateLastModified")
Rows = list[tuple[object, ...]]


def _tables(roster: WrittenRoster, modified: str) -> dict[str, tuple[tuple[str, ...], Rows]]:
    org, year = _id("org", roster.school_code or roster.school_name), _id("year", roster.year_code)
    classes = {pupil.class_name: pupil.grade for pupil in roster.pupils}
    classes |= {work.class_name: work.grade for work in roster.teaching}
    taught = {(work.class_name, work.subject_code): work for work in roster.teaching if work.subject_code}
    subjects = {(work.grade, work.subject_code): work for work in taught.values()}
    staff = {work.person_id: work for work in roster.teaching}

    def key_of(work: WrittenTeaching) -> tuple[int, str]:
        return (work.grade, work.subject_code)

    adults = {adult.person_id: adult for pupil in roster.pupils for adult in pupil.guardians}

    def base(kind: str, key: object) -> tuple[object, ...]:
        return (_id(kind, key), "active", modified)

    return {
        "orgs": (
            (*_BASE, "name", "type", "identifier", "parentSourcedId"),
            [(org, "active", modified, roster.school_name, "school", roster.school_code, "")],
        ),
        "academicSessions": (
            (*_BASE, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"),
            _sessions(roster, modified),
        ),
        "courses": (
            (*_BASE, "schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects",
             "subjectCodes"),
            [(*base("course", g), year, f"Lớp {g}", f"K{g}", g, org, "", "") for g in sorted(set(classes.values()))]
            + [(*base("course", key), year, f"{w.subject_name} {w.grade}", f"{w.subject_code}{w.grade}", w.grade, org,
                w.subject_name, w.subject_code) for key, w in subjects.items()],
        ),
        "classes": (
            (*_BASE, "title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId",
             "termSourcedIds", "subjects", "subjectCodes", "periods"),
            [(*base("class", name), name, grade, _id("course", grade), name, "homeroom", "", org, year, "", "", "")
             for name, grade in classes.items()]
            + [(*base("class", key), f"{w.subject_name} {w.class_name}", w.grade, _id("course", key_of(w)),
                w.class_name, "scheduled", "", org, year, w.subject_name, w.subject_code, "")
               for key, w in taught.items()],
        ),
        "users": (
            _USERS,
            [*(_student(p, base, org) for p in roster.pupils), *(_adult(a, base, org) for a in adults.values()),
             *(_teacher(w, base, org) for key, w in staff.items() if key not in adults)],
        ),
        "roles": (
            (*_BASE, "userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId",
             "userProfileSourcedId"),
            [(*base("role", p.person_id), _id("person", p.person_id), "primary", "student", "", "", org, "")
             for p in roster.pupils]
            + [(*base("role", key), _id("person", key), "primary", _ROLES[a.relationship], "", "", org, "")
               for key, a in adults.items()]
            + [(*base("role", ("teacher", key)), _id("person", key),
                "secondary" if key in adults else "primary", "teacher", "", "", org, "") for key in staff],
        ),
        "enrollments": (
            (*_BASE, "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"),
            [(*base("enrolment", p.person_id), _id("class", p.class_name), org, _id("person", p.person_id), "student",
              "false", p.starts_on, "") for p in roster.pupils]
            + [(*base("teaching", (w.person_id, w.class_name, w.subject_code)),
                _id("class", (w.class_name, w.subject_code) if w.subject_code else w.class_name), org,
                _id("person", w.person_id), "teacher", str(w.leads).lower(), "", "") for w in roster.teaching],
        ),
        "demographics": (_DEMOGRAPHICS, [_demographics(p, base) for p in roster.pupils]),
    }  # fmt: skip


def _sessions(roster: WrittenRoster, modified: str) -> Rows:
    """The school year, then its terms."""
    year, ending = _id("year", roster.year_code), str(roster.year_ends_on.year)
    whole = (year, "active", modified, roster.year_code, "schoolYear", roster.year_starts_on, roster.year_ends_on, "",
             ending)  # fmt: skip
    terms = [
        (_id("term", (roster.year_code, t.number)), "active", modified, f"Học kì {t.number}", "term", t.starts_on,
         t.ends_on, year, ending)
        for t in roster.terms
    ]  # fmt: skip
    return [whole, *terms]


_ROLES = {"father": "father", "mother": "mother", "other": "guardian"}
_USERS = (
    *_BASE, "enabledUser", "username", "userIds", "givenName", "familyName", "middleName", "identifier", "email", "sms",
    "phone", "agentSourcedIds", "grades", "password", "userMasterIdentifier", "resourceSourcedIds",
    "preferredGivenName", "preferredMiddleName", "preferredFamilyName", "primaryOrgSourcedId", "pronouns",
    "metadata.ethnicity", "metadata.address", "metadata.birthYear", "metadata.occupation",
)  # fmt: skip
_DEMOGRAPHICS = (
    *_BASE, "birthDate", "sex", "americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican",
    "nativeHawaiianOrOtherPacificIslander", "white", "demographicRaceTwoOrMoreRaces", "hispanicOrLatinoEthnicity",
    "countryOfBirthCode", "stateOfBirthAbbreviation", "cityOfBirth", "publicSchoolResidenceStatus", "metadata.birth",
)  # fmt: skip


def _student(pupil: WrittenPupil, base: Base, org: str) -> tuple[object, ...]:
    agents = ",".join(_id("person", adult.person_id) for adult in pupil.guardians)
    return _user(pupil.person_id, pupil.details, base, org, agents, str(pupil.grade), pupil.ethnicity, "")


def _adult(adult: WrittenGuardian, base: Base, org: str) -> tuple[object, ...]:
    return _user(adult.person_id, adult.details, base, org, "", "", "", str(adult.details.birth.year or ""))


def _teacher(work: WrittenTeaching, base: Base, org: str) -> tuple[object, ...]:
    """No more of a teacher than another system needs to know who teaches: no number of the state, no address."""
    details = PersonDetails(work.full_name, moet_code=work.moet_code, email=work.email)
    return _user(work.person_id, details, base, org, "", "", "", "")


def _user(
    person_id: int, details: PersonDetails, base: Base, org: str, agents: str, grades: str, ethnicity: str, born: str
) -> tuple[object, ...]:
    family, middle, given = _name_parts(details.full_name)
    user_ids = f"{{national_id:{details.national_id}}}" if details.national_id else ""
    return (
        *base("person", person_id), "true", "", user_ids, given, family, middle, details.moet_code, details.email, "",
        details.phone, agents, grades, "", "", "", "", "", "", org, "", ethnicity, details.address, born,
        details.occupation,
    )  # fmt: skip


def _demographics(pupil: WrittenPupil, base: Base) -> tuple[object, ...]:
    birth = pupil.details.birth
    whole = birth.whole.isoformat() if birth.whole else ""
    sex = ONEROSTER_SEXES.get(pupil.details.sex, "")
    partial = "" if whole else str(birth)
    return (*base("person", pupil.person_id), whole, sex, *[""] * 7, "VN", "", pupil.details.birthplace, "", partial)


def _name_parts(full_name: str) -> tuple[str, str, str]:
    words = full_name.split(" ")
    return (words[0], " ".join(words[1:-1]), words[-1]) if len(words) > 1 else ("", "", full_name)


def source_id(kind: str, key: object) -> str:
    """The same thing has the same identifier in every package of this node, and no internal number is given away."""
    return str(uuid5(_NAMESPACE, f"{kind}:{key}"))


#: Short, because the tables above are dense.
_id = source_id


def _csv(columns: Sequence[str], records: Iterable[Sequence[object]]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(records)
    return text.getvalue()
