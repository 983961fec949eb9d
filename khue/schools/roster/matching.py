"""Which row of the file is which pupil of the school.

By the code of the Ministry, else by the 12-digit number, else by name, birth date and class; last by name and birth
date alone, where that fits exactly one pupil whom no other row claims: that is a pupil without numbers who changed
class. The same file read again therefore finds everybody it brought.
"""

from collections import defaultdict
from collections.abc import Sequence

from khue.registry.queries import PartialDate
from khue.schools.roster.issues import Code, issue
from khue.schools.roster.known import School, by_number, identity_key, name_key
from khue.schools.roster.rows import PupilRow
from khue.schools.roster.values import class_key

Identity = tuple[str, object]
NO_DATE = PartialDate()


def match(rows: Sequence[PupilRow], school: School) -> dict[int, int]:
    """Person id by line, for the rows that are somebody the school knows. Marks rows that cannot be anybody.

    rows  their `issues` grow: numbers held elsewhere, one number for two pupils, one pupil twice
    """
    _mark_shared_numbers(rows)
    _mark_repeated_rows(rows)
    matched: dict[int, int] = {}
    claims: dict[int, int] = {}
    numbers = by_number((pupil.person_id, pupil.details) for pupil in school.pupils.values())
    unmatched = []
    for row in rows:
        if row.is_wrong:
            continue
        person_id = _by_numbers(row, school, numbers)
        if person_id is not None:
            _claim(row, person_id, claims, matched)
        elif not row.is_wrong:
            unmatched.append(row)
    _match_names(unmatched, school, claims, matched)
    return matched


def _by_numbers(row: PupilRow, school: School, numbers: dict[tuple[str, str], int]) -> int | None:
    found = set()
    for column, number in (("moet_code", row.moet_code), ("national_id", row.national_id)):
        if not number:
            continue
        if number in school.elsewhere:
            row.issues.append(issue(Code.HELD_ELSEWHERE))
            return None
        if number in school.strangers:
            row.issues.append(issue(Code.NOT_A_PUPIL))
            return None
        if (column, number) in numbers:
            found.add(numbers[column, number])
    if len(found) > 1:
        row.issues.append(issue(Code.TWO_PEOPLE))
        return None
    return found.pop() if found else None


def _match_names(rows: Sequence[PupilRow], school: School, claims: dict[int, int], matched: dict[int, int]) -> None:
    by_identity: dict[Identity, list[int]] = defaultdict(list)
    for pupil in school.pupils.values():
        if pupil.person_id not in claims and not pupil.is_former:
            by_identity[identity_key(pupil.details)].append(pupil.person_id)
    moved = []
    for row in rows:
        candidates = _free(row, by_identity.get(_identity(row), ()), school, claims)
        in_class = [c for c in candidates if row.class_name and school.pupils[c].class_key == class_key(row.class_name)]
        if len(in_class) > 1:
            row.issues.append(issue(Code.SEVERAL_MATCH))
        elif in_class:
            _claim(row, in_class[0], claims, matched)
        elif candidates and row.birth is not None:
            moved.append(row)
    for row in moved:
        candidates = _free(row, by_identity[_identity(row)], school, claims)
        if len(candidates) == 1:
            _claim(row, candidates[0], claims, matched)


def _free(row: PupilRow, candidates: Sequence[int], school: School, claims: dict[int, int]) -> list[int]:
    """Those that no row claims yet and whose own numbers do not contradict the row's."""
    return [
        person_id
        for person_id in candidates
        if person_id not in claims
        and not _contradict(row.moet_code, school.pupils[person_id].details.moet_code)
        and not _contradict(row.national_id, school.pupils[person_id].details.national_id)
    ]


def _contradict(number: str | None, known: str) -> bool:
    return bool(number) and bool(known) and number != known


def _claim(row: PupilRow, person_id: int, claims: dict[int, int], matched: dict[int, int]) -> None:
    earlier = claims.get(person_id)
    if earlier is not None:
        row.issues.append(issue(Code.TWICE_IN_FILE, line=earlier))
        return
    claims[person_id] = row.line
    matched[row.line] = person_id


def _mark_shared_numbers(rows: Sequence[PupilRow]) -> None:
    """One number in two rows: the same pupil twice, or two pupils of whom nobody here can tell whose it is."""
    first: dict[tuple[str, str], PupilRow] = {}
    for row in rows:
        for column, number in (("moet_code", row.moet_code), ("national_id", row.national_id)):
            if not number:
                continue
            earlier = first.setdefault((column, number), row)
            if earlier is row:
                continue
            if _identity(earlier) == _identity(row):
                row.issues.append(issue(Code.TWICE_IN_FILE, line=earlier.line))
                break
            row.issues.append(issue(Code.NUMBER_TWICE, line=earlier.line))
            earlier.issues.append(issue(Code.NUMBER_TWICE, line=row.line))
            break


def _mark_repeated_rows(rows: Sequence[PupilRow]) -> None:
    """Rows without a number of one name, birth date and class are one pupil typed twice."""
    first: dict[tuple[Identity, str], int] = {}
    for row in rows:
        if row.is_wrong or row.moet_code or row.national_id:
            continue
        line = first.setdefault((_identity(row), class_key(row.class_name or "")), row.line)
        if line != row.line:
            row.issues.append(issue(Code.TWICE_IN_FILE, line=line))


def _identity(row: PupilRow) -> Identity:
    return name_key(row.full_name), row.birth or NO_DATE
