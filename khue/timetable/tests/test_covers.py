"""A teacher is away: lessons, candidates, covers, and what everybody then sees."""

from datetime import date

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from khue.foundation import scope
from khue.foundation.errors import Forbidden, NotFound
from khue.messaging.models import Delivery, Message
from khue.registry.models import Organisation
from khue.schools.models import ClassSubject, SchoolClass, StaffMember
from khue.timetable import actions, queries
from khue.timetable.actions import PlannedLesson, Substitute
from khue.timetable.actions.covers import AbsenceNotInOrder, NobodyChosen, NoSuchLesson, SubstituteBusy
from khue.timetable.models import Absence, Cover, Slot
from khue.timetable.planning.substitutes import Candidate, Teacher, candidates, proposals
from khue.timetable.tests.drafts import Planning, planning
from tests.world import NOON, TODAY, YEAR_START, World, actor, staff

MONDAY, TUESDAY = TODAY, date(2026, 11, 24)


@pytest.fixture
def given(world: World) -> Planning:
    """Toán on Monday and Tuesday first period; Văn on Monday second and Tuesday first of nobody else."""
    made = planning(world)
    here = made.here
    lessons = [
        PlannedLesson(here.maths, here.teacher_staff, 1, "am", 1),
        PlannedLesson(here.maths, here.teacher_staff, 2, "am", 1),
        PlannedLesson(made.literature, made.second, 1, "am", 2),
        PlannedLesson(made.literature, made.second, 2, "am", 1),
    ]
    actions.publish_timetable(
        actor=made.head, term=here.term, title="Tuần", valid_from=YEAR_START, lessons=lessons, at=NOON
    )
    return made


def away(given: Planning, who: StaffMember | None = None, last: date = TUESDAY) -> Absence:
    return actions.record_absence(
        actor=given.head,
        staff=who or given.here.teacher_staff,
        starts_on=MONDAY,
        ends_on=last,
        reason="ốm",
        at=NOON,
    )


def cover(given: Planning, absence: Absence, day: date = MONDAY, who: StaffMember | None = None) -> Cover:
    lesson = next(each for each in queries.open_lessons(absence) if each.day == day)
    substitute = who or given.second
    return actions.assign_cover(
        actor=given.head, absence=absence, slot_id=lesson.slot_id, day=day, staff_id=substitute.id, at=NOON
    )


def test_lessons_of_an_absence_name_who_is_free(given: Planning) -> None:
    absence = away(given)

    found = queries.open_lessons(absence)

    assert [(each.day, each.subject, each.cover) for each in found] == [(MONDAY, "Toán", None), (TUESDAY, "Toán", None)]
    monday, tuesday = found
    best = monday.candidates[0]
    assert (best.name, best.same_subject, best.knows_class, best.is_there) == ("Ngô Minh Đức", False, True, True)
    assert "Ngô Minh Đức" not in {each.name for each in tuesday.candidates}


def test_everybody_sees_who_gives_the_lesson(given: Planning) -> None:
    here = given.here
    cover(given, away(given))

    of_class = queries.lessons_of_class(here.organisation.id, here.school_class.id, MONDAY)
    assert [(x.subject_name, x.teacher, x.instead_of) for x in of_class] == [
        ("Toán", "Ngô Minh Đức", "Lê Thị Hoa"),
        ("Ngữ văn", "Ngô Minh Đức", ""),
    ]
    assert queries.lessons_of_school(here.organisation.id, MONDAY) == of_class
    assert queries.lessons_of_staff(here.organisation.id, [here.teacher_staff.id], MONDAY) == []
    assert queries.lessons_of_staff(here.organisation.id, [given.second.id], MONDAY) == of_class
    assert [x.teacher for x in queries.lessons_of_staff(here.organisation.id, [here.teacher_staff.id], TUESDAY)] == [
        "Lê Thị Hoa"
    ]
    week = queries.week_of_class(here.school_class, MONDAY)
    assert week.lessons_on(MONDAY) == of_class
    assert sorted(queries.week_of_teacher(given.second, MONDAY).cells) == [
        (MONDAY, "am", 1), (MONDAY, "am", 2), (TUESDAY, "am", 1),
    ]  # fmt: skip
    assert sorted(queries.week_of_teacher(here.teacher_staff, MONDAY).cells) == [(TUESDAY, "am", 1)]
    next_week = queries.week_of_teacher(here.teacher_staff, date(2026, 11, 30))
    assert next_week.lessons == 2


def test_the_substitute_is_told_once_and_told_again_when_it_is_taken_back(given: Planning) -> None:
    absence = away(given)
    made = cover(given, absence)

    assert Message.objects.get().subject == "Thầy/Cô được phân công dạy thay"
    assert Delivery.objects.get(channel=Delivery.Channel.APPLICATION).recipient_id == given.second.person_id
    actions.withdraw_absence(actor=given.head, absence=absence, at=NOON)

    made.refresh_from_db()
    assert made.withdrawn_at == NOON
    assert Message.objects.get().subject == "Thầy/Cô thôi dạy thay"
    here = given.here
    assert [x.teacher for x in queries.lessons_of_staff(here.organisation.id, [here.teacher_staff.id], MONDAY)] == [
        "Lê Thị Hoa"
    ]
    with pytest.raises(NotFound):
        queries.absence_of(given.head, absence.public_id)


def test_nobody_covers_two_lessons_at_once_or_a_lesson_twice(given: Planning) -> None:
    absence = away(given)
    with pytest.raises(SubstituteBusy):
        cover(given, absence, TUESDAY)
    cover(given, absence)
    with pytest.raises(NoSuchLesson):
        cover(given, absence)
    with pytest.raises(AbsenceNotInOrder):
        away(given, last=date(2026, 11, 1))

    assert Cover.objects.count() == 1


def test_who_covered_less_comes_first(given: Planning) -> None:
    other = staff("Vũ Thị Mai", given.here.organisation, "teacher")
    cover(given, away(given, last=MONDAY))
    later = actions.record_absence(
        actor=given.head, staff=given.here.teacher_staff, starts_on=date(2026, 11, 30), ends_on=date(2026, 11, 30),
        reason="", at=NOON,
    )  # fmt: skip

    (lesson,) = queries.open_lessons(later)

    order = [each.name for each in lesson.candidates]
    assert order.index(other.person.full_name) < order.index("Ngô Minh Đức")


def test_the_pages_serve_the_office_and_nobody_else(given: Planning, world: World, client_of) -> None:
    client = client_of(given.here.clerk)
    fields = {"staff": given.here.teacher_staff.public_id, "starts_on": "23/11/2026", "ends_on": "24/11/2026"}
    made = client.post("/timetable/absences/", fields)
    absence = Absence.objects.get()
    page = f"/timetable/absences/{absence.public_id}/"
    assert made["Location"] == page
    assert "Còn 2 tiết" in client.get(page).content.decode()
    slot = Slot.objects.get(class_subject=given.here.maths, weekday=1)
    form = {f"{slot.id}@2026-11-23": given.second.id}

    for account in (world.elsewhere.head, world.here.teacher, world.here.pupils[0], world.department_officer):
        other = client_of(account)
        assert other.get(page).status_code in (403, 404)
        assert other.post(page, form).status_code in (403, 404)
        assert other.post(f"{page}withdraw/").status_code in (403, 404)
    assert not Cover.objects.exists()
    assert client.post(page, form).status_code == 303
    found = Cover.objects.get()
    assert client_of(world.elsewhere.head).post(f"/timetable/covers/{found.public_id}/withdraw/").status_code == 404
    assert "Dạy thay: Ngô Minh Đức" in client.get(page).content.decode()
    assert "dạy thay Lê Thị Hoa" in client_of(world.here.pupils[0]).get("/timetable/?week=2026-11-23").content.decode()
    assert client.post(f"/timetable/covers/{found.public_id}/withdraw/").status_code == 303
    assert client.get("/timetable/absences/").status_code == 200
    assert client_of(world.here.teacher).get("/timetable/absences/").status_code == 403
    with scope.of(actor(world.elsewhere.head)):
        assert not Absence.objects.exists()
        assert not Cover.objects.exists()


def test_only_the_office_assigns(given: Planning, world: World) -> None:
    absence = away(given)
    for account in (world.here.teacher, world.elsewhere.head):
        with pytest.raises(Forbidden):
            actions.record_absence(
                actor=actor(account), staff=given.second, starts_on=MONDAY, ends_on=MONDAY, reason="", at=NOON
            )
        with pytest.raises(Forbidden):
            actions.withdraw_absence(actor=actor(account), absence=absence, at=NOON)

    assert Absence.objects.count() == 1


@pytest.mark.parametrize("days", [1, 10])
def test_an_absence_costs_the_same_queries_however_long(given, days, django_assert_num_queries) -> None:
    absence = away(given, last=date(2026, 11, 22 + min(days, 8)))
    with django_assert_num_queries(9):
        queries.open_lessons(absence)


def test_who_teaches_at_another_campus_that_half_day_is_not_proposed(given: Planning, client_of) -> None:
    here = given.here
    campus = Organisation.objects.create(
        kind="campus", name="Điểm 2", parent=here.organisation, lineage=f"{here.organisation.lineage}9.",
        valid_from=YEAR_START,
    )  # fmt: skip
    far = SchoolClass.objects.create(
        organisation=here.organisation, school_year=here.year, grade=6, name="6B", campus=campus
    )
    ClassSubject.objects.filter(id=given.literature.id).update(school_class=far)
    staff("Vũ Thị Mai", here.organisation, "teacher")

    (lesson,) = queries.open_lessons(away(given, last=MONDAY))

    assert lesson.candidates[-1].name == "Ngô Minh Đức"  # teaches 6B in the second period
    assert [each.is_elsewhere for each in lesson.candidates] == [False] * (len(lesson.candidates) - 1) + [True]
    assert proposals([lesson.candidates[-1:]]) == [None]
    page = client_of(here.clerk).get(f"/timetable/absences/{Absence.objects.get().public_id}/").content.decode()
    assert page.count("đang ở điểm trường khác") == 1


@hypothesis_given(
    st.lists(st.tuples(st.integers(1, 5), st.just(MONDAY), st.just("am"), st.integers(1, 3))),
    st.sets(st.tuples(st.integers(1, 5), st.just(MONDAY))),
)
def test_no_candidate_is_taken_or_away(taken, gone) -> None:
    teachers = [Teacher(n, str(n), {n % 2}, {1}, n) for n in range(1, 6)]

    found = candidates(
        teachers, subject=1, school_class=1, when=(MONDAY, "am", 2), campus=None, taken=set(taken), away=gone, places={}
    )

    free = {n for n in range(1, 6) if (n, MONDAY, "am", 2) not in taken and (n, MONDAY) not in gone}
    assert {each.staff for each in found} == free
    assert [(not each.same_subject, each.covers) for each in found] == sorted(
        (not each.same_subject, each.covers) for each in found
    )


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khue.foundation.clock.now", lambda: NOON)


@pytest.mark.usefixtures("at_noon")
def test_all_lessons_of_an_absence_are_given_with_one_press(given: Planning, client_of) -> None:
    other = staff("Vũ Thị Mai", given.here.organisation, "teacher")
    absence = away(given)
    page, client = f"/timetable/absences/{absence.public_id}/", client_of(given.here.clerk)
    lessons = queries.open_lessons(absence)
    monday, tuesday = (f"{each.slot_id}@{each.day.isoformat()}" for each in lessons)

    shown = client.get(page).content.decode()
    assert "Phân công cả 2 tiết như đã chọn" in shown
    assert f'<option value="{given.second.id}" selected>' in shown  # knows the class and is there on Monday
    assert "2 tiết chưa có người dạy" in client.get("/timetable/absences/").content.decode()
    answer = client.post(page, {monday: given.second.id, tuesday: other.id})

    assert answer.status_code == 303
    assert list(Cover.objects.order_by("day").values_list("day", "staff_id")) == [
        (MONDAY, given.second.id), (TUESDAY, other.id),
    ]  # fmt: skip
    assert "Mọi tiết đã có người dạy thay." in client.get(page).content.decode()
    assert "đã đủ người dạy thay" in client.get("/timetable/absences/").content.decode()


def test_the_button_of_a_lesson_gives_that_lesson_alone(given: Planning, client_of) -> None:
    absence = away(given)
    client, lessons = client_of(given.here.clerk), queries.open_lessons(absence)
    names = [f"{each.slot_id}@{each.day.isoformat()}" for each in lessons]

    client.post(
        f"/timetable/absences/{absence.public_id}/", {**dict.fromkeys(names, given.second.id), "only": names[0]}
    )

    assert list(Cover.objects.values_list("day", flat=True)) == [MONDAY]


@pytest.mark.parametrize("typed", [{}, {"x@y": "1"}, {"1@2026-11-23": ""}, {"999999999@2026-11-23": "1"}])
def test_what_nobody_chose_gives_no_lesson(given: Planning, client_of, typed) -> None:
    absence = away(given)

    answer = client_of(given.here.clerk).post(f"/timetable/absences/{absence.public_id}/", typed)

    assert answer.status_code == 303
    assert not Cover.objects.exists()


def test_lessons_are_given_all_or_none(given: Planning) -> None:
    absence = away(given)
    monday, tuesday = queries.open_lessons(absence)
    wanted = [Substitute(each.slot_id, each.day, given.second.id) for each in (monday, tuesday)]

    with pytest.raises(SubstituteBusy):  # on Tuesday the second teacher gives a lesson of her own
        actions.assign_covers(actor=given.head, absence=absence, substitutes=wanted, at=NOON)
    with pytest.raises(NobodyChosen):
        actions.assign_covers(actor=given.head, absence=absence, substitutes=[], at=NOON)
    with pytest.raises(Forbidden):
        actions.assign_covers(actor=actor(given.here.teacher), absence=absence, substitutes=wanted[:1], at=NOON)

    assert not Cover.objects.exists()


@pytest.mark.usefixtures("at_noon")
def test_what_is_over_stands_apart(given: Planning, client_of, django_assert_num_queries) -> None:
    actions.record_absence(
        actor=given.head, staff=given.second, starts_on=date(2026, 11, 16), ends_on=date(2026, 11, 17),
        reason="việc nhà", at=NOON,
    )  # fmt: skip
    shown = client_of(given.here.clerk).get("/timetable/absences/").content.decode()
    assert shown.index("Chưa có giáo viên nào nghỉ.") < shown.index("việc nhà")

    one, many = [away(given)], [away(given) for _ in range(10)]
    for absences in (one, many):
        with django_assert_num_queries(3):
            assert queries.count_open(absences, TODAY) == {each.id: 2 for each in absences}


@pytest.mark.usefixtures("at_noon")
def test_the_head_sees_on_the_first_page_how_many_lessons_of_today_nobody_gives(
    given: Planning, client_of, django_assert_num_queries
) -> None:
    here, head = given.here.organisation, client_of(given.here.head)
    with django_assert_num_queries(2):
        assert queries.count_lessons(here.id, MONDAY).uncovered == 0
    absence = away(given)

    shown = head.get("/").content.decode()
    assert "Tiết chưa có người dạy thay" in shown
    with django_assert_num_queries(2):
        assert queries.count_lessons(here.id, MONDAY).uncovered == 1
    cover(given, absence)

    assert queries.count_lessons(here.id, MONDAY).uncovered == 0
    assert queries.count_lessons(here.id, TUESDAY).uncovered == 1


FREE = st.builds(
    Candidate, staff=st.integers(1, 6), name=st.just("x"), same_subject=st.booleans(), knows_class=st.booleans(),
    is_there=st.booleans(), covers=st.integers(0, 3),
)  # fmt: skip


@hypothesis_given(st.lists(st.lists(FREE, unique_by=lambda each: each.staff)))
def test_a_proposal_is_one_of_those_who_are_free(offered) -> None:
    found = proposals(offered)

    assert [one in {each.staff for each in free} for one, free in zip(found, offered, strict=True)] == [
        bool(free) for free in offered
    ]


def test_two_who_are_alike_share_the_lessons() -> None:
    alike = [Candidate(staff, str(staff), True, True, True, 0) for staff in (1, 2)]

    assert proposals([alike] * 4) == [1, 2, 1, 2]
