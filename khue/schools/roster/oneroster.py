"""OneRoster 1.2 CSV read: a zip of tables that point at each other, full or delta, as rows of pupils.

What the standard has no column for (an address, a birth date of which only the year is known) stands in `metadata.`
columns, which the standard leaves to whoever writes the file.
source  1EdTech OneRoster 1.2, CSV binding: manifest.csv, users, roles, classes, enrollments, demographics
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from io import StringIO
from typing import Any

from khue.schools.roster import values
from khue.schools.roster.container import Container, opened
from khue.schools.roster.fields import LABELS, Field
from khue.schools.roster.issues import Issue
from khue.schools.roster.refusals import DamagedFile, NotOneRoster
from khue.schools.roster.rows import GuardianRow, PupilRow
from khue.schools.roster.workbook import Table

Record = dict[str, str]
MANIFEST = "manifest.csv"
NEEDED = {
    "users.csv": {"sourcedId", "givenName", "familyName"},
    "roles.csv": {"userSourcedId", "role"},
    "classes.csv": {"sourcedId", "title"},
    "enrollments.csv": {"classSourcedId", "userSourcedId", "role"},
}
DELETED = "tobedeleted"
_ADULT_ROLES = {"father": "father", "mother": "mother"}
_SEXES = {"male": "1", "female": "2"}
_USER_ID = re.compile(r"\{\s*([^:{}]+?)\s*:\s*([^:{}]+?)\s*\}")


def is_oneroster(data: bytes) -> bool:
    """Whether the bytes are a zip with a OneRoster manifest. Refuses what no zip can be read from."""
    return MANIFEST in opened(data).members


def rows_of(data: bytes, *, today: date) -> list[PupilRow]:
    """The pupils of the package, in the order of users.csv; `line` is the line there.

    A pupil whose user or only enrolment is to be deleted leaves the class.
    refuses  NotOneRoster; DamagedFile
    """
    container = opened(data)
    _refuse_other_versions(container)
    users = _table(container, "users.csv")
    roles = _roles(_table(container, "roles.csv"))
    classes = {row["sourcedId"]: row for row in _table(container, "classes.csv")}
    places = _places(_table(container, "enrollments.csv"), classes)
    demographics = {row["sourcedId"]: row for row in _table(container, "demographics.csv", needed=False)}
    by_id = {row["sourcedId"]: row for row in users}
    found = []
    for line, user in enumerate(users, start=2):
        if "student" not in roles[user["sourcedId"]]:
            continue
        place = places.get(user["sourcedId"])
        adults = _agents(user, by_id, roles)
        found.append(_pupil(line, user, place, demographics.get(user["sourcedId"], {}), adults, today))
    return found


def printed(data: bytes) -> Table:
    """users.csv as a table, from which the report is written."""
    users = _table(opened(data), "users.csv")
    columns = ["identifier", "familyName", "middleName", "givenName", "status", "sourcedId"]
    table: Table = [[*columns]]
    table.extend([user.get(column, "") for column in columns] for user in users)
    return table


def _pupil(
    line: int, user: Record, place: tuple[Record, bool] | None, more: Record, adults: list[GuardianRow], today: date
) -> PupilRow:
    issues: list[Issue] = []

    def read(reader: Any, text: str) -> Any:
        if not text:
            return None
        found, wrong = reader(text)
        if wrong is not None:
            issues.append(wrong)
        return found

    school_class, is_leaving = place or ({}, False)
    name, wrong = values.full_name(_full_name(user))
    if wrong is not None:
        issues.append(wrong)
    return PupilRow(
        line,
        name or "",
        read(values.moet_code, user.get("identifier", "")),
        read(values.national_id, _user_ids(user).get("national_id", "")),
        read(lambda t: values.birth_date(t, today=today), more.get("birthDate") or more.get("metadata.birth", "")),
        _SEXES.get(more.get("sex", "").lower()),
        read(values.class_name, school_class.get("title", "")),
        read(values.grade, school_class.get("grades", "").split(",")[0]),
        read(values.ethnicity, user.get("metadata.ethnicity", "")),
        read(values.free_text(300, str(LABELS[Field.BIRTHPLACE])), more.get("cityOfBirth", "")),
        read(values.free_text(300, str(LABELS[Field.ADDRESS])), user.get("metadata.address", "")),
        read(values.phone, user.get("phone", "") or user.get("sms", "")),
        read(values.email, user.get("email", "")),
        tuple(adults),
        issues,
        is_leaving=is_leaving or user.get("status", "") == DELETED,
    )


def _agents(user: Record, by_id: Mapping[str, Record], roles: Mapping[str, set[str]]) -> list[GuardianRow]:
    adults = []
    for agent_id in filter(None, re.split(r"[,\s]+", user.get("agentSourcedIds", ""))):
        agent = by_id.get(agent_id)
        if agent is None or agent.get("status") == DELETED or not _full_name(agent):
            continue
        relationship = next((_ADULT_ROLES[role] for role in sorted(roles[agent_id]) if role in _ADULT_ROLES), "other")
        adults.append(
            GuardianRow(
                relationship,
                _full_name(agent),
                _read(values.birth_year, agent.get("metadata.birthYear", "")),
                _read(values.phone, agent.get("phone", "") or agent.get("sms", "")),
                _read(values.email, agent.get("email", "")),
                _read(values.national_id, _user_ids(agent).get("national_id", "")),
            )
        )
    return adults


def _read(reader: Any, text: str) -> Any:
    return reader(text)[0] if text else None


def _full_name(user: Record) -> str:
    """Family name first, as Vietnamese names are written."""
    return values.text_of(" ".join(user.get(part, "") for part in ("familyName", "middleName", "givenName")))


def _user_ids(user: Record) -> dict[str, str]:
    return dict(_USER_ID.findall(user.get("userIds", "")))


def _roles(table: list[Record]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in table:
        if row.get("status", "") != DELETED:
            found[row["userSourcedId"]].add(row["role"].lower())
    return found


def _places(enrolments: list[Record], classes: Mapping[str, Record]) -> dict[str, tuple[Record, bool]]:
    """Each pupil's class, a homeroom before any other, and whether the pupil leaves it."""
    found: dict[str, tuple[int, Record, bool]] = {}
    for row in enrolments:
        school_class = classes.get(row["classSourcedId"])
        if row["role"].lower() != "student" or school_class is None:
            continue
        is_leaving = row.get("status", "") == DELETED
        rank = 2 * (school_class.get("classType", "") == "homeroom") + (not is_leaving)
        user = row["userSourcedId"]
        if user not in found or rank > found[user][0]:
            found[user] = (rank, school_class, is_leaving)
    return {user: (school_class, is_leaving) for user, (_, school_class, is_leaving) in found.items()}


def _refuse_other_versions(container: Container) -> None:
    manifest = {row.get("propertyName", ""): row.get("value", "") for row in _table(container, MANIFEST)}
    if not manifest.get("oneroster.version", "").startswith("1."):
        raise NotOneRoster(name=MANIFEST)


def _table(container: Container, name: str, *, needed: bool = True) -> list[Record]:
    if name not in container.members:
        if needed:
            raise NotOneRoster(name=name)
        return []
    return list(_records(container.members[name], name))


def _records(content: bytes, name: str) -> Iterator[Record]:
    try:
        reader = csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""), restkey="", restval="")
        if not NEEDED.get(name, set()) <= set(reader.fieldnames or ()):
            raise NotOneRoster(name=name)
        for record in reader:
            record.pop("", None)
            yield record
    except (UnicodeDecodeError, csv.Error) as damage:
        raise DamagedFile from damage
