"""How many sessions a pupil missed in a year: what the rule of 45 sessions counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

#: Exactly 45 still moves up; 46 repeats the year. TT 22/2021, Điều 12; domain §3.3.
MOST_SESSIONS = 45
#: From here on the homeroom teacher sees that the pupil comes near.
NEAR = 30


@dataclass(frozen=True, slots=True)
class HalfDay:
    """One pupil's morning or afternoon, as its rolls tell.

    session  "am" or "pm"
    held     lessons of the half-day whose roll was taken and which were the pupil's
    missed   those of them that the pupil was not at, with leave, without, or skipped
    """

    day: date
    session: str
    held: int
    missed: int


def missed_sessions(half_days: Iterable[HalfDay], *, one_session: bool) -> int:
    """The sessions a pupil missed, with leave and without alike, one after the other or not.

    A session is missed when all of its lessons were; who came late, left early or skipped a lesson was there.
    one_session  count as on a plan of one session a day: a morning and an afternoon of one day count once
    source       TT 22/2021/TT-BGDĐT, Điều 12: "tính theo kế hoạch giáo dục 1 buổi/ngày"
    """
    missed = {(half.day, half.session) for half in half_days if half.held and half.missed >= half.held}
    return len({day for day, _session in missed}) if one_session else len(missed)
