from datetime import date, timedelta

import pytest

from khue.attendance import actions, queries
from khue.attendance.actions import LessonNotYet, NoSuchLesson
from khue.attendance.events import RollTaken
from khue.attendance.models import Absence, LessonLog
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import OutboxEvent
from khue.identity.models import Account
from khue.timetable import actions as timetable
from khue.timetable.actions import PlannedLesson
from khue.timetable.models import Slot
from tests.world import NOON, TODAY, YEAR_START, School, World, account, actor, staff


@pytest.fixture
def slot(world: World) -> Slot:
    here = world.here
    planned = [PlannedLesson(here.maths, here.teacher_staff, TODAY.isoweekday(), "am", 1)]
    timetable.publish_timetable(
        actor=actor(here.head), term=here.term, title="Tuần 1", valid_from=YEAR_START, lessons=planned, at=NOON
    )
    return Slot.objects.select_related("class_subject", "staff").get()


def take(slot: Slot, by: Account, absences: dict[int, str], day: date = TODAY, mode: str = "classroom") -> LessonLog:
    return actions.take_roll(
        actor=actor(by), slot=slot, day=day, absences=absences, mode=mode, title="Phân số", at=NOON
    )


def kinds(here: School) -> list[tuple[int, str]]:
    return list(Absence.objects.order_by("enrolment_id").values_list("enrolment_id", "kind"))


def test_only_the_missing_leave_a_row_and_the_roll_can_be_corrected(world: World, slot: Slot) -> None:
    here, (first, second, third) = world.here, [e.id for e in world.here.enrolments]

    take(slot, here.teacher, {first: "K", second: "P"})
    take(slot, here.teacher, {second: "K", third: "M"})

    assert kinds(here) == [(second, "K"), (third, "M")]
    assert LessonLog.objects.get().title == "Phân số"
    told = OutboxEvent.objects.filter(name=RollTaken.name).order_by("id").values_list("payload", flat=True)
    assert [event["newly_missing"] for event in told] == [[first], [second]]


def test_taking_the_same_roll_twice_tells_nobody_twice(world: World, slot: Slot) -> None:
    missing = {world.here.enrolments[0].id: "K"}

    for _ in range(2):
        take(slot, world.here.teacher, missing)

    told = OutboxEvent.objects.filter(name=RollTaken.name).order_by("id").values_list("payload", flat=True)
    assert [event["newly_missing"] for event in told] == [list(missing), []]


def test_the_roll_reads_back_in_name_order(world: World, slot: Slot) -> None:
    take(slot, world.here.teacher, {world.here.enrolments[1].id: "P"})

    roll = queries.roll_of(actor(world.here.teacher), slot, TODAY)

    assert [(row.full_name, row.kind) for row in roll.rows] == [
        ("Nguyễn Văn A", ""),
        ("Nguyễn Văn B", "P"),
        ("Nguyễn Văn C", ""),
    ]


def test_a_roll_is_taken_on_a_day_of_the_timetable_and_not_before_it(world: World, slot: Slot) -> None:
    with pytest.raises(NoSuchLesson):
        take(slot, world.here.teacher, {}, day=date(2026, 11, 20))
    with pytest.raises(LessonNotYet):
        take(slot, world.here.teacher, {}, day=date(2026, 11, 30))

    assert not LessonLog.objects.exists()


def test_nobody_takes_the_roll_of_a_class_not_theirs(world: World, slot: Slot) -> None:
    from tests.world import account

    colleague = account(
        staff("Võ Thị Lan", world.here.organisation, "teacher").person, "subject_teacher", world.here.organisation
    )

    for by in (colleague, world.here.pupils[0], world.here.guardians[0], world.elsewhere.teacher):
        with pytest.raises(Forbidden):
            take(slot, by, {})

    assert not LessonLog.objects.exists()


def test_a_pupil_of_another_class_is_not_in_the_roll(world: World, slot: Slot) -> None:
    with pytest.raises(NotFound):
        take(slot, world.here.teacher, {world.elsewhere.enrolments[0].id: "K"})

    assert not Absence.objects.exists()


def test_a_guardian_reads_the_absences_of_the_own_child_only(world: World, slot: Slot) -> None:
    child, other = world.here.enrolments[0].id, world.here.enrolments[1].id
    take(slot, world.here.teacher, {child: "K", other: "P"})

    found = queries.absences_of(actor(world.here.guardians[0]), [child, other], YEAR_START, TODAY)

    assert [(a.enrolment_id, a.day, a.kind, a.subject) for a in found] == [(child, TODAY, "K", "Toán")]


def test_a_day_and_the_periods_by_mode_are_counted(world: World, slot: Slot) -> None:
    school = world.here.organisation.id
    take(slot, world.here.teacher, {world.here.enrolments[0].id: "K"}, mode="online")

    assert queries.day_of_school(school, TODAY) == queries.DayCount(1, 0, 1, has_begun=True)
    tomorrow = TODAY + timedelta(1)
    assert queries.day_of_school(school, tomorrow, TODAY) == queries.DayCount(0, 0, 0, has_begun=True)
    assert queries.day_of_school(school, tomorrow) == queries.DayCount(0, 0, 0)
    assert queries.periods_by_mode([school], YEAR_START, TODAY) == {(school, 6, "online"): 1}


def test_who_stands_in_for_a_colleague_takes_the_roll_and_signs_of_that_day_alone(world: World, slot: Slot) -> None:
    here = world.here
    member = staff("Ngô Minh Đức", here.organisation, "teacher")
    substitute = account(member.person, "subject_teacher", here.organisation)
    absence = timetable.record_absence(
        actor=actor(here.head), staff=here.teacher_staff, starts_on=TODAY, ends_on=TODAY, reason="Ốm", at=NOON
    )
    with pytest.raises(Forbidden):
        take(slot, substitute, {})
    assert not LessonLog.objects.exists()
    timetable.assign_cover(
        actor=actor(here.head), absence=absence, slot_id=slot.id, day=TODAY, staff_id=member.id, at=NOON
    )

    lesson = take(slot, substitute, {here.enrolments[0].id: "K"})
    signed = actions.sign_lesson(
        actor=actor(substitute), slot=slot, day=TODAY, plan_number=None, title="Phân số", remark="", rating="", at=NOON
    )

    assert kinds(here) == [(here.enrolments[0].id, "K")]
    assert (signed.id, signed.signed_by_name) == (lesson.id, "Ngô Minh Đức")
    with pytest.raises(Forbidden):
        take(slot, substitute, {}, day=date(2026, 11, 16))
    assert LessonLog.objects.count() == 1
