"""Where the heading of a table is, and what each column most likely means."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from khue.foundation.workbooks.workbook import Cell, Sheet
from khue.schools.roster.fields import KNOWN_HEADINGS, Field, heading_key
from khue.schools.roster.refusals import NoHeading

SEARCHED_ROWS = 40
TALLEST_HEADING = 3
WIDEST_HEADING = 256
ENOUGH_NAMES = ({Field.FULL_NAME}, {Field.FAMILY_NAME, Field.GIVEN_NAME}, {Field.GIVEN_NAME, Field.MOET_CODE})


@dataclass(frozen=True, slots=True)
class Column:
    """One column with a heading.

    index    from 0, as in the sheet
    heading  as it stands in the file, two-row headings joined: "Cha Họ tên"
    key      what is remembered for the school; a second column of the same heading has " 2" after it
    field    the proposal, None when nothing is known or another column says it better
    """

    index: int
    heading: str
    key: str
    field: Field | None
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading rows `first` to `last` of a sheet, from 0, and its columns."""

    first: int
    last: int
    columns: tuple[Column, ...]

    @property
    def mapping(self) -> dict[int, Field]:
        return {column.index: column.field for column in self.columns if column.field is not None}

    @property
    def repeated(self) -> tuple[str, ...]:
        """Headings that stand above more than one column."""
        return tuple(dict.fromkeys(column.heading for column in self.columns if column.is_repeated))


def heading_of(sheets: Sequence[Sheet], remembered: Mapping[str, Field | None]) -> tuple[Sheet, Heading]:
    """The sheet and heading that explain most columns; the earlier of equals.

    remembered  what this school mapped before, by key; None where it chose to leave a column out
    refuses     NoHeading
    """
    best: tuple[int, Sheet, Heading] | None = None
    for sheet in sheets:
        for heading in _candidates(sheet, remembered):
            fields = set(heading.mapping.values())
            score = len(fields) * 10 - (heading.last - heading.first)
            if len(fields) >= 2 and any(names <= fields for names in ENOUGH_NAMES) and (not best or score > best[0]):
                best = (score, sheet, heading)
    if best is None:
        raise NoHeading
    return best[1], best[2]


def _candidates(sheet: Sheet, remembered: Mapping[str, Field | None]) -> Iterator[Heading]:
    for first in range(min(len(sheet.rows), SEARCHED_ROWS)):
        for last in range(first, min(first + TALLEST_HEADING, len(sheet.rows))):
            if last > first and not _is_heading_row(sheet.rows[last]):
                break
            texts = _joined(sheet.rows[first : last + 1])
            if sum(map(bool, texts)) >= 2:
                yield Heading(first, last, _columns(texts, remembered))


def _is_heading_row(row: Sequence[Cell]) -> bool:
    """Whether the row can be the lower part of a heading: texts only, one of them a known heading by itself."""
    filled = [cell for cell in row if cell != ""]
    texts = all(isinstance(cell, str) for cell in filled)
    return bool(filled) and texts and any(heading_key(cell) in KNOWN_HEADINGS for cell in filled)


def _joined(rows: Sequence[Sequence[Cell]]) -> list[str]:
    width = min(max(map(len, rows), default=0), WIDEST_HEADING)
    texts = []
    for index in range(width):
        parts = [" ".join(str(row[index]).split()) for row in rows if index < len(row) and row[index] != ""]
        texts.append(" ".join(dict.fromkeys(part for part in parts if part)))
    return texts


def _columns(texts: Sequence[str], remembered: Mapping[str, Field | None]) -> tuple[Column, ...]:
    seen: dict[str, int] = {}
    taken: set[Field] = set()
    columns = []
    keys = [heading_key(text) for text in texts]
    times = Counter(keys)
    for index, (text, plain) in enumerate(zip(texts, keys, strict=True)):
        if not plain:
            continue
        seen[plain] = seen.get(plain, 0) + 1
        key = plain if seen[plain] == 1 else f"{plain} {seen[plain]}"
        field = remembered[key] if key in remembered else KNOWN_HEADINGS.get(key.removeprefix("thong tin "))
        if field in taken:
            field = None
        if field is not None:
            taken.add(field)
        columns.append(Column(index, text[:120], key, field, times[plain] > 1))
    return tuple(columns)
