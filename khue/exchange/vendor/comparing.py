"""Rows of a file beside the records of our own rows: what is the same, what differs, what only one side has."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from khue.exchange.envelope import Payload
from khue.exchange.vendor.cells import Read, Unread, read
from khue.exchange.vendor.columns import SETS, FieldSet, Found, Target, targets_of
from khue.foundation.workbooks.workbook import Cell
from khue.registry import queries as registry

SCHOOL = "matruong"
_YEAR = re.compile(r"-\d{4}-\d{4}$")
_BIRTH = ("ngaythangnamsinh", "thangnamsinh", "namsinh")


class Standing(StrEnum):
    """How a row of the file stands to our rows. ABSENT: a row of ours that the file has not."""

    SAME = "same"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    WRONG = "wrong"
    ABSENT = "absent"


class Trouble(StrEnum):
    """Why a row is wrong as a whole."""

    NO_KEY = "no_key"
    TWICE = "twice"
    NO_SCHOOL = "no_school"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of the file. line: from 1, as Excel counts. said, unread: by target, what could and could not be read."""

    line: int
    said: Mapping[str, Read]
    unread: Mapping[str, Unread]


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One record as our rows give it, the kinds of a set put together. school: its code."""

    key: str
    school: str
    payload: Payload


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that the two sides say differently; ours is None where our rows say nothing."""

    target: str
    theirs: Read
    ours: Read | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One row. line: 0 for a row the file has not."""

    line: int
    standing: Standing
    title: str
    school: str
    differences: Sequence[Difference] = ()
    troubles: Sequence[Trouble] = ()
    unread: Mapping[str, Unread] = field(default_factory=dict)


def rows_of(found: Found, seen: frozenset[str]) -> Iterator[FileRow]:
    """The rows under the heading that say anything.

    seen  fields this reader may see; what the file says of others is left alone
    """
    targets = targets_of(found.set)
    columns = [(column.index, targets[column.target]) for column in found.columns if column.target]
    columns = [(index, target) for index, target in columns if target.field.name in seen]
    for index, cells in enumerate(found.sheet.rows[found.heading + 1 :], start=found.heading + 2):
        row = _row(index, cells, columns)
        if row.said or row.unread:
            yield row


def _row(line: int, cells: Sequence[Cell], columns: Sequence[tuple[int, Target]]) -> FileRow:
    said: dict[str, Read] = {}
    unread: dict[str, Unread] = {}
    for index, target in columns:
        value = read(target.field, target.part, cells[index]) if index < len(cells) else None
        if isinstance(value, Unread):
            unread[target.name] = value
        elif value is not None:
            said[target.name] = value
    return FileRow(line, said, unread)


def compared(
    which: FieldSet, rows: Sequence[FileRow], ours: Mapping[str, Sequence[OwnRow]], one: str
) -> list[Compared]:
    """Every row of the file, then the rows of ours that it has not.

    ours  by the code of the school, those schools that this reader reads
    one   the code of the only school there is, for files without a column of schools; "" where there are several
    """
    books = {code: _by_keys(which, records) for code, records in ours.items()}
    met: dict[tuple[str, str], int] = {}
    done = []
    for row in rows:
        school = str(row.said.get(SCHOOL, "")) or one
        done.append(_compared(which, row, school, books.get(school), met))
    return [*done, *_absent(which, ours, met)] if done else []


def _compared(
    which: FieldSet, row: FileRow, school: str, book: Mapping[tuple[str, ...], OwnRow] | None,
    met: dict[tuple[str, str], int],
) -> Compared:  # fmt: skip
    title = str(row.said.get(SETS[which].title, ""))[:200]
    keys = list(_keys(which, row.said))
    if book is None:
        return Compared(row.line, Standing.WRONG, title, school, troubles=[Trouble.NO_SCHOOL], unread=row.unread)
    if not keys:
        return Compared(row.line, Standing.WRONG, title, school, troubles=[Trouble.NO_KEY], unread=row.unread)
    own = next((book[key] for key in keys if key in book), None)
    place = (school, own.key if own else "\x00".join(keys[0]))
    if place in met:
        return Compared(row.line, Standing.WRONG, title, school, troubles=[Trouble.TWICE], unread=row.unread)
    met[place] = row.line
    if own is None:
        return Compared(row.line, Standing.UNKNOWN, title, school, unread=row.unread)
    found = [Difference(*each) for each in _differences(row.said, own.payload)]
    troubles = [Trouble.UNREADABLE] if row.unread else []
    standing = Standing.DIFFERS if found else Standing.WRONG if troubles else Standing.SAME
    return Compared(row.line, standing, title or _title(which, own), school, found, troubles, row.unread)


def _differences(said: Mapping[str, Read], payload: Payload) -> Iterator[tuple[str, Read, Read | None]]:
    for target, theirs in said.items():
        ours = _ours(target, payload)
        if target != SCHOOL and not _agree(target, theirs, ours):
            yield target, theirs, ours


def _ours(target: str, payload: Payload) -> Read | None:
    name, _dot, part = target.partition(".")
    value = payload.get(name)
    if part:
        value = value.get(part) if isinstance(value, dict) else None
    if value is None and name == _BIRTH[0]:  # of some people only the month or the year is known
        value = next((payload[other] for other in _BIRTH[1:] if other in payload), None)
    return value if isinstance(value, str | int | float) else None


def _agree(target: str, theirs: Read, ours: Read | None) -> bool:
    if ours is None:
        return False
    if isinstance(theirs, int | float) and isinstance(ours, int | float):
        return abs(theirs - ours) < 1e-9
    return _plain(target, theirs) == _plain(target, ours)


def _plain(target: str, value: Read) -> str:
    """Spelling that says the same: case, the place of a tone, spaces; a class with or without its year."""
    text = str(value)
    if target in ("malop", "tenlop"):
        text = _YEAR.sub("", text)
    return registry.spelling_key(text)


def _keys(which: FieldSet, said: Mapping[str, Read]) -> Iterator[tuple[str, ...]]:
    for fields in SETS[which].keys:
        if all(name in said for name in fields):
            # A class that is called by its name is the class of that code.
            called = ["malop" if name == "tenlop" else name for name in fields]
            yield (*called, *(_plain(name, said[name]) for name in fields))


def _by_keys(which: FieldSet, records: Sequence[OwnRow]) -> dict[tuple[str, ...], OwnRow]:
    """Our records by everything that names them; a name that two have names neither."""
    found: dict[tuple[str, ...], list[OwnRow]] = defaultdict(list)
    for record in records:
        plain = {name: value for name, value in record.payload.items() if isinstance(value, str | int | float)}
        for key in set(_keys(which, plain)):
            found[key].append(record)
    return {key: same[0] for key, same in found.items() if len(same) == 1}


def _absent(
    which: FieldSet, ours: Mapping[str, Sequence[OwnRow]], met: Mapping[tuple[str, str], int]
) -> Iterator[Compared]:
    """Of schools the file speaks of; a file of schools speaks of all."""
    spoken = {school for school, _key in met}
    for school, records in ours.items():
        if school in spoken or which is FieldSet.SCHOOL:
            for record in records:
                if (school, record.key) not in met:
                    yield Compared(0, Standing.ABSENT, _title(which, record), school)


def _title(which: FieldSet, record: OwnRow) -> str:
    payload = record.payload
    for name in (SETS[which].title, *SETS[which].keys[0]):
        if isinstance(payload.get(name), str):
            return str(payload[name])[:200]
    return ""
