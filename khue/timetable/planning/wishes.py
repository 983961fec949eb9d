"""What a school asks of its timetable, as plain values: one for each row of Wish that is in force."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from khue.timetable.models import WishKind

#: Hard rules weigh 100; a wish that is only preferred weighs half.
PREFERRED = 50
MOST_PERIODS_A_DAY, WAY_BETWEEN_CAMPUSES = 8, 1


@dataclass(frozen=True, slots=True)
class Asked:
    """One wish. None and "" mean "whichever".

    kind reads: SESSION class or grade, session · FIXED title, grade, subject (none: assembly, nothing is taught),
    weekday, session, period · BUSY staff, weekday, session, period · MOST_A_DAY, MOST_DAYS, MOST_GAPS staff, amount ·
    DOUBLE subject, grade, amount · ROOM subject, grade, room_kind · LATEST subject, grade, period ·
    TOGETHER members · TRAVEL amount
    """

    kind: str
    title: str = ""
    staff: int | None = None
    school_class: int | None = None
    subject: int | None = None
    grade: int | None = None
    room_kind: str = ""
    weekday: int | None = None
    session: str = ""
    period: int | None = None
    amount: int | None = None
    is_must: bool = True
    members: tuple[int, ...] = ()

    @property
    def weight(self) -> int:
        """As the solver counts it."""
        return 100 if self.is_must else PREFERRED

    def is_about(self, subject: int, grade: int) -> bool:
        """Whether it is about this subject in this grade."""
        return self.subject == subject and self.grade in (None, grade)


def of_kind(asked: Iterable[Asked], kind: WishKind) -> list[Asked]:
    """The wishes of one kind, in their order."""
    return [each for each in asked if each.kind == kind]


def doubles_of(asked: Sequence[Asked], subject: int, grade: int) -> int:
    """How many pairs of periods a week a subject is to have; the wish for one grade goes before that for all."""
    found = [each for each in of_kind(asked, WishKind.DOUBLE) if each.is_about(subject, grade)]
    found.sort(key=lambda each: each.grade is None)
    return (found[0].amount or 0) if found else 0


LAST_PRIMARY_GRADE = 5


def session_of(asked: Sequence[Asked], school_class: int, grade: int) -> str:
    """ "am", "pm" or "" for both: what was asked for the class, else for its grade, else for all.

    Where nothing was asked a primary class learns in both half-days, any other in the morning.
    source  TT 32/2018/TT-BGDĐT, primary schools: two half-days a day, at most seven periods
    """
    found = of_kind(asked, WishKind.SESSION)
    for fits in (
        lambda each: each.school_class == school_class,
        lambda each: each.school_class is None and each.grade == grade,
        lambda each: each.school_class is None and each.grade is None,
    ):
        chosen = next((each for each in found if fits(each)), None)
        if chosen is not None:
            return chosen.session
    return "" if grade <= LAST_PRIMARY_GRADE else "am"


def room_kind_of(asked: Sequence[Asked], subject: int, grade: int) -> str:
    """The kind of room a subject needs; "" where the class's own will do."""
    return next((each.room_kind for each in of_kind(asked, WishKind.ROOM) if each.is_about(subject, grade)), "")


def usual_way(asked: Sequence[Asked]) -> int:
    """The free periods a teacher needs between two campuses where nobody measured the way."""
    amount = next((each.amount for each in of_kind(asked, WishKind.TRAVEL)), None)
    return WAY_BETWEEN_CAMPUSES if amount is None else amount
