"""A school in August before its year, a clock that can be moved to any day of it, and the story of both."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from khue.curriculum.models import SubjectGrade
from khue.foundation.clock import VIETNAM
from khue.foundation.tests.processes import ROOT
from khue.identity.models import Account, Grant
from khue.registry.models import Affiliation, Guardianship
from khue.schools.models import ClassSubject, StaffMember, TeachingAssignment
from khue.timetable.models import Bell
from tests.journeys.day import Day
from tests.world import School, World, account, staff

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opens = Callable[..., "Page"]

AUGUST = date(2026, 8, 1)
MOVED = Path(__file__).parent / "moved_clock"


@dataclass
class Clock:
    """The clock of all processes of the story, this one included."""

    file: Path

    def move_to(self, day: date, hour: int = 8) -> None:
        """Let it be this hour of this day in Vietnam, and go on from there."""
        there = datetime.combine(day, time(hour), VIETNAM)
        written = self.file.with_suffix(".new")
        written.write_text(str((there - datetime.now(UTC)).total_seconds()))
        written.replace(self.file)  # whoever reads meanwhile reads the one or the other

    @property
    def environment(self) -> dict[str, str]:
        """For processes that shall live at the same time."""
        return {"KHUE_MOVED_CLOCK": str(self.file), "PYTHONPATH": f"{MOVED}:{ROOT}"}


@contextmanager
def moved_clock(folder: Path) -> Iterator[Clock]:
    """A clock to be moved, for the length of a block."""
    clock = Clock(folder / "clock")
    clock.file.write_text("0")
    really_now = timezone.now
    sys.path.insert(0, str(MOVED))
    try:
        os.environ["KHUE_MOVED_CLOCK"] = str(clock.file)
        import sitecustomize

        timezone.now = sitecustomize.now
        yield clock
    finally:
        timezone.now = really_now
        os.environ.pop("KHUE_MOVED_CLOCK", None)
        sys.path.remove(str(MOVED))


@dataclass
class Faculty:
    """Who teaches 6A: the teacher of Toán, who leads it, and two who share the rest; accounts by staff member."""

    leads: StaffMember
    accounts: dict[int, Account]


def make_ready_for_a_year(here: School, grade: int = 6) -> Faculty:
    """Everybody is there from August on, and the class has all that its grade learns, given to three teachers."""
    here.school_class.grade, here.school_class.name = grade, f"{grade}A"
    here.school_class.save()
    other, third = (staff(name, here.organisation, "teacher") for name in ("Ngô Minh Đức", "Vũ Thị Thanh"))
    others = SubjectGrade.objects.filter(grade=grade, block="compulsory").exclude(subject_id=here.maths.subject_id)
    for number, learnt in enumerate(others.select_related("subject").order_by("subject__order")):
        periods = max(1, round((learnt.periods_per_year or 35) / 35))
        made = ClassSubject.objects.create(
            organisation=here.organisation, school_class=here.school_class, subject=learnt.subject,
            weekly_periods_term_1=periods, weekly_periods_term_2=periods,
        )  # fmt: skip
        TeachingAssignment.objects.create(
            organisation=here.organisation, class_subject=made, staff=(other, third)[number % 2], starts_on=AUGUST
        )
    for period in range(1, 6):
        Bell.objects.create(
            organisation=here.organisation, session="am", period=period,
            starts_at=time(7 + (period - 1) * 50 // 60, (period - 1) * 50 % 60),
            ends_at=time(7 + ((period - 1) * 50 + 45) // 60, ((period - 1) * 50 + 45) % 60),
        )  # fmt: skip
    accounts = {each.id: account(each.person, "subject_teacher", here.organisation) for each in (other, third)}
    made = Faculty(here.teacher_staff, {here.teacher_staff.id: here.teacher, **accounts})
    for table in (Grant, Affiliation, Guardianship):
        table.objects.update(valid_from=AUGUST)
    for table in (StaffMember, TeachingAssignment):
        table.objects.update(starts_on=AUGUST)
    return made


@dataclass
class Year:
    """The story so far: who is in it, and what runs."""

    day: Day
    clock: Clock
    world: World
    faculty: Faculty
    opens: Opens

    @property
    def here(self) -> School:
        return self.world.here

    def visit(self, page: Page, path: str) -> None:
        """Go to a page and hold it to what every page promises."""
        page.goto(f"{self.day.address}{path}")
        self.day.look(page)


def open_the_next_year_and_move(year: Year) -> None:
    """The head opens the next year and places the school in it."""
    year.clock.move_to(date(2027, 6, 7))
    head = year.day.open(year.opens(), year.here.head)
    year.visit(head, "/marks/moving-up/")
    head.get_by_role("link", name="Mở năm học mới").click()
    year.day.look(head)
    head.get_by_role("button", name="Mở năm học").click()
    head.wait_for_load_state()
    year.visit(head, "/marks/moving-up/")
    head.get_by_role("button", name="Chuyển vào năm học 2027-2028").click()
    head.get_by_text("Đã chuyển 3 học sinh").wait_for()
    year.day.look(head)
