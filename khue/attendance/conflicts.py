"""When a roll may take the place of another one, and when somebody has to look first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StandingRoll:
    """The roll that holds now. `key` is None where an older program took it."""

    key: UUID | None
    taken_by_id: int | None
    taken_at: datetime


def is_overtaken(standing: StandingRoll | None, *, seen: UUID | None, by_id: int | None, taken_at: datetime) -> bool:
    """Whether a roll would hide a newer one that its taker has not seen.

    seen      the key of the roll the taker had before the eyes; None where there was none
    taken_at  when the new roll was taken: a device may send it hours later
    """
    if standing is None or (seen is not None and standing.key == seen):
        return False
    return standing.taken_by_id != by_id or standing.taken_at > taken_at
