from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.foundation import scope
from khue.foundation.actor import ANONYMOUS, SYSTEM
from khue.foundation.errors import NotFound
from khue.schools import queries
from khue.schools.models import ClassSubject, ElectiveChoice, Enrolment, SchoolClass, TeachingAssignment
from tests.world import TODAY, YEAR_START, World, account, actor, enrol, staff


def names(rows) -> list[str]:
    return [row.name for row in rows]


@pytest.fixture
def class_6b(world: World) -> SchoolClass:
    """A class of the same school that nobody of 6A has to do with."""
    here = world.here
    made = SchoolClass.objects.create(organisation=here.organisation, school_year=here.year, grade=6, name="6B")
    ClassSubject.objects.create(
        organisation=here.organisation,
        school_class=made,
        subject=world.subject,
        weekly_periods_term_1=4,
        weekly_periods_term_2=4,
    )
    return made


@pytest.mark.parametrize("who", ["head", "clerk"])
def test_head_and_clerk_see_all_classes_of_their_school_only(world: World, class_6b: SchoolClass, who: str) -> None:
    classes = list(queries.visible_classes(actor(getattr(world.here, who))))

    assert names(classes) == ["6A", "6B"]
    assert {c.organisation_id for c in classes} == {world.here.organisation.id}


def test_officers_see_the_classes_of_every_school_below_them(world: World, class_6b: SchoolClass) -> None:
    assert queries.visible_classes(actor(world.department_officer)).count() == 3
    assert queries.visible_classes(actor(world.ministry_officer)).count() == 3
    assert queries.visible_classes(SYSTEM).count() == 3


def test_a_teacher_a_pupil_and_a_guardian_see_their_own_class_only(world: World, class_6b: SchoolClass) -> None:
    here = world.here

    for somebody in (here.teacher, here.pupils[0], here.guardians[0]):
        assert list(queries.visible_classes(actor(somebody))) == [here.school_class]
        assert list(queries.visible_class_subjects(actor(somebody))) == [here.maths]
        with pytest.raises(NotFound):
            queries.class_of(actor(somebody), class_6b.public_id)


def test_nobody_signed_in_sees_nothing(world: World) -> None:
    assert not queries.visible_classes(ANONYMOUS).exists()
    assert not queries.visible_class_subjects(ANONYMOUS).exists()
    assert not queries.visible_enrolments(ANONYMOUS).exists()


def test_a_class_of_another_school_is_not_found(world: World) -> None:
    for somebody in (world.elsewhere.head, world.elsewhere.teacher, world.elsewhere.pupils[0]):
        with pytest.raises(NotFound):
            queries.class_of(actor(somebody), world.here.school_class.public_id)
        with pytest.raises(NotFound):
            queries.class_subject_of(actor(somebody), world.here.maths.public_id)
        with pytest.raises(NotFound):
            queries.enrolment_of(actor(somebody), world.here.enrolments[0].public_id)


def test_a_teacher_whose_assignment_ended_sees_the_class_no_more(world: World) -> None:
    here = world.here
    teacher = staff("Võ Thị Sáu", here.organisation, "teacher")
    who = account(teacher.person, "subject_teacher", here.organisation)
    assignment = TeachingAssignment.objects.create(
        organisation=here.organisation, class_subject=here.maths, staff=teacher, starts_on=YEAR_START
    )
    assert queries.teaches(actor(who), here.maths, TODAY)

    assignment.ends_on = TODAY
    assignment.save()

    assert not queries.teaches(actor(who), here.maths, TODAY)
    assert queries.teaches(actor(who), here.maths, date(2026, 11, 22))
    assert not queries.visible_classes(actor(who)).exists()


def test_a_role_at_one_school_opens_nothing_where_the_same_person_also_teaches(world: World) -> None:
    """Work at a second school without a grant there: the database shows nothing, and neither does the query."""
    there = world.elsewhere
    teacher = world.here.teacher_staff.person
    work = there.teacher_staff.__class__.objects.create(
        organisation=there.organisation, person=teacher, position="teacher", starts_on=YEAR_START
    )
    TeachingAssignment.objects.create(
        organisation=there.organisation, class_subject=there.maths, staff=work, starts_on=YEAR_START
    )

    assert list(queries.visible_classes(actor(world.here.teacher))) == [world.here.school_class]


def test_what_a_teacher_teaches_and_leads(world: World, class_6b: SchoolClass) -> None:
    here = world.here
    who = actor(here.teacher)

    assert queries.classes_taught_by(who, TODAY) == [here.maths]
    assert queries.classes_led_by(who, TODAY) == [here.school_class]
    assert queries.is_homeroom_of(who, here.school_class, TODAY)
    assert not queries.is_homeroom_of(who, class_6b, TODAY)
    assert queries.classes_taught_by(actor(here.head), TODAY) == []


def test_a_pupil_opens_the_own_enrolment_and_a_guardian_the_wards(world: World) -> None:
    here = world.here

    assert list(queries.visible_enrolments(actor(here.pupils[0]))) == [here.enrolments[0]]
    assert list(queries.visible_enrolments(actor(here.guardians[1]))) == [here.enrolments[1]]
    assert set(queries.visible_enrolments(actor(here.teacher))) == set(here.enrolments)


def test_members_stand_in_vietnamese_name_order(world: World) -> None:
    here = world.here
    for name in ("Trần Ân", "Lê An", "Đỗ Ánh", "Bùi Đạt", "Hoàng Dũng"):
        enrol(here, name)

    listed = [m.full_name for m in queries.members(here.school_class, TODAY)]

    assert [n for n in listed if not n.startswith("Nguyễn")] == [
        "Lê An", "Đỗ Ánh", "Trần Ân", "Hoàng Dũng", "Bùi Đạt",
    ]  # fmt: skip


def test_a_pupil_who_left_is_in_the_class_until_the_day_of_leaving(world: World) -> None:
    leaver = world.here.enrolments[0]
    Enrolment.objects.filter(id=leaver.id).update(ends_on=TODAY, status="left")

    assert len(queries.members(world.here.school_class, date(2026, 11, 22))) == 3
    assert len(queries.members(world.here.school_class, TODAY)) == 2
    assert queries.enrolment_of_pupil(leaver.person_id, TODAY) is None
    assert queries.classes_of_pupil(leaver.person_id) == [leaver]


def test_an_elective_is_learnt_by_those_who_chose_it(world: World) -> None:
    here = world.here
    ClassSubject.objects.filter(id=here.maths.id).update(is_elective=True)
    here.maths.refresh_from_db()
    ElectiveChoice.objects.create(
        organisation=here.organisation, enrolment=here.enrolments[1], class_subject=here.maths, starts_on=YEAR_START
    )

    assert [m.enrolment_id for m in queries.learners(here.maths, TODAY)] == [here.enrolments[1].id]
    assert len(queries.members(here.school_class, TODAY)) == 3


@pytest.mark.parametrize("more", [0, 27])
def test_class_queries_cost_one_query_for_three_pupils_and_for_thirty(world: World, more: int) -> None:
    here = world.here
    for number in range(more):
        enrol(here, f"Phạm Văn {number}")
    who = actor(here.teacher)

    def cost(call) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            call()
        return len(captured)

    assert cost(lambda: queries.members(here.school_class, TODAY)) == 1
    assert cost(lambda: queries.learners(here.maths, TODAY)) == 1
    assert cost(lambda: queries.class_of(who, here.school_class.public_id).school_year.code) == 1
    assert cost(lambda: queries.class_subject_of(who, here.maths.public_id).subject.name) == 1
    assert cost(lambda: queries.classes_taught_by(who, TODAY)) == 1
    assert cost(lambda: queries.enrolment_of_pupil(here.enrolments[0].person_id, TODAY)) == 1


def test_the_same_answers_come_in_the_actors_own_scope(world: World) -> None:
    for somebody in (world.here.head, world.here.teacher, world.here.pupils[0], world.here.guardians[0]):
        who = actor(somebody)
        with scope.of(who):
            assert list(queries.visible_classes(who)) == [world.here.school_class]


def test_schools_below_are_found_through_a_commune_office(world: World) -> None:
    assert names(queries.schools_below(world.department)) == ["THCS Mỹ An", "THCS&THPT Đốc Binh Kiều"]
    assert names(queries.schools_below(world.commune_office)) == ["THCS Mỹ An"]
    assert names(queries.schools_below(world.elsewhere.organisation)) == ["THCS&THPT Đốc Binh Kiều"]
