"""Drafts of a timetable: what has to be placed, wishes, search, hand editing, publishing."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from khue.foundation import scope, work
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import Job
from khue.messaging.models import Delivery, Message
from khue.schools.models import Room
from khue.timetable import actions, queries
from khue.timetable.actions.drafts import LessonLocked, NoSuchPeriod
from khue.timetable.actions.publishing import BeginsInThePast
from khue.timetable.actions.versions import CoversStand, LaterVersionExists
from khue.timetable.actions.wishes import NotOfThisSchool, WishIncomplete
from khue.timetable.models import (
    Cover,
    Draft,
    DraftLesson,
    DraftPart,
    SearchProgress,
    Slot,
    TimetableVersion,
    Wish,
    WishKind,
)
from khue.timetable.planning.blocks import Wanted, changed, shares
from khue.timetable.planning.differences import Taught, differences
from khue.timetable.planning.frame import Frame, When
from khue.timetable.planning.rooms import Needs, rooms_for
from khue.timetable.planning.trials import trials
from khue.timetable.planning.wishes import Asked, session_of
from khue.timetable.solver.checker import violations
from khue.timetable.tests.drafts import Planning, ask, draft, places, planning, search
from tests.world import NOON, TODAY, World, actor

FRAME = Frame(("Hai", "Ba", "Tư"), 4, 3)


@pytest.fixture
def given(world: World) -> Planning:
    return planning(world)


def publish(given: Planning, made: Draft, day: date = date(2026, 11, 30)):
    return actions.publish_draft(actor=given.head, draft=made, title="Tuần 13", valid_from=day, at=NOON)


def hard(made: Draft) -> list[str]:
    plan = queries.planned(made)
    return [each.breach.value for each in violations(plan.problem, plan.starts) if each.is_hard]


def test_a_draft_has_a_block_for_every_period_that_is_taught(given: Planning) -> None:
    ask(given, WishKind.DOUBLE, subject=given.literature.subject, amount=1)

    made = draft(given)

    durations = DraftPart.objects.filter(lesson__draft=made, class_subject=given.literature).values_list(
        "lesson__duration", flat=True
    )
    assert sorted(durations) == [1, 1, 2]
    assert DraftLesson.objects.filter(draft=made).count() == 4 + 3 + 2
    assert places(made) == {}


def test_the_search_places_everything_without_a_conflict_and_keeps_the_wishes(given: Planning) -> None:
    ask(given, WishKind.BUSY, staff=given.second, weekday=1)
    ask(
        given,
        WishKind.FIXED,
        title="Sinh hoạt lớp",
        subject=given.activities.subject,
        weekday=5,
        session="am",
        period=2,
    )
    ask(given, WishKind.FIXED, title="Chào cờ", weekday=1, session="am", period=1)
    made = search(given, draft(given))

    assert (made.conflicts, len(places(made)), hard(made)) == (0, 10, [])
    assert made.job.state == Job.State.DONE
    assert SearchProgress.objects.filter(draft=made).exists()
    taught = {(part.class_subject_id, *places(made)[part.lesson_id]) for part in DraftPart.objects.all()}
    assert (given.activities.id, 5, "am", 2) in taught
    assert all(when[1:] != (1, "am", 1) for when in taught)
    assert all(day != 1 for subject, day, *_ in taught if subject == given.literature.id)
    assert {session for _subject, _day, session, _period in taught} == {"am"}


def test_lessons_begin_with_the_first_period_and_leave_no_hole(given: Planning) -> None:
    made = search(given, draft(given))

    by_day: dict[int, list[int]] = {}
    for day, _session, period in places(made).values():
        by_day.setdefault(day, []).append(period)
    assert all(sorted(periods) == list(range(1, len(periods) + 1)) for periods in by_day.values())


def test_a_seed_finds_the_same_week_again(given: Planning) -> None:
    first, again = draft(given), draft(given)

    assert list(places(search(given, first, seed=3)).values()) == list(places(search(given, again, seed=3)).values())


def test_a_locked_lesson_stays_and_a_new_search_moves_little(given: Planning) -> None:
    made = search(given, draft(given))
    before = places(made)
    held = DraftLesson.objects.filter(draft=made).first()
    actions.lock_lesson(actor=given.head, draft=made, lesson=held, is_locked=True)
    weekday, session, period = before[held.id]
    ask(given, WishKind.BUSY, staff=given.second, weekday=2)

    after = places(search(given, made, keeps=True))

    assert after[held.id] == (weekday, session, period)
    assert hard(made) == []
    assert sum(before[key] != after[key] for key in before) <= 5
    with pytest.raises(LessonLocked):
        actions.move_lesson(actor=given.head, draft=made, lesson=held, to=None)


def test_a_search_that_is_stopped_keeps_its_best(given: Planning) -> None:
    made = draft(given)
    job = actions.search_draft(actor=given.head, draft=made, seed=1, seconds=5, keeps=False, at=NOON)
    with pytest.raises(actions.AlreadySearching):
        actions.search_draft(actor=given.head, draft=made, seed=1, seconds=5, keeps=False, at=NOON)
    lesson = DraftLesson.objects.filter(draft=made).first()
    with pytest.raises(actions.AlreadySearching):  # the answer would cover what was moved meanwhile
        actions.move_lesson(actor=given.head, draft=made, lesson=lesson, to=When(1, "am", 1))
    with pytest.raises(actions.AlreadySearching):
        actions.renew_draft(actor=given.head, draft=made)
    assert places(made) == {}
    work.run_now(job)

    assert len(places(made)) == 10


def test_blocks_follow_teaching_and_keep_their_places(given: Planning) -> None:
    made = search(given, draft(given))
    before = places(made)
    given.literature.weekly_periods_term_1 = Decimal(5)
    given.literature.save()

    assert actions.renew_draft(actor=given.head, draft=made) == 1
    assert places(made) == before
    assert actions.renew_draft(actor=given.head, draft=made) == 0


def test_a_lesson_moved_onto_another_of_its_class_changes_places_with_it(given: Planning) -> None:
    made = search(given, draft(given))
    before = places(made)
    one, other = (
        DraftPart.objects.filter(class_subject=row).first().lesson for row in (given.here.maths, given.literature)
    )

    actions.move_lesson(actor=given.head, draft=made, lesson=one, to=When(*before[other.id]))

    after = places(made)
    assert (after[one.id], after[other.id]) == (before[other.id], before[one.id])
    with pytest.raises(NoSuchPeriod):
        actions.move_lesson(actor=given.head, draft=made, lesson=one, to=When(6, "am", 1))
    assert places(made) == after


def test_trials_tell_of_every_place_what_the_checker_would_find(given: Planning) -> None:
    ask(given, WishKind.BUSY, staff=given.second, weekday=3, session="am", period=1)
    made = search(given, draft(given))
    plan = queries.planned(made)
    number = next(n for n, each in enumerate(plan.lessons) if each.parts[0].class_subject == given.literature.id)

    found = trials(plan, number)

    assert len(found) == 5 * 6
    assert found[When(3, "am", 1)].hard == ("Ngô Minh Đức nghỉ vào Thứ Tư, sáng tiết 1 nhưng có Ngữ văn · 6A.",)
    assert found[plan.lessons[number].at].hard == ()
    assert any("6A nghỉ vào" in text for text in found[When(1, "pm", 1)].hard)


def test_publishing_writes_the_slots_and_tells_those_concerned_once(given: Planning) -> None:
    Room.objects.create(organisation=given.here.organisation, name="Phòng máy", kind="computer")
    ask(given, WishKind.ROOM, subject=given.literature.subject, room_kind="computer")
    made = search(given, draft(given))
    version = publish(given, made)

    slots = Slot.objects.filter(version=version)
    assert slots.count() == 10
    assert {slot.room.name for slot in slots.filter(class_subject=given.literature)} == {"Phòng máy"}
    job = Job.objects.get(kind="timetable.tell_changes")
    assert work.run_now(job).state == Job.State.DONE
    count = Delivery.objects.count()
    assert Message.objects.count() == 1 + 2
    people = set(Message.objects.values_list("key", flat=True))
    assert {key.rsplit(":", 2)[1] for key in people} == {"class", "staff"}
    assert actions.tell_changes(actor=given.head, version=version, at=NOON) == 3
    assert Delivery.objects.count() == count


def test_a_second_version_tells_only_whose_week_changes(given: Planning) -> None:
    made = search(given, draft(given))
    publish(given, made, TODAY)
    work.run_now(Job.objects.filter(kind="timetable.tell_changes").latest("id"))
    again = draft(given, begins_with=queries.version_before(given.here.organisation.id, date(2026, 11, 30)))
    assert hard(again) == []
    lesson = DraftPart.objects.filter(lesson__draft=again, class_subject=given.here.maths).first().lesson
    other = DraftPart.objects.filter(lesson__draft=again, class_subject=given.activities).first().lesson
    before = Message.objects.count()
    actions.move_lesson(actor=given.head, draft=again, lesson=lesson, to=When(*places(again)[other.id]))

    publish(given, again)
    work.run_now(Job.objects.filter(kind="timetable.tell_changes").latest("id"))

    new = Message.objects.order_by("id")[before:]
    assert [message.key.rsplit(":", 2)[1:] for message in new] == [
        ["class", str(given.here.school_class.id)],
        ["staff", str(given.here.teacher_staff.id)],
    ]


def second_week(given: Planning, *, is_moved: bool) -> TimetableVersion:
    """A version from Monday next, like the one before it or with two lessons exchanged, told to whom it concerns."""
    again = draft(given, begins_with=queries.version_before(given.here.organisation.id, date(2026, 11, 30)))
    if is_moved:
        lesson = DraftPart.objects.filter(lesson__draft=again, class_subject=given.here.maths).first().lesson
        other = DraftPart.objects.filter(lesson__draft=again, class_subject=given.activities).first().lesson
        actions.move_lesson(actor=given.head, draft=again, lesson=lesson, to=When(*places(again)[other.id]))
    version = publish(given, again)
    work.run_now(Job.objects.filter(kind="timetable.tell_changes").latest("id"))
    return version


def test_what_has_not_begun_is_published_again_and_whoever_was_told_hears_it(given: Planning) -> None:
    publish(given, search(given, draft(given)), TODAY)
    work.run_now(Job.objects.filter(kind="timetable.tell_changes").latest("id"))
    first = second_week(given, is_moved=True)
    told = set(Message.objects.filter(key__contains=str(first.public_id)).values_list("key", flat=True))
    assert len(told) == 2

    again = second_week(given, is_moved=False)

    assert (again.id, TimetableVersion.objects.count()) == (first.id, 2)
    assert Slot.objects.filter(version=again).count() == 10
    said = Message.objects.filter(key__contains=str(first.public_id))
    assert set(said.values_list("key", flat=True)) == told
    assert {message.body.partition(".")[0] for message in said} == {"Tuần này vẫn như thời khoá biểu trước"}


def test_a_substitute_of_what_has_not_begun_keeps_it(given: Planning) -> None:
    publish(given, search(given, draft(given)), TODAY)
    second_week(given, is_moved=True)
    absence = actions.record_absence(
        actor=given.head, staff=given.here.teacher_staff, starts_on=date(2026, 11, 30), ends_on=date(2026, 11, 30),
        reason="", at=NOON,
    )  # fmt: skip
    lesson = next(each for each in queries.open_lessons(absence) if each.candidates)
    cover = actions.assign_cover(
        actor=given.head, absence=absence, slot_id=lesson.slot_id, day=lesson.day,
        staff_id=lesson.candidates[0].staff, at=NOON,
    )  # fmt: skip
    slots = set(Slot.objects.values_list("id", flat=True))

    with pytest.raises(CoversStand):
        second_week(given, is_moved=False)
    assert set(Slot.objects.values_list("id", flat=True)) == slots
    actions.withdraw_cover(actor=given.head, cover=queries.cover_of(given.head, cover.public_id), at=NOON)
    second_week(given, is_moved=False)

    assert not Cover.objects.exists()


def test_days_that_were_taught_are_not_published_again(given: Planning) -> None:
    publish(given, search(given, draft(given)), TODAY)
    again = draft(given, begins_with=queries.version_before(given.here.organisation.id, date(2026, 11, 30)))

    with pytest.raises(BeginsInThePast):
        publish(given, again, date(2026, 11, 22))
    with pytest.raises(LaterVersionExists):
        publish(given, again, TODAY)

    assert TimetableVersion.objects.count() == 1


def test_a_draft_with_a_conflict_is_not_published(given: Planning) -> None:
    made = draft(given)

    with pytest.raises(actions.DraftNotReady):
        publish(given, made)

    assert not Slot.objects.exists()
    assert not Job.objects.exists()


def test_wishes_are_complete_of_the_school_and_end_on_a_day(given: Planning, world: World) -> None:
    with pytest.raises(WishIncomplete):
        ask(given, WishKind.BUSY, weekday=1)
    with pytest.raises(NotOfThisSchool):
        ask(given, WishKind.BUSY, staff=world.elsewhere.teacher_staff, weekday=1)
    assert not Wish.objects.exists()

    wish = ask(given, WishKind.BUSY, staff=given.second, weekday=1)
    actions.end_wish(actor=given.head, wish=wish, on=date(2026, 12, 1))

    assert len(queries.asked_of(given.here.organisation.id, date(2026, 11, 30))) == 1
    assert queries.asked_of(given.here.organisation.id, date(2026, 12, 1)) == []


def test_nobody_else_plans(given: Planning, world: World) -> None:
    made = draft(given)
    lesson = DraftLesson.objects.filter(draft=made).first()
    for account in (world.here.teacher, world.elsewhere.head, world.department_officer):
        who = actor(account)
        with pytest.raises(Forbidden):
            actions.move_lesson(actor=who, draft=made, lesson=lesson, to=When(1, "am", 1))
        with pytest.raises(Forbidden):
            actions.search_draft(actor=who, draft=made, seed=1, seconds=1, keeps=False, at=NOON)
        with scope.of(who), pytest.raises(NotFound):
            queries.draft_of(who, made.public_id)
    with scope.of(actor(world.elsewhere.head)):
        assert not Draft.objects.exists()
    assert places(made) == {}
    assert not Job.objects.exists()


@pytest.mark.parametrize(("grade", "session"), [(1, ""), (5, ""), (6, "am"), (12, "am")])
def test_primary_classes_learn_in_both_half_days_where_nothing_was_asked(grade: int, session: str) -> None:
    assert session_of([], 7, grade) == session
    assert session_of([Asked(WishKind.SESSION, grade=grade, session="pm")], 7, grade) == "pm"


@hypothesis_given(st.integers(0, 20), st.lists(st.integers(1, 100), min_size=1, max_size=4))
def test_shares_of_teachers_add_up(count: int, percents: list[int]) -> None:
    given = shares(count, [(number, percent) for number, percent in enumerate(percents)])

    assert sum(given) == count
    assert all(abs(share - count * percent / sum(percents)) < 1 for share, percent in zip(given, percents, strict=True))


@hypothesis_given(st.integers(1, 3), st.sampled_from(["am", "pm"]), st.integers(1, 3))
def test_a_period_and_the_solvers_number_are_one(day: int, session: str, period: int) -> None:
    when = When(day, session, period)

    assert FRAME.when(FRAME.time(when)) == when
    assert FRAME.time(when) not in FRAME.openings()
    assert FRAME.grid.label(FRAME.time(when)).endswith(f"{session} {period}")


def test_changed_blocks_keep_what_is_still_wanted() -> None:
    one, two = Wanted(((1, 7),), 1), Wanted(((2, 8),), 2)

    change = changed({5: one, 6: one, 7: two}, [one, Wanted(((3, 9),), 1)])

    assert (list(change.gone), list(change.new)) == ([6, 7], [Wanted(((3, 9),), 1)])


@hypothesis_given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 2)), max_size=20), st.integers(1, 3))
def test_rooms_are_found_for_all_when_never_more_are_needed_than_there_are(lessons, count: int) -> None:
    needs = [Needs(key, "computer", None, start, start + length) for key, (start, length) in enumerate(lessons)]
    most = max((sum(n.start <= time < n.end for n in needs) for time in range(12)), default=0)

    found = rooms_for(needs, {("computer", None): list(range(most or count))})

    assert set(found) == {need.key for need in needs}
    for one in needs:
        for other in needs:
            if one.key < other.key and one.start < other.end and other.start < one.end:
                assert found[one.key] != found[other.key]


def test_differences_name_only_what_is_different() -> None:
    maths, art = Taught(1, "am", 1, 5, "6A", "Toán", 7, "An"), Taught(1, "am", 2, 5, "6A", "Mĩ thuật", 8, "Bình")
    later = Taught(1, "am", 3, 5, "6A", "Mĩ thuật", 8, "Bình")

    found = differences([maths, art], [maths, later])

    assert [(each.when.period, each.before, each.after) for each in found.teachers[8]] == [
        (2, "Mĩ thuật 6A", ""), (3, "", "Mĩ thuật 6A"),
    ]  # fmt: skip
    assert 7 not in found.teachers
    assert differences([maths], [maths]).is_empty


@pytest.mark.parametrize("classes", [1, 10])
def test_a_draft_is_read_with_the_same_queries_however_large(given: Planning, classes: int, django_assert_num_queries):
    made = draft(given)
    if classes > 1:
        given.literature.weekly_periods_term_1 = 20
        given.literature.save()
        actions.renew_draft(actor=given.head, draft=made)
    with django_assert_num_queries(4):
        queries.planned(made)
