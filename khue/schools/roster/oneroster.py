"""OneRoster 1.2 read: the pupils of a package, with their classes and guardians.

What the standard has no column for (an address, a birth date of which only the year is known) stands in `metadata.`
columns, which the standard leaves to whoever writes the file.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from khue.foundation.workbooks.workbook import Table
from khue.schools.roster import values
from khue.schools.roster.fields import LABELS, Field
from khue.schools.roster.issues import Issue
from khue.schools.roster.package import Package, Record, full_name, is_deleted, national_id
from khue.schools.roster.rows import GuardianRow, PupilRow

_ADULT_ROLES = {"father": "father", "mother": "mother"}
SEXES = {"male": "1", "female": "2"}


def pupils_of(package: Package, *, today: date) -> list[PupilRow]:
    """The pupils of the package, in the order of users.csv; `line` is the line there.

    A pupil whose user or only enrolment is to be deleted leaves the class.
    """
    places = _places(package.enrolments, package.classes)
    by_id = {row["sourcedId"]: row for row in package.users}
    found = []
    for line, user in enumerate(package.users, start=2):
        if "student" not in package.roles.get(user["sourcedId"], ()):
            continue
        place = places.get(user["sourcedId"])
        adults = _agents(user, by_id, package.roles)
        found.append(_pupil(line, user, place, package.demographics.get(user["sourcedId"], {}), adults, today))
    return found


def printed(package: Package) -> Table:
    """users.csv as a table, from which the report is written."""
    columns = ["identifier", "familyName", "middleName", "givenName", "status", "sourcedId"]
    table: Table = [[*columns]]
    table.extend([user.get(column, "") for column in columns] for user in package.users)
    # Under them those whom only enrollments.csv names, as teachers.teachers_of numbers them.
    named = {user["sourcedId"] for user in package.users}
    others = (row["userSourcedId"] for row in package.enrolments if row["role"].lower() == "teacher")
    table.extend([*[""] * (len(columns) - 1), key] for key in dict.fromkeys(others) if key not in named)
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
    name, wrong = values.full_name(full_name(user))
    if wrong is not None:
        issues.append(wrong)
    return PupilRow(
        line,
        name or "",
        read(values.moet_code, user.get("identifier", "")),
        read(values.national_id, national_id(user)),
        read(lambda t: values.birth_date(t, today=today), more.get("birthDate") or more.get("metadata.birth", "")),
        SEXES.get(more.get("sex", "").lower()),
        read(values.class_name, school_class.get("title", "")),
        read(values.grade, school_class.get("grades", "").split(",")[0]),
        read(values.ethnicity, user.get("metadata.ethnicity", "")),
        read(values.free_text(300, str(LABELS[Field.BIRTHPLACE])), more.get("cityOfBirth", "")),
        read(values.free_text(300, str(LABELS[Field.ADDRESS])), user.get("metadata.address", "")),
        read(values.phone, user.get("phone", "") or user.get("sms", "")),
        read(values.email, user.get("email", "")),
        tuple(adults),
        issues,
        is_leaving=is_leaving or is_deleted(user),
    )


def _agents(user: Record, by_id: Mapping[str, Record], roles: Mapping[str, set[str]]) -> list[GuardianRow]:
    adults = []
    for agent_id in filter(None, re.split(r"[,\s]+", user.get("agentSourcedIds", ""))):
        agent = by_id.get(agent_id)
        if agent is None or is_deleted(agent) or not full_name(agent):
            continue
        relationship = next(
            (_ADULT_ROLES[role] for role in sorted(roles.get(agent_id, ())) if role in _ADULT_ROLES), "other"
        )
        adults.append(
            GuardianRow(
                relationship,
                full_name(agent),
                _read(values.birth_year, agent.get("metadata.birthYear", "")),
                _read(values.phone, agent.get("phone", "") or agent.get("sms", "")),
                _read(values.email, agent.get("email", "")),
                _read(values.national_id, national_id(agent)),
                _read(
                    values.free_text(200, str(LABELS[Field.GUARDIAN_OCCUPATION])), agent.get("metadata.occupation", "")
                ),
                agent_id,
            )
        )
    return adults


def _read(reader: Any, text: str) -> Any:
    return reader(text)[0] if text else None


def _places(enrolments: list[Record], classes: Mapping[str, Record]) -> dict[str, tuple[Record, bool]]:
    """Each pupil's class, a homeroom before any other, and whether the pupil leaves it."""
    found: dict[str, tuple[int, Record, bool]] = {}
    for row in enrolments:
        school_class = classes.get(row["classSourcedId"])
        if row["role"].lower() != "student" or school_class is None:
            continue
        is_leaving = is_deleted(row)
        rank = 2 * (school_class.get("classType", "") == "homeroom") + (not is_leaving)
        user = row["userSourcedId"]
        if user not in found or rank > found[user][0]:
            found[user] = (rank, school_class, is_leaving)
    return {user: (school_class, is_leaving) for user, (_, school_class, is_leaving) in found.items()}
