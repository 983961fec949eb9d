"""What has to be placed in a week: from class-subjects and their teachers to blocks of one or two periods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from khue.timetable.models import WishKind
from khue.timetable.planning.wishes import Asked, doubles_of, of_kind

DOUBLE = 2


@dataclass(frozen=True, slots=True)
class Teaching:
    """A class-subject of the term, with who teaches it.

    periods   a week, as the plan of the school has them: 1.5 is taught as 2
    teachers  staff id and share in percent, the leading teacher first
    """

    class_subject: int
    school_class: int
    subject: int
    grade: int
    periods: Decimal
    teachers: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True, order=True)
class Wanted:
    """A block to be placed: its parts as (class-subject, teacher) in order, and its length in periods."""

    parts: tuple[tuple[int, int], ...]
    duration: int


def wanted_blocks(teachings: Sequence[Teaching], asked: Sequence[Asked]) -> list[Wanted]:
    """Every block of a week. A class-subject without a teacher has none: see Readiness.

    Class-subjects asked to run together share blocks: the n-th block of the set holds the n-th period of each that has
    so many.
    """
    by_id = {each.class_subject: each for each in teachings if each.teachers and whole(each.periods)}
    sets = [[by_id[key] for key in each.members if key in by_id] for each in of_kind(asked, WishKind.TOGETHER)]
    together = {each.class_subject for members in sets for each in members}
    found = [block for members in sets for block in _together(members)]
    for teaching in by_id.values():
        if teaching.class_subject not in together:
            found += _alone(teaching, doubles_of(asked, teaching.subject, teaching.grade))
    return sorted(found)


def whole(periods: Decimal) -> int:
    """Periods of a real week, where the plan has parts of one; what is taught at all has one at least."""
    return max(int(periods.to_integral_value(ROUND_HALF_UP)), 1) if periods > 0 else 0


def shares(count: int, teachers: Sequence[tuple[int, int]]) -> list[int]:
    """How many of `count` periods each teacher gives, by largest remainder, so that they add up."""
    total = sum(percent for _, percent in teachers) or 1
    exact = [count * percent / total for _, percent in teachers]
    given = [int(share) for share in exact]
    by_rest = sorted(range(len(exact)), key=lambda place: given[place] - exact[place])
    for place in by_rest[: count - sum(given)]:
        given[place] += 1
    return given


def _alone(teaching: Teaching, doubles: int) -> list[Wanted]:
    found = []
    for (staff, _percent), count in zip(
        teaching.teachers, shares(whole(teaching.periods), teaching.teachers), strict=True
    ):
        pairs = min(doubles, count // DOUBLE)
        doubles -= pairs
        part = ((teaching.class_subject, staff),)
        found += [Wanted(part, DOUBLE)] * pairs + [Wanted(part, 1)] * (count - DOUBLE * pairs)
    return found


def _together(members: Sequence[Teaching]) -> list[Wanted]:
    rows: list[list[tuple[int, int]]] = []
    for teaching in members:
        given = shares(whole(teaching.periods), teaching.teachers)
        staff = [who for (who, _percent), count in zip(teaching.teachers, given, strict=True) for _ in range(count)]
        for place, who in enumerate(staff):
            if place == len(rows):
                rows.append([])
            rows[place].append((teaching.class_subject, who))
    return [Wanted(tuple(sorted(row)), 1) for row in rows]


@dataclass(frozen=True, slots=True)
class Change:
    """What turns the blocks of a draft into those now wanted: ids that go, blocks that come. The others stay."""

    gone: Sequence[int]
    new: Sequence[Wanted]


def changed(present: Mapping[int, Wanted], wanted: Sequence[Wanted]) -> Change:
    """Keep every block of the draft that is still wanted, where it lies; of several alike the first."""
    left = list(wanted)
    gone = []
    for key, block in sorted(present.items()):
        if block in left:
            left.remove(block)
        else:
            gone.append(key)
    return Change(gone, left)
