"""Two lessons of a class change places on a day: what stands against it, and what everybody then sees."""

from datetime import date, timedelta

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from khue.foundation import scope
from khue.foundation.errors import Forbidden
from khue.messaging.models import Delivery, Message
from khue.schools.models import ClassSubject, Room, SchoolClass
from khue.timetable import actions, queries
from khue.timetable.actions import PlannedLesson
from khue.timetable.actions.swaps import SwapClash, SwapLessonGone, SwapTakenBack, SwapTooLate
from khue.timetable.actions.versions import SwapsStand
from khue.timetable.models import Cover, Move, Slot, Swap, Wish
from khue.timetable.planning.swaps import Placed, Why, clash, exchanged
from khue.timetable.tests.drafts import Planning, ask, planning
from tests.world import NOON, TODAY, YEAR_START, World, actor, organisation

MONDAY, TUESDAY = TODAY, date(2026, 11, 24)


@pytest.fixture
def given(world: World) -> Planning:
    """6A on Monday: Toán, Văn, activities (of the teacher of Toán), and Văn in the afternoon; on Tuesday Toán."""
    made = planning(world)
    here = made.here
    week = [
        PlannedLesson(here.maths, here.teacher_staff, 1, "am", 1),
        PlannedLesson(made.literature, made.second, 1, "am", 2),
        PlannedLesson(made.activities, here.teacher_staff, 1, "am", 3),
        PlannedLesson(made.literature, made.second, 1, "pm", 1),
        PlannedLesson(here.maths, here.teacher_staff, 2, "am", 1),
    ]
    actions.publish_timetable(
        actor=made.head, term=here.term, title="Tuần", valid_from=YEAR_START, lessons=week, at=NOON
    )
    return made


def slot(weekday: int, session: str, period: int) -> int:
    found = Slot.objects.filter(weekday=weekday, session=session, period=period).order_by("id")
    return found[0].id


def swap(given: Planning, one: tuple[str, int] = ("am", 1), other: tuple[str, int] = ("am", 2), **more: object) -> Swap:
    fields = {
        "actor": given.head, "school_class": given.here.school_class, "day": MONDAY,
        "slots": (slot(1, *one), slot(1, *other)), "reason": "", "at": NOON, **more,
    }  # fmt: skip
    return actions.swap_lessons(**fields)  # type: ignore[arg-type]  # each test names what differs


def test_everybody_sees_the_lessons_where_they_are_that_day(given: Planning, django_assert_num_queries) -> None:
    here = given.here
    place = here.organisation.id
    with django_assert_num_queries(3):
        queries.lessons_of_class(place, here.school_class.id, MONDAY)
    swap(given)

    with django_assert_num_queries(3):
        of_class = queries.lessons_of_class(place, here.school_class.id, MONDAY)
    assert [(x.session, x.period, x.subject_name, x.moved_from) for x in of_class] == [
        ("am", 1, "Ngữ văn", 2), ("am", 2, "Toán", 1), ("am", 3, "Hoạt động trải nghiệm", None),
        ("pm", 1, "Ngữ văn", None),
    ]  # fmt: skip
    assert queries.lessons_of_school(place, MONDAY) == of_class
    assert queries.week_of_class(here.school_class, MONDAY).lessons_on(MONDAY) == of_class
    assert [x.period for x in queries.lessons_of_staff(place, [given.second.id], MONDAY)] == [1, 1]
    assert [x.period for x in queries.lessons_of_staff(place, [here.teacher_staff.id], MONDAY)] == [2, 3]
    assert sorted(queries.week_of_teacher(here.teacher_staff, MONDAY).cells) == [
        (MONDAY, "am", 2), (MONDAY, "am", 3), (TUESDAY, "am", 1),
    ]  # fmt: skip
    beginnings = queries.beginnings_of_school(place, MONDAY)
    assert [key for part in beginnings for key in part.slot_ids] == [x.slot_id for x in of_class]
    next_week = queries.week_of_class(here.school_class, MONDAY + timedelta(days=7))
    assert [x.moved_from for x in next_week.lessons_on(MONDAY + timedelta(days=7))] == [None] * 4


def test_both_teachers_and_the_class_are_told_and_told_again_when_it_is_taken_back(given: Planning) -> None:
    made = swap(given, reason="Cô Hoa họp cụm")

    said = {each.subject for each in Message.objects.all()}
    assert said == {"Đổi tiết ngày 23/11/2026, lớp 6A"}
    body = Message.objects.filter(link__contains="view=teacher").get().body
    assert body.splitlines() == [
        "Ngữ văn (Ngô Minh Đức): sáng tiết 1, thay cho tiết 2", "Toán (Lê Thị Hoa): sáng tiết 2, thay cho tiết 1",
        "Cô Hoa họp cụm",
    ]  # fmt: skip
    told = set(Delivery.objects.filter(channel=Delivery.Channel.APPLICATION).values_list("recipient_id", flat=True))
    here = given.here
    family = {each.person_id for each in (*here.pupils, *here.guardians)}
    assert told == {here.teacher_staff.person_id, given.second.person_id} | family

    actions.take_back_swap(actor=given.head, swap=made, at=NOON)

    assert {each.subject for each in Message.objects.all()} == {"Không đổi tiết ngày 23/11/2026 nữa, lớp 6A"}
    of_class = queries.lessons_of_class(here.organisation.id, here.school_class.id, MONDAY)
    assert [x.subject_name for x in of_class[:2]] == ["Toán", "Ngữ văn"]
    with pytest.raises(SwapTakenBack):
        actions.take_back_swap(actor=given.head, swap=made, at=NOON)
    swap(given)  # free to be exchanged again


def test_what_is_not_possible_says_why_and_changes_nothing(given: Planning, world: World) -> None:
    tuesday = {"slots": (slot(1, "am", 1), slot(2, "am", 1))}
    for refused, more in (
        (SwapClash, {"other": ("pm", 1)}),
        (SwapClash, {"other": ("am", 1)}),
        (SwapLessonGone, tuesday),
        (SwapLessonGone, {"school_class": given.here.school_class, "slots": (slot(1, "am", 1), 10**9)}),
        (SwapTooLate, {"day": MONDAY - timedelta(days=7)}),
        (Forbidden, {"actor": actor(world.elsewhere.head)}),
        (Forbidden, {"actor": actor(given.here.teacher)}),
    ):
        with pytest.raises(refused):
            swap(given, **more)
    assert not Swap.objects.exists()

    made = swap(given)
    with pytest.raises(SwapClash, match="đã đổi chỗ"):
        swap(given, ("am", 1), ("am", 3))
    for account in (given.here.teacher, world.elsewhere.head):
        with pytest.raises(Forbidden):
            actions.take_back_swap(actor=actor(account), swap=made, at=NOON)
    with pytest.raises(SwapTooLate):
        actions.take_back_swap(actor=given.head, swap=made, at=NOON + timedelta(days=1))
    assert (Swap.objects.filter(withdrawn_at=None).count(), Move.objects.count()) == (1, 2)


def test_who_is_away_changes_no_places_and_a_substitute_is_asked_for_where_the_lesson_is(given: Planning) -> None:
    made = swap(given)
    absence = actions.record_absence(
        actor=given.head, staff=given.here.teacher_staff, starts_on=MONDAY, ends_on=MONDAY, reason="", at=NOON
    )
    moved, activities = queries.open_lessons(absence)
    assert (moved.period, activities.period) == (2, 3)
    # In the second period, which was her own by the plan, the teacher of Văn is free: she gives the first.
    cover = actions.assign_cover(
        actor=given.head, absence=absence, slot_id=moved.slot_id, day=MONDAY, staff_id=given.second.id, at=NOON
    )
    assert (cover.session, cover.period) == ("am", 2)
    with pytest.raises(SwapClash, match="đang do Ngô Minh Đức dạy thay"):
        actions.take_back_swap(actor=given.head, swap=made, at=NOON)
    actions.withdraw_cover(actor=given.head, cover=cover, at=NOON)
    actions.take_back_swap(actor=given.head, swap=made, at=NOON)

    with pytest.raises(SwapClash, match="Lê Thị Hoa nghỉ ngày này"):
        swap(given)
    assert not Cover.objects.filter(withdrawn_at=None).exists()


def test_a_version_whose_lessons_changed_places_is_not_replaced(given: Planning) -> None:
    begins = MONDAY + timedelta(days=7)
    publish = {"actor": given.head, "term": given.here.term, "title": "Mới", "valid_from": begins, "at": NOON}
    week = [
        PlannedLesson(given.here.maths, given.here.teacher_staff, 1, "am", 1),
        PlannedLesson(given.literature, given.second, 1, "am", 2),
    ]
    version = actions.publish_timetable(lessons=week, **publish)
    slots = tuple(Slot.objects.filter(version=version).order_by("id").values_list("id", flat=True))
    made = swap(given, day=begins, slots=slots)

    with pytest.raises(SwapsStand):
        actions.publish_timetable(lessons=week, **publish)
    actions.take_back_swap(actor=given.head, swap=made, at=NOON)
    actions.publish_timetable(lessons=week, **publish)

    assert not Swap.objects.exists()


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khue.foundation.clock.now", lambda: NOON)


@pytest.mark.usefixtures("at_noon")
def test_the_page_serves_the_office_and_nobody_else(given: Planning, world: World, client_of) -> None:
    client, here = client_of(given.here.clerk), given.here
    page = f"/timetable/swaps/?class={here.school_class.public_id}&day=23/11/2026"
    assert "Chưa có lần đổi tiết nào." in client.get("/timetable/swaps/").content.decode()
    shown = client.get(page).content.decode()
    one, other = slot(1, "am", 1), slot(1, "am", 2)
    assert f'<option value="{other}">tiết 2 Ngữ văn · Ngô Minh Đức</option>' in shown
    assert "Buổi này không có tiết khác để đổi." in shown  # the one lesson of the afternoon
    form = {"only": one, f"with-{one}": other, "reason": "họp"}

    for account in (world.elsewhere.head, world.here.teacher, world.here.pupils[0], world.department_officer):
        assert client_of(account).post(page, form).status_code in (403, 404, 422)
    for bad in ({}, {"only": one}, {"only": "x", "with-x": "y"}, {"only": one, f"with-{one}": "³"}):
        assert client.post(page, bad).status_code == 303
    assert client.get("/timetable/swaps/?class=x&day=31/02/2026").status_code == 422
    assert not Swap.objects.exists()

    assert client.post(page, form).status_code == 303
    made = Swap.objects.get()
    shown = client.get(page).content.decode()
    assert "đổi từ tiết 2" in shown
    assert "Bỏ đổi" in shown
    assert "đổi từ tiết 1" in client_of(here.pupils[0]).get("/timetable/?week=2026-11-23").content.decode()
    back = f"/timetable/swaps/{made.public_id}/take-back/"
    for account in (world.elsewhere.head, world.here.teacher):
        assert client_of(account).post(back).status_code in (403, 404)
    made.refresh_from_db()
    assert made.withdrawn_at is None
    with scope.of(actor(world.elsewhere.head)):
        assert not Swap.objects.exists()
        assert not Move.objects.exists()
    assert client.post(back).status_code == 303
    made.refresh_from_db()
    assert made.withdrawn_at == NOON


def test_a_taken_teacher_room_or_class_is_named(given: Planning, world: World) -> None:
    def at(number: int, period: int, **more: object) -> Placed:
        fields = {
            "slot": number, "class_subject": number, "school_class": 1, "class_name": "6A", "subject": f"Môn {number}",
            "hue": "", "teacher": number, "teacher_name": f"GV {number}", "room": None, "room_name": "",
            "session": "am", "period": period, **more,
        }  # fmt: skip
        return Placed(**fields)  # type: ignore[arg-type]  # each example names what differs

    one, other = at(1, 1, room=5, room_name="Máy 1"), at(2, 2)
    for third, why in (
        (at(3, 2, teacher=1, school_class=2, class_name="7B"), Why.TEACHER),
        (at(3, 1, teacher=2, school_class=2), Why.TEACHER),
        (at(3, 2, room=5, school_class=2), Why.ROOM),
        (at(3, 2), Why.CLASS),
        (at(3, 1), Why.CLASS),
        (at(3, 2, teacher=1, session="pm"), None),
        (at(3, 3, teacher=1, school_class=2), None),
    ):
        found = clash([one, other, third], one, other)
        assert (found.why if found else None) == why
    assert Room.objects.count() == Room.objects.filter(organisation=given.here.organisation).count()


def test_a_teacher_keeps_the_way_between_campuses(given: Planning) -> None:
    """Văn of 6A lies far enough from the same teacher's lesson at the other campus; exchanged, too near."""
    here = given.here
    campus = organisation("campus", "Điểm Mỹ Đông", here.organisation)
    away = SchoolClass.objects.create(
        organisation=here.organisation, school_year=here.year, grade=6, name="6B", campus=campus
    )
    taught = ClassSubject.objects.create(organisation=here.organisation, school_class=away,
        subject=given.literature.subject, weekly_periods_term_1=4, weekly_periods_term_2=4)  # fmt: skip
    begins = MONDAY + timedelta(days=7)
    week = [
        PlannedLesson(given.literature, given.second, 1, "am", 1),
        PlannedLesson(here.maths, here.teacher_staff, 1, "am", 2),
        PlannedLesson(given.activities, here.teacher_staff, 1, "am", 3),
        PlannedLesson(taught, given.second, 1, "am", 4),
    ]
    version = actions.publish_timetable(
        actor=given.head, term=here.term, title="Hai điểm", valid_from=begins, lessons=week, at=NOON
    )
    first, second, third, _there = Slot.objects.filter(version=version).order_by("period").values_list("id", flat=True)
    ask(given, "travel", amount=2)  # one free period is the rule where nothing is asked

    with pytest.raises(SwapClash, match="Ngô Minh Đức dạy lớp 6B ở điểm trường khác sát sáng tiết 2, không kịp đi lại"):
        swap(given, day=begins, slots=(first, second))
    exchanges = queries.exchanges(here.organisation.id, here.school_class.id, begins)
    assert [x.clash.why if x.clash else None for x in exchanges[0].partners] == [Why.WAY, Why.WAY]
    assert not Swap.objects.exists()
    Wish.objects.all().delete()
    made = swap(given, day=begins, slots=(first, second))
    actions.take_back_swap(actor=given.head, swap=made, at=NOON)
    with pytest.raises(SwapClash, match="không kịp đi lại"):
        swap(given, day=begins, slots=(third, first))


LESSONS = st.lists(
    st.builds(
        Placed, slot=st.integers(1, 99), class_subject=st.integers(1, 9), school_class=st.integers(1, 3),
        class_name=st.just("6A"), subject=st.just("x"), hue=st.just(""), teacher=st.integers(1, 4),
        teacher_name=st.just("x"), room=st.none() | st.integers(1, 2), room_name=st.just(""),
        session=st.sampled_from(("am", "pm")), period=st.integers(1, 4),
    ),
    unique_by=lambda each: each.slot,
)  # fmt: skip


def _doubles(lessons: list[Placed]) -> int:
    found = 0
    for key in ("teacher", "room", "school_class"):
        places = [(getattr(x, key), x.session, x.period) for x in lessons if getattr(x, key) is not None]
        found += len(places) - len(set(places))
    return found


@hypothesis_given(LESSONS)
def test_an_exchange_without_a_clash_puts_nobody_in_two_places_and_goes_back(lessons) -> None:
    for one in lessons[:4]:
        for other in lessons[:4]:
            if clash(lessons, one, other) is not None:
                continue
            after = exchanged(lessons, one, other)
            assert clash(lessons, other, one) is None
            assert _doubles(after) <= _doubles(lessons)
            there = {each.slot: each for each in after}
            assert exchanged(after, there[one.slot], there[other.slot]) == lessons
