"""The tables of a OneRoster 1.2 package, from a roster as it is written.

source  1EdTech OneRoster 1.2, CSV binding, tables and column names
"""

from collections.abc import Callable
from uuid import UUID, uuid5

from khue.registry.queries import PersonDetails
from khue.schools.roster.written import WrittenGuardian, WrittenPupil, WrittenRoster, WrittenTeaching

Row = tuple[object, ...]
Rows = list[Row]
Columns = tuple[str, ...]
Base = Callable[[str, object], Row]
_NAMESPACE = UUID("6f1d3c1e-5f7a-4a52-9c07-0f6f0a5f2b11")
ONEROSTER_SEXES = {"1": "male", "2": "female"}
_BASE = ("sourcedId", "status", "dateLastModified")
_ORGS = (*_BASE, "name", "type", "identifier", "parentSourcedId")
_SESSIONS = (*_BASE, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear")
_COURSES = (*_BASE, "schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes")
_CLASSES = (
    *_BASE, "title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId",
    "termSourcedIds", "subjects", "subjectCodes", "periods",
)  # fmt: skip
_ROLES_HELD = (
    *_BASE, "userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId",
)  # fmt: skip
_ENROLMENTS = (
    *_BASE, "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate",
)  # fmt: skip
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


def tables_of(roster: WrittenRoster, modified: str) -> dict[str, tuple[Columns, Rows]]:
    """The records of a package, by the name of their file.

    modified  an instant in ISO 8601, written as the last change of everything
    """
    made = _Tables(roster, modified)
    return {
        "orgs": (_ORGS, made.orgs()),
        "academicSessions": (_SESSIONS, made.sessions()),
        "courses": (_COURSES, made.courses()),
        "classes": (_CLASSES, made.classes()),
        "users": (_USERS, made.users()),
        "roles": (_ROLES_HELD, made.roles()),
        "enrollments": (_ENROLMENTS, made.enrolments()),
        "demographics": (_DEMOGRAPHICS, [_demographics(pupil, made.base) for pupil in roster.pupils]),
    }


class _Tables:
    """The tables of one roster. A class has a course of its grade, and one of each subject taught in it."""

    def __init__(self, roster: WrittenRoster, modified: str) -> None:
        self._roster, self._modified = roster, modified
        self._org, self._year = _id("org", roster.school_code or roster.school_name), _id("year", roster.year_code)
        self._grades = {pupil.class_name: pupil.grade for pupil in roster.pupils}
        self._grades |= {work.class_name: work.grade for work in roster.teaching}
        self._taught = {(work.class_name, work.subject_code): work for work in roster.teaching if work.subject_code}
        self._staff = {work.person_id: work for work in roster.teaching}
        self._adults = {adult.person_id: adult for pupil in roster.pupils for adult in pupil.guardians}

    def base(self, kind: str, key: object) -> Row:
        """What every record begins with."""
        return (_id(kind, key), "active", self._modified)

    def orgs(self) -> Rows:
        """The school."""
        school = self._roster
        return [(self._org, "active", self._modified, school.school_name, "school", school.school_code, "")]

    def sessions(self) -> Rows:
        """The school year, then its terms."""
        roster, ending = self._roster, str(self._roster.year_ends_on.year)
        whole = (self._year, "active", self._modified, roster.year_code, "schoolYear", roster.year_starts_on,
                 roster.year_ends_on, "", ending)  # fmt: skip
        terms = [
            (*self.base("term", (roster.year_code, term.number)), f"Học kì {term.number}", "term", term.starts_on,
             term.ends_on, self._year, ending)
            for term in roster.terms
        ]  # fmt: skip
        return [whole, *terms]

    def courses(self) -> Rows:
        """One of each grade, then one of each subject of a grade."""
        subjects = {_course_of(work): work for work in self._taught.values()}
        grades = [
            (*self.base("course", grade), self._year, f"Lớp {grade}", f"K{grade}", grade, self._org, "", "")
            for grade in sorted(set(self._grades.values()))
        ]
        return grades + [
            (*self.base("course", key), self._year, f"{work.subject_name} {work.grade}",
             f"{work.subject_code}{work.grade}", work.grade, self._org, work.subject_name, work.subject_code)
            for key, work in subjects.items()
        ]  # fmt: skip

    def classes(self) -> Rows:
        """The classes themselves, then each subject taught in one."""
        homerooms = [
            (*self.base("class", name), name, grade, _id("course", grade), name, "homeroom", "", self._org, self._year,
             "", "", "")
            for name, grade in self._grades.items()
        ]  # fmt: skip
        return homerooms + [
            (*self.base("class", key), f"{work.subject_name} {work.class_name}", work.grade,
             _id("course", _course_of(work)), work.class_name, "scheduled", "", self._org, self._year,
             work.subject_name, work.subject_code, "")
            for key, work in self._taught.items()
        ]  # fmt: skip

    def users(self) -> Rows:
        """Pupils, guardians, teachers; who is a guardian and a teacher is written once."""
        base, org = self.base, self._org
        pupils = [_student(pupil, base, org) for pupil in self._roster.pupils]
        adults = [_adult(adult, base, org) for adult in self._adults.values()]
        return [
            *pupils,
            *adults,
            *(_teacher(w, base, org) for key, w in self._staff.items() if key not in self._adults),
        ]

    def roles(self) -> Rows:
        """What each of them is to the school."""
        held = [
            *((pupil.person_id, pupil.person_id, "primary", "student") for pupil in self._roster.pupils),
            *((key, key, "primary", _ROLES[adult.relationship]) for key, adult in self._adults.items()),
            *((("teacher", key), key, "secondary" if key in self._adults else "primary", "teacher")
              for key in self._staff),
        ]  # fmt: skip
        return [
            (*self.base("role", key), _id("person", person), kind, role, "", "", self._org, "")
            for key, person, kind, role in held
        ]

    def enrolments(self) -> Rows:
        """Who learns in which class, and who teaches there."""
        learning = [
            (*self.base("enrolment", p.person_id), _id("class", p.class_name), self._org, _id("person", p.person_id),
             "student", "false", p.starts_on, "")
            for p in self._roster.pupils
        ]  # fmt: skip
        return learning + [
            (*self.base("teaching", (w.person_id, w.class_name, w.subject_code)),
             _id("class", (w.class_name, w.subject_code) if w.subject_code else w.class_name), self._org,
             _id("person", w.person_id), "teacher", str(w.leads).lower(), "", "")
            for w in self._roster.teaching
        ]  # fmt: skip


def _course_of(work: WrittenTeaching) -> tuple[int, str]:
    return (work.grade, work.subject_code)


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
