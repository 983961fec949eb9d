"""A first grade's year in real browsers: assessed, decided, shown to the family, moved up; the clock is moved."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from khue.foundation import clock as clocks
from khue.foundation import scope
from khue.foundation.tests.conftest import Node, node  # noqa: F401  a fixture
from khue.gradebook import actions as gradebook
from khue.gradebook import queries as marks
from khue.gradebook.actions import TypedAssessment
from khue.gradebook.models import PrimaryYear
from khue.schools.models import Enrolment
from tests.journeys.day import running
from tests.journeys.year import Opens, Year, make_ready_for_a_year, moved_clock, open_the_next_year_and_move
from tests.world import School, actor
from tests.world import world as a_world

PHONE = 360


@pytest.mark.resilience
def test_a_primary_year(node: Node, tmp_path: Path, browser_page: Opens) -> None:  # noqa: F811  the fixture
    """A first grade by TT 27/2020: four moments, the year's level, the family's page, and into the second grade."""
    with moved_clock(tmp_path) as clock:
        with scope.of_organisation(None):
            world = a_world()
            faculty = make_ready_for_a_year(world.here, grade=1)
            for moment, day in enumerate(
                (date(2026, 11, 10), date(2027, 1, 5), date(2027, 3, 20), date(2027, 5, 18)), 1
            ):
                clock.move_to(day)
                what_the_class_teacher_sees(world.here, moment)
        with running(node, tmp_path, **clock.environment) as day:
            year = Year(day, clock, world, faculty, browser_page)
            the_class_is_assessed_on_pages(year)
            the_first_grade_becomes_the_second(year)


def what_the_class_teacher_sees(here: School, moment: int) -> None:
    """All items of all pupils at one moment but the remark and Toán of the last, through the action of the page."""
    items = [item for item in marks.items_of(here.school_class) if (moment, item.code) != (4, "TOAN")]
    typed = [
        TypedAssessment(pupil.id, item.code, "T", "9" if item.is_tested and moment in (2, 4) else "")
        for item in items
        for pupil in here.enrolments
    ]
    gradebook.record_assessments(
        actor=actor(here.teacher), school_class=here.school_class, moment=moment, typed=typed, remarks={},
        at=clocks.now(),
    )  # fmt: skip


def the_class_is_assessed_on_pages(year: Year) -> None:
    year.clock.move_to(date(2027, 5, 19))
    page = year.day.open(year.opens(width=PHONE), year.here.teacher)
    with scope.of_organisation(None):
        of_class = f"/marks/primary/{year.here.school_class.public_id}/"
    year.visit(page, f"{of_class}4/TOAN/")
    for enrolment in year.here.enrolments:
        page.locator(f"input[name=level{enrolment.id}][value=T]").check(force=True)
        page.locator(f"input[name=test{enrolment.id}]").fill("10")
    page.get_by_role("button", name="Lưu").click()
    year.visit(page, f"{of_class}4/remark/")
    page.locator("textarea, input[type=text]").first.fill("Em chăm ngoan, đọc tốt.")
    page.get_by_role("button", name="Lưu").click()
    year.visit(page, f"{of_class}?moment=4")
    page.get_by_text("Hoàn thành xuất sắc").first.wait_for()
    guardian = year.day.open(year.opens(width=PHONE), year.here.guardians[0])
    year.visit(guardian, f"/marks/pupils/{year.here.enrolments[0].public_id}/year/")
    guardian.get_by_text("Học sinh Xuất sắc").first.wait_for()
    with scope.of_organisation(None):
        assert set(PrimaryYear.objects.values_list("level", "award")) == {(3, "excellent")}


def the_first_grade_becomes_the_second(year: Year) -> None:
    open_the_next_year_and_move(year)
    with scope.of_organisation(None):
        places = Enrolment.objects.filter(school_class__school_year__code="2027-2028")
        assert set(places.values_list("school_class__name", "school_class__grade")) == {("2A", 2)}
