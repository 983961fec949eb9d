"""What higher rooms plug into schools."""

from collections.abc import Callable, Collection, Mapping
from datetime import date

from khue.foundation.slots import Slot


def _none_counted(_person_ids: Collection[int], _organisation_id: int, _first: date, _last: date) -> Mapping[int, int]:
    return {}


#: By person: the sessions (buổi) missed at a school from the first day of a year to its last, with leave or without, as
#: the rule of 45 counts them. Attendance counts; results and promotion ask. Few queries, however many people.
sessions_absent: Slot[Callable[[Collection[int], int, date, date], Mapping[int, int]]] = Slot(
    "sessions_absent", default=_none_counted
)
