"""Facts of the workspace, in the past tense."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class StaffLeaveGranted(Event):
    """One of the staff is away from a day to a day, both included.

    leave_id    the leave; granted_at is when it was granted, and the same in StaffLeaveWithdrawn
    """

    name: ClassVar[str] = "workspace.staff_leave_granted"
    leave_id: int
    person_id: int
    first_day: date
    last_day: date
    granted_at: datetime


@dataclass(frozen=True)
class StaffLeaveWithdrawn(Event):
    """Leave that had been granted was taken back: the person is there after all."""

    name: ClassVar[str] = "workspace.staff_leave_withdrawn"
    leave_id: int
    person_id: int
    first_day: date
    last_day: date
    granted_at: datetime
