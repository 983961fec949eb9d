"""What a higher room may plug into the gradebook."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from khue.foundation.slots import Slot

#: Enrolment ids and the first and last day of a school year, to sessions (buổi) absent by enrolment id.
SessionsAbsent = Callable[[Sequence[int], date, date], Mapping[int, int]]


def _nobody_counts(enrolment_ids: Sequence[int], first: date, last: date) -> Mapping[int, int]:
    """No number for anybody: the rule of 45 sessions stays open instead of being met by an invented nought."""
    del enrolment_ids, first, last
    return {}


#: How many sessions pupils were absent; attendance knows. A pupil left out of the answer is one nobody counts.
sessions_absent: Slot[SessionsAbsent] = Slot("gradebook.sessions_absent", _nobody_counts)
