from datetime import datetime, timedelta

import pytest

from khue.attendance import actions
from khue.attendance.actions import RollOvertaken, RollStamp
from khue.attendance.conflicts import StandingRoll, is_overtaken
from khue.attendance.models import Absence, LessonLog, RollCall
from khue.attendance.tests.builders import published
from khue.foundation.errors import NotFound
from khue.foundation.ids import uuid7
from khue.foundation.models import AuditRow
from khue.identity.models import Account
from khue.schools.models import TeachingAssignment
from khue.timetable.models import Slot
from tests.world import NOON, TODAY, World, account, actor, staff

OLDER, NEWER = NOON - timedelta(hours=2), NOON - timedelta(hours=1)


@pytest.fixture
def slot(world: World) -> Slot:
    return published(world.here)


@pytest.fixture
def colleague(world: World) -> Account:
    """A second teacher of the same subject in the same class."""
    other = staff("Võ Thị Lan", world.here.organisation, "teacher")
    TeachingAssignment.objects.create(
        organisation=world.here.organisation, class_subject=world.here.maths, staff=other, starts_on=TODAY
    )
    return account(other.person, "subject_teacher", world.here.organisation)


def take(slot: Slot, by: Account, absences: dict[int, str], stamp: RollStamp, at: datetime = NOON) -> LessonLog:
    return actions.take_roll(
        actor=actor(by), slot=slot, day=TODAY, absences=absences, mode="classroom", title="", at=at, stamp=stamp,
        minutes=dict.fromkeys(absences, 15),
    )  # fmt: skip


def noted() -> dict[int, tuple[str, int | None]]:
    return {a.enrolment_id: (a.kind, a.minutes) for a in Absence.objects.all()}


def test_a_roll_sent_twice_is_taken_once_even_after_another_one(world: World, slot: Slot) -> None:
    first, second = [e.id for e in world.here.enrolments[:2]]
    early = RollStamp(uuid7(), None, OLDER)
    late = RollStamp(uuid7(), early.key, NEWER)

    for stamp, missing in [(early, first), (early, first), (late, second), (early, first)]:
        take(slot, world.here.teacher, {missing: "K"}, stamp)

    assert noted() == {second: ("K", None)}
    assert RollCall.objects.count() == 2
    assert AuditRow.objects.filter(verb="roll.taken").count() == 2
    lesson = LessonLog.objects.get()
    assert (lesson.taken_at, lesson.received_at, lesson.roll_key) == (NEWER, NOON, late.key)


def test_a_colleagues_newer_roll_is_not_covered_by_one_that_has_not_seen_it(
    world: World, slot: Slot, colleague: Account
) -> None:
    first, second = [e.id for e in world.here.enrolments[:2]]
    theirs = RollStamp(uuid7(), None, NEWER)
    take(slot, colleague, {first: "M"}, theirs)

    with pytest.raises(RollOvertaken) as refused:
        take(slot, world.here.teacher, {second: "K"}, RollStamp(uuid7(), None, OLDER))
    assert str(refused.value).startswith("Võ Thị Lan đã điểm danh tiết này lúc 11:00 23/11/2026")
    assert noted() == {first: ("M", 15)}

    take(slot, world.here.teacher, {second: "S"}, RollStamp(uuid7(), theirs.key, OLDER))
    assert noted() == {second: ("S", 15)}


def test_a_key_of_one_lesson_does_not_open_another(world: World, slot: Slot) -> None:
    stamp = RollStamp(uuid7(), None, OLDER)
    take(slot, world.here.teacher, {}, stamp)
    other = published(world.here, period=2)

    with pytest.raises(NotFound):
        take(other, world.here.teacher, {}, stamp)


def test_nothing_was_taken_after_it_arrived(world: World, slot: Slot) -> None:
    lesson = take(slot, world.here.teacher, {}, RollStamp(uuid7(), None, NOON + timedelta(days=1)))

    assert lesson.taken_at == NOON


@pytest.mark.parametrize(
    ("sees", "by", "taken_at", "overtaken"),
    [
        (True, 2, OLDER, False),  # who has seen it may replace it
        (False, 2, NOON, True),  # somebody else has not
        (False, 1, NOON, False),  # the same person, later
        (False, 1, OLDER, True),  # the same person from a device that lay in a bag
        (False, None, NOON, True),
    ],
)
def test_a_roll_gives_way_to_who_saw_it_or_took_it_earlier(
    sees: bool, by: int | None, taken_at: datetime, overtaken: bool
) -> None:
    standing = StandingRoll(uuid7(), 1, NEWER)

    assert is_overtaken(standing, seen=standing.key if sees else None, by_id=by, taken_at=taken_at) is overtaken
    assert is_overtaken(None, seen=None, by_id=by, taken_at=taken_at) is False
