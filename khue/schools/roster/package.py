"""A OneRoster 1.2 package as tables: a zip of CSV files that point at each other, full or delta.

In a delta the tables hold only what changed since the package before; what they point at may stand in none of them.
source  1EdTech OneRoster 1.2, CSV binding: manifest.csv and the tables it names
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

from khue.foundation.workbooks.container import Container, opened
from khue.foundation.workbooks.refusals import DamagedFile
from khue.schools.roster import values
from khue.schools.roster.refusals import NotOneRoster

Record = dict[str, str]
MANIFEST = "manifest.csv"
NEEDED = {
    "users.csv": {"sourcedId", "givenName", "familyName"},
    "roles.csv": {"userSourcedId", "role"},
    "classes.csv": {"sourcedId", "title"},
    "enrollments.csv": {"classSourcedId", "userSourcedId", "role"},
}
#: Tables that may be left out, with the columns they must have where they stand.
OPTIONAL = {"demographics.csv": {"sourcedId"}, "userProfiles.csv": {"userSourcedId", "username"}}
DELETED = "tobedeleted"
_USER_ID = re.compile(r"\{\s*([^:{}]+?)\s*:\s*([^:{}]+?)\s*\}")


@dataclass(frozen=True, slots=True)
class Package:
    """The tables of a package that say who is who at a school.

    roles         role names in lower case by user; `ended_roles` those that are to be deleted
    classes       by sourcedId
    demographics  by sourcedId of the user
    is_delta      the enrollments are only those that changed
    """

    users: list[Record]
    roles: Mapping[str, set[str]]
    ended_roles: Mapping[str, set[str]]
    classes: Mapping[str, Record]
    enrolments: list[Record]
    demographics: Mapping[str, Record]
    profiles: list[Record]
    is_delta: bool


def is_package(data: bytes) -> bool:
    """Whether the bytes are a zip with a OneRoster manifest. Refuses what no zip can be read from."""
    return MANIFEST in opened(data).members


def package_of(data: bytes) -> Package:
    """The tables of a package.

    refuses  NotOneRoster; DamagedFile
    """
    container = opened(data)
    manifest = {row.get("propertyName", ""): row.get("value", "") for row in _table(container, MANIFEST)}
    if not manifest.get("oneroster.version", "").startswith("1."):
        raise NotOneRoster(name=MANIFEST)
    is_delta = manifest.get("file.enrollments", "").lower() == "delta"
    tables = {name: _table(container, name, needed=not is_delta) for name in NEEDED}
    more = {name: _table(container, name, needed=False) for name in OPTIONAL}
    return Package(
        users=tables["users.csv"],
        roles=_roles(tables["roles.csv"], ended=False),
        ended_roles=_roles(tables["roles.csv"], ended=True),
        classes={row["sourcedId"]: row for row in tables["classes.csv"]},
        enrolments=tables["enrollments.csv"],
        demographics={row["sourcedId"]: row for row in more["demographics.csv"]},
        profiles=more["userProfiles.csv"],
        is_delta=is_delta,
    )


def is_deleted(record: Record) -> bool:
    """Whether the record is in the package only to say that it holds no more."""
    return record.get("status", "").lower() == DELETED


def full_name(user: Record) -> str:
    """Family name first, as Vietnamese names are written."""
    return values.text_of(" ".join(user.get(part, "") for part in ("familyName", "middleName", "givenName")))


def national_id(user: Record) -> str:
    """The 12-digit number among the identifiers that other systems know the user by."""
    known_by: dict[str, str] = dict(_USER_ID.findall(user.get("userIds", "")))
    return known_by.get("national_id", "")


def _roles(table: list[Record], *, ended: bool) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in table:
        if is_deleted(row) is ended:
            found[row["userSourcedId"]].add(row["role"].lower())
    return found


def _table(container: Container, name: str, *, needed: bool = True) -> list[Record]:
    if name not in container.members:
        if needed:
            raise NotOneRoster(name=name)
        return []
    return list(_records(container.members[name], name))


def _records(content: bytes, name: str) -> Iterator[Record]:
    columns = NEEDED.get(name) or OPTIONAL.get(name) or set()
    try:
        reader = csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""), restkey="", restval="")
        if not columns <= set(reader.fieldnames or ()):
            raise NotOneRoster(name=name)
        for record in reader:
            record.pop("", None)
            yield record
    except (UnicodeDecodeError, csv.Error) as damage:
        raise DamagedFile from damage
