"""A lesson of today at a small school, to take the roll of."""

from datetime import date

from khue.timetable import actions as timetable
from khue.timetable.actions import PlannedLesson
from khue.timetable.models import Slot, TimetableVersion
from tests.world import NOON, TODAY, YEAR_START, School, actor


def published(here: School, period: int = 1, session: str = "am") -> Slot:
    """The slot of Toán in class 6A on the weekday of TODAY, in the version in force."""
    version = TimetableVersion.objects.filter(organisation=here.organisation).first()
    if version is None:
        planned = [PlannedLesson(here.maths, here.teacher_staff, TODAY.isoweekday(), session, period)]
        timetable.publish_timetable(
            actor=actor(here.head), term=here.term, title="Tuần 1", valid_from=YEAR_START, lessons=planned, at=NOON
        )
        version = TimetableVersion.objects.get(organisation=here.organisation)
    else:
        Slot.objects.create(
            organisation=here.organisation, version=version, class_subject=here.maths, staff=here.teacher_staff,
            weekday=TODAY.isoweekday(), session=session, period=period,
        )  # fmt: skip
    rows = Slot.objects.select_related("class_subject__school_class__school_year", "class_subject__subject", "staff")
    return rows.get(version=version, period=period, session=session)


def monday_of(day: date) -> date:
    return date.fromordinal(day.toordinal() - day.weekday())
