"""OneRoster 1.2 read: the teachers of a package, what they teach, and by which names they sign in elsewhere.

A teacher's enrolment in a homeroom class means: leads the class; in a scheduled one: teaches its subject there.
source  1EdTech OneRoster 1.2, CSV binding: roles of users and enrollments, userProfiles
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from khue.registry.queries import PartialDate
from khue.schools.roster import package as tables
from khue.schools.roster import values
from khue.schools.roster.issues import Code, Issue, issue
from khue.schools.roster.oneroster import SEXES
from khue.schools.roster.package import Package, Record, is_deleted

#: What a role makes of somebody at the school: a position. Roles that make nothing are passed over.
POSITIONS = {"teacher": "teacher", "principal": "head", "aide": "other", "counselor": "other", "proctor": "other"}
_KNOWN_ROLES = frozenset(POSITIONS) | {
    "student", "guardian", "parent", "relative", "father", "mother", "districtadministrator", "siteadministrator",
    "systemadministrator",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """That somebody teaches a subject in a class, or leads the class where the subject is empty.

    class_id    the class's sourcedId; class_name is empty where the package does not describe that class
    subjects    what may name the subject: its code, then its name
    leads       the first of several teachers; is_over: this work ends
    """

    class_id: str
    class_name: str
    grade: int | None
    subjects: tuple[str, ...]
    leads: bool
    is_over: bool


@dataclass(slots=True)
class TeacherRow:
    """One member of staff as the package describes them. None means that it says nothing, which changes nothing.

    line        the line of users.csv, or of the sheet; after the last one for somebody whom only enrollments.csv names
    source_id   what the other system calls the person; empty in a sheet
    code        of a sheet: what the school calls the person, and the subject group; empty where it says nothing
    user_name   by which the person signs in elsewhere; no password is ever read
    is_leaving  the person works here no more
    """

    line: int
    source_id: str
    full_name: str = ""
    moet_code: str | None = None
    national_id: str | None = None
    birth: PartialDate | None = None
    sex: str | None = None
    phone: str | None = None
    email: str | None = None
    position: str = "teacher"
    code: str = ""
    group: str = ""
    user_name: str = ""
    works: tuple[Work, ...] = ()
    issues: list[Issue] = field(default_factory=list)
    is_leaving: bool = False

    @property
    def is_wrong(self) -> bool:
        return any(not found.is_warning for found in self.issues)


def teachers_of(package: Package, *, today: date) -> list[TeacherRow]:
    """Everybody of the package who works at the school, and whoever has no role that anybody knows."""
    works = _works_by_user(package)
    profiles = {row["userSourcedId"]: row["username"].strip() for row in package.profiles if not is_deleted(row)}
    found = []
    for line, user in enumerate(package.users, start=2):
        key = user["sourcedId"]
        row = (
            _row(line, user, package, today) if _is_staff(key, package, works) else _with_odd_role(line, user, package)
        )
        if row is None:
            continue
        row.works = tuple(_work(record, package) for record in works.get(key, ()))
        row.user_name = profiles.get(key, "")
        found.append(row)
    named = {user["sourcedId"] for user in package.users}
    for line, key in enumerate((key for key in works if key not in named), start=len(package.users) + 2):
        found.append(TeacherRow(line, key, works=tuple(_work(record, package) for record in works[key])))
    return found


def notes_of(package: Package) -> list[str]:
    """What is to be said of the package as a whole."""
    notes = []
    users = {user["sourcedId"] for user in package.users}
    lost = sum(row["userSourcedId"] not in users for row in package.profiles)
    if package.profiles:
        notes.append(
            _("Gói có %(count)s hồ sơ đăng nhập (userProfiles.csv). Mật khẩu trong gói không bao giờ được đọc.")
            % {"count": len(package.profiles)}
        )
    if lost:
        notes.append(_("%(count)s hồ sơ đăng nhập của người không có trong users.csv được bỏ qua.") % {"count": lost})
    pupils = sum(row["role"].lower() == "student" and row["userSourcedId"] not in users for row in package.enrolments)
    if pupils:
        notes.append(_("%(count)s ghi danh của học sinh không có trong users.csv được bỏ qua.") % {"count": pupils})
    if package.is_delta:
        notes.append(_("Gói chỉ chứa thay đổi (delta): ai và phân công nào không có trong gói thì giữ nguyên."))
    return notes


def _works_by_user(package: Package) -> Mapping[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for row in package.enrolments:
        if row["role"].lower() == "teacher":
            found[row["userSourcedId"]].append(row)
    return found


def _is_staff(key: str, package: Package, works: Mapping[str, object]) -> bool:
    roles = package.roles.get(key, set()) | package.ended_roles.get(key, set())
    return bool(roles & POSITIONS.keys()) or (not roles and key in works)


def _with_odd_role(line: int, user: Record, package: Package) -> TeacherRow | None:
    """A row that only says so, for somebody who has nothing but roles that the standard does not know."""
    roles = package.roles.get(user["sourcedId"], set())
    if not roles or roles & _KNOWN_ROLES:
        return None
    odd = ", ".join(sorted(roles))
    return TeacherRow(line, user["sourcedId"], tables.full_name(user), issues=[issue(Code.ROLE_UNKNOWN, text=odd)])


def _row(line: int, user: Record, package: Package, today: date) -> TeacherRow:
    issues: list[Issue] = []
    more = package.demographics.get(user["sourcedId"], {})
    roles = package.roles.get(user["sourcedId"], set())

    def read(reader: Any, text: str) -> Any:
        found, wrong = reader(text) if text else (None, None)
        if wrong is not None:
            issues.append(wrong)
        return found

    name, wrong = values.full_name(tables.full_name(user))
    if wrong is not None:
        issues.append(wrong)
    if "student" in roles:
        issues.append(issue(Code.PUPIL_AND_TEACHER))
    row = TeacherRow(
        line,
        user["sourcedId"],
        name or "",
        read(values.moet_code, user.get("identifier", "")),
        read(values.national_id, tables.national_id(user)),
        read(lambda text: (values.birth_date(text, today=today)[0], None), more.get("birthDate", "")),
        SEXES.get(more.get("sex", "").lower()),
        read(values.phone, user.get("phone", "") or user.get("sms", "")),
        read(values.email, user.get("email", "")),
        next((POSITIONS[role] for role in POSITIONS if role in roles), "teacher"),
        issues=issues,
    )
    ended = package.ended_roles.get(user["sourcedId"], set()) & POSITIONS.keys()
    row.is_leaving = is_deleted(user) or (bool(ended) and not roles & POSITIONS.keys())
    return row


def _work(record: Record, package: Package) -> Work:
    """A delta may point at a class that did not change: then only the class's sourcedId is known."""
    place = package.classes.get(record["classSourcedId"])
    leads = record.get("primary", "").lower() == "true"
    if place is None:
        return Work(record["classSourcedId"], "", None, (), leads, is_deleted(record))
    is_homeroom = place.get("classType", "").lower() == "homeroom"
    subjects = (*place.get("subjectCodes", "").split(","), *place.get("subjects", "").split(","))
    grade, _wrong = values.grade(place.get("grades", "").split(",")[0])
    return Work(
        record["classSourcedId"],
        values.text_of(place["title"] if is_homeroom else place.get("classCode") or place["title"]),
        grade,
        () if is_homeroom else tuple(text for text in map(values.text_of, subjects) if text) or (place["title"],),
        leads,
        is_deleted(record) or is_deleted(place),
    )
