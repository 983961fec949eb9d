"""Electives of several classes in one slot, from the wish to the published week."""

from datetime import date
from decimal import Decimal

from khue.schools.models import Room, SchoolClass
from khue.timetable import actions, queries
from khue.timetable.models import Slot, WishKind
from khue.timetable.planning.blocks import Teaching, Wanted, wanted_blocks
from khue.timetable.planning.wishes import Asked
from khue.timetable.solver.checker import Breach, violations
from khue.timetable.tests.drafts import ask, draft, planning, search, subject_of_class
from tests.world import NOON, World, staff


def test_electives_of_two_classes_run_at_once_and_have_a_room_each(world: World) -> None:
    given = planning(world)
    here, room = given.here, given.here.school_class
    physics = subject_of_class(world, here, "VL", "Vật lí", 2, staff("Đỗ Văn Lí", here.organisation, "teacher"))
    here.school_class = SchoolClass.objects.create(
        organisation=here.organisation, school_year=here.year, grade=6, name="6B"
    )
    art = subject_of_class(world, here, "MT", "Mĩ thuật", 2, staff("Hồ Thị Mĩ", here.organisation, "teacher"))
    music = subject_of_class(world, here, "AN", "Âm nhạc", 1, staff("Cao Thị Nhạc", here.organisation, "teacher"))
    here.school_class = room
    ask(given, WishKind.TOGETHER, title="Tự chọn", members=[physics, art, music])
    Room.objects.create(organisation=here.organisation, name="Phòng Lí", kind="subject")
    Room.objects.create(organisation=here.organisation, name="Phòng vẽ", kind="studio")
    ask(given, WishKind.ROOM, subject=physics.subject, room_kind="subject")
    ask(given, WishKind.ROOM, subject=art.subject, room_kind="studio")

    made = search(given, draft(given))
    version = actions.publish_draft(
        actor=given.head, draft=made, title="Tuần 13", valid_from=date(2026, 11, 30), at=NOON
    )

    hours: dict[str, set[tuple[int, str, int, str]]] = {}
    for slot in Slot.objects.filter(version=version, class_subject__in=[physics, art, music]).select_related("room"):
        when = (slot.weekday, slot.session, slot.period)
        hours.setdefault(slot.class_subject.subject.code, set()).add((*when, slot.room.name if slot.room else ""))
    assert {when[:3] for when in hours["VL"]} == {when[:3] for when in hours["MT"]}
    assert {when[:3] for when in hours["AN"]} < {when[:3] for when in hours["MT"]}  # pupils of one class choose, too
    assert (len(hours["VL"]), len(hours["MT"]), len(hours["AN"])) == (2, 2, 1)
    assert ({when[3] for when in hours["VL"]}, {when[3] for when in hours["MT"]}) == ({"Phòng Lí"}, {"Phòng vẽ"})

    # Two that run together and need a room of one kind need two of them.
    ask(given, WishKind.ROOM, subject=music.subject, room_kind="subject")
    plan = queries.planned(made)
    assert [
        (each.breach, each.found, each.allowed, len(each.blocks)) for each in violations(plan.problem, plan.starts)
    ] == [(Breach.AT_ONCE, 2, 1, 1)]
    Room.objects.create(organisation=here.organisation, name="Phòng Nhạc", kind="subject")
    plan = queries.planned(made)
    assert not violations(plan.problem, plan.starts)


def test_class_subjects_asked_to_run_together_share_blocks() -> None:
    teachings = [
        Teaching(1, 10, 100, 10, Decimal(2), ((7, 100),)),
        Teaching(2, 10, 101, 10, Decimal(3), ((8, 100),)),
        Teaching(3, 10, 102, 10, Decimal("1.5"), ()),
    ]

    found = wanted_blocks(teachings, [Asked(WishKind.TOGETHER, "Tự chọn", members=(1, 2, 3))])

    assert found == [Wanted(((1, 7), (2, 8)), 1), Wanted(((1, 7), (2, 8)), 1), Wanted(((2, 8),), 1)]
