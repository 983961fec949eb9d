"""Who teaches whom, as conversations ask it."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.messaging.extensions import relations
from khue.registry.models import Guardianship
from khue.schools.models import ClassSubject, ElectiveChoice, Enrolment, SchoolClass, StaffMember, TeachingAssignment
from tests.world import TODAY, YEAR_START, World, maths_subject, staff


def pairs(person_id: int, on: date = TODAY) -> set[tuple[int, int, int]]:
    return {(p.staff_id, p.family_id, p.about_id) for p in relations.filling.partners(person_id, on)}


def holds(world: World, staff_id: int, family_id: int, about_id: int, on: date = TODAY) -> bool:
    return relations.filling.holds(world.here.organisation.id, staff_id, family_id, about_id, on)


def test_a_teacher_writes_to_every_family_of_the_class_and_a_guardian_to_the_teachers(world: World) -> None:
    here = world.here
    teacher = here.teacher.person_id
    children = [pupil.person_id for pupil in here.pupils]
    guardians = [guardian.person_id for guardian in here.guardians]

    expected = {(teacher, g, c) for g, c in zip(guardians, children, strict=True)} | {(teacher, c, c) for c in children}
    assert pairs(teacher) == expected
    assert pairs(guardians[0]) == {(teacher, guardians[0], children[0])}
    assert pairs(children[0]) == {(teacher, children[0], children[0])}
    assert pairs(here.head.person_id) == pairs(here.clerk.person_id) == set()


def test_a_barred_guardian_writes_to_nobody_and_nobody_to_them(world: World) -> None:
    here = world.here
    guardian, child = here.guardians[0].person_id, here.pupils[0].person_id
    Guardianship.objects.filter(guardian_id=guardian).update(is_barred=True)

    assert pairs(guardian) == set()
    assert not any(family == guardian for _staff, family, _child in pairs(here.teacher.person_id))
    assert not holds(world, here.teacher.person_id, guardian, child)


def test_an_elective_ties_only_those_who_chose_it(world: World) -> None:
    here = world.here
    place = {"organisation": here.organisation}
    other = staff("Vũ Minh Đức", here.organisation, "teacher")
    subject = maths_subject()
    subject.pk, subject.code, subject.name = None, "TC", "Tự chọn"
    subject.public_id = here.year.public_id
    subject.save(force_insert=True)
    elective = ClassSubject.objects.create(
        **place, school_class=here.school_class, subject=subject, weekly_periods_term_1=1, weekly_periods_term_2=1,
        is_elective=True,
    )  # fmt: skip
    TeachingAssignment.objects.create(**place, class_subject=elective, staff=other, starts_on=YEAR_START)
    ElectiveChoice.objects.create(
        **place, enrolment=here.enrolments[1], class_subject=elective, starts_on=YEAR_START
    )  # fmt: skip

    chose, did_not = here.pupils[1].person_id, here.pupils[0].person_id
    assert {child for _staff, _family, child in pairs(other.person_id)} == {chose}
    assert holds(world, other.person_id, chose, chose)
    assert not holds(world, other.person_id, did_not, did_not)


def test_groups_are_the_classes_one_teaches_and_colleagues_work_here(world: World) -> None:
    here = world.here
    own = relations.filling.groups(here.teacher.person_id, TODAY)
    assert [group.name for group in own] == ["Phụ huynh lớp 6A", "Học sinh lớp 6A"]
    assert relations.filling.groups(here.head.person_id, TODAY) == []
    colleagues = relations.filling.colleagues(here.teacher.person_id, here.organisation.id, TODAY)
    assert [name for _id, name in colleagues] == ["Trần Văn Bình"]


@given(st.integers(-3, 3), st.integers(-3, 3), st.integers(-3, 3), st.booleans())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_partners_and_holds_agree_on_every_day(world: World, left: int, ended: int, gone: int, leads: bool) -> None:
    here = world.here
    Enrolment.objects.filter(id=here.enrolments[0].id).update(ends_on=TODAY + timedelta(days=left))
    TeachingAssignment.objects.update(ends_on=TODAY + timedelta(days=ended))
    StaffMember.objects.filter(id=here.teacher_staff.id).update(ends_on=TODAY + timedelta(days=gone))
    SchoolClass.objects.filter(id=here.school_class.id).update(homeroom_teacher=here.teacher_staff if leads else None)
    teacher = here.teacher.person_id

    offered = pairs(teacher)
    for guardian, pupil in zip(here.guardians, here.pupils, strict=True):
        for family in (guardian.person_id, pupil.person_id):
            tie = (teacher, family, pupil.person_id)
            assert (tie in offered) == holds(world, *tie) == (tie in pairs(family))
