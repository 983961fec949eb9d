"""OneRoster packages to read in tests."""

import csv
from collections.abc import Mapping
from io import BytesIO, StringIO
from zipfile import ZipFile

from khue.schools.tests.roster.workbooks import archive

Tables = dict[str, list[dict[str, str]]]
_COLUMNS = {
    "users": ["sourcedId", "givenName", "familyName"],
    "roles": ["userSourcedId", "role"],
    "classes": ["sourcedId", "title"],
    "enrollments": ["classSourcedId", "userSourcedId", "role"],
}


def package(tables: Tables | bytes, *, delta: bool = False, manifest: Mapping[str, str] | None = None) -> bytes:
    """A package of these tables, or the one given with another manifest."""
    kind = "delta" if delta else "bulk"
    if isinstance(tables, bytes):
        with ZipFile(BytesIO(tables)) as found:
            members = {name: found.read(name) for name in found.namelist()}
        names = [name.removesuffix(".csv") for name in members if name != "manifest.csv"]
    else:
        members = {f"{name}.csv": _csv(name, rows) for name, rows in tables.items()}
        names = list(tables)
    says = {"oneroster.version": "1.2", **{f"file.{name}": kind for name in names}, **(manifest or {})}
    lines = [{"propertyName": name, "value": value} for name, value in says.items()]
    return archive({**members, "manifest.csv": _csv("manifest", lines)})


def _csv(name: str, rows: list[dict[str, str]]) -> bytes:
    columns = dict.fromkeys([*([] if rows else _COLUMNS.get(name, [])), *(key for row in rows for key in row)])
    text = StringIO()
    writer = csv.DictWriter(text, list(columns), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
