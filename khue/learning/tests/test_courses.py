from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from khue.activity.models import Statement
from khue.foundation import scope
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import OutboxEvent, StoredFile
from khue.identity.models import Account
from khue.learning import actions, queries
from khue.learning.actions import AlreadyInLesson, LessonIsDone, LessonText
from khue.learning.events import LessonCompleted
from khue.learning.models import Lesson, LessonDone, LessonItem
from khue.library.models import Resource
from tests.world import NOON, TODAY, School, World, account, actor, staff

ClientOf = Callable[[Account], Client]


def add(at: School, title: str = "Phân số", due_on: date | None = None, published: bool = True) -> Lesson:
    said = LessonText(title=title, text="Đọc rồi làm bài.", due_on=due_on)
    lesson = actions.add_lesson(actor=actor(at.teacher), class_subject=at.maths, said=said)
    if published:
        actions.publish_lesson(actor=actor(at.teacher), lesson=lesson, at=NOON)
        lesson.refresh_from_db()
    return lesson


def resource(world: World) -> Resource:
    place = world.here.organisation
    file = StoredFile.objects.create(
        organisation_id=place.id, purpose="library.resource", sha256="0" * 64, size=1, media_type="application/pdf",
        name="a.pdf", stored_at=NOON,
    )  # fmt: skip
    return Resource.objects.create(
        organisation=place, title="Phiếu học tập", author="Lê Thị Hoa", kind="document", subject=world.subject, grade=6,
        licence="CC-BY-4.0", file=file, published_at=NOON, published_by_id=world.here.teacher.id,
    )  # fmt: skip


def titles(who: Account, at: School) -> list[str]:
    return [lesson.title for lesson in queries.course_of(actor(who), at.maths.public_id, TODAY).lessons]


def test_lessons_come_in_order_and_drafts_are_for_their_teachers(world: World) -> None:
    here = world.here
    for title, published in (("Một", True), ("Hai", False), ("Ba", True)):
        add(here, title, published=published)

    assert titles(here.teacher, here) == ["Một", "Hai", "Ba"]
    for reader in (here.pupils[0], here.guardians[0], here.head):
        assert titles(reader, here) == ["Một", "Ba"]


def test_a_lesson_moves_up_and_down_and_not_beyond_the_end(world: World) -> None:
    here = world.here
    _one, two, three = (add(here, title) for title in ("Một", "Hai", "Ba"))

    actions.move_lesson(actor=actor(here.teacher), lesson=three, by=-1)
    actions.move_lesson(actor=actor(here.teacher), lesson=two, by=1)

    assert titles(here.teacher, here) == ["Một", "Ba", "Hai"]


def test_doing_a_lesson_is_told_once_and_moves_progress(world: World, client_of: ClientOf) -> None:
    here = world.here
    lesson, _next = add(here, "Một", TODAY), add(here, "Hai")
    pupil = client_of(here.pupils[0])
    assert [x.title for x in queries.due_lessons(actor(here.pupils[0]))] == ["Một"]

    for _ in range(2):
        actions.complete_lesson(actor=actor(here.pupils[0]), lesson=lesson, at=NOON)

    assert LessonDone.objects.count() == 1
    assert Statement.objects.get().object_name == "Một"
    assert OutboxEvent.objects.filter(name=LessonCompleted.name).count() == 1
    assert queries.due_lessons(actor(here.pupils[0])) == []
    assert [x.title for x in queries.continue_with(actor(here.pupils[0]))] == ["Hai"]
    assert "Đã học 1 trên 2 bài" in pupil.get("/courses/").content.decode()
    course = queries.course_of(actor(here.teacher), here.maths.public_id, TODAY)
    assert [(x.done_by, course.learners) for x in course.lessons] == [(1, 3), (0, 3)]


def test_a_lesson_not_done_by_its_day_is_late(world: World) -> None:
    add(world.here, due_on=date(2026, 11, 20))

    [lesson] = queries.course_of(actor(world.here.pupils[0]), world.here.maths.public_id, TODAY).lessons

    assert (lesson.is_late, lesson.is_done) == (True, False)


def test_a_resource_stands_in_a_lesson_once_and_can_be_taken_out(world: World) -> None:
    here, lesson, thing = world.here, add(world.here), resource(world)
    item = actions.add_resource(actor=actor(here.teacher), lesson=lesson, resource=thing)
    with pytest.raises(AlreadyInLesson):
        actions.add_resource(actor=actor(here.teacher), lesson=lesson, resource=thing)
    assert [x.resource for x in queries.items_of(actor(here.pupils[0]), lesson)] == [thing]

    actions.remove_item(actor=actor(here.teacher), lesson=lesson, item_id=item.id)

    assert queries.items_of(actor(here.pupils[0]), lesson) == []
    assert Resource.objects.count() == 1


def test_a_lesson_somebody_did_is_not_removed(world: World) -> None:
    here, lesson = world.here, add(world.here)
    actions.complete_lesson(actor=actor(here.pupils[0]), lesson=lesson, at=NOON)

    with pytest.raises(LessonIsDone):
        actions.remove_lesson(actor=actor(here.teacher), lesson=lesson)

    assert Lesson.objects.count() == 1


def test_only_who_teaches_the_subject_builds_its_course(world: World) -> None:
    here, lesson = world.here, add(world.here)
    colleague = account(staff("Võ Thị Lan", here.organisation, "teacher").person, "subject_teacher", here.organisation)

    for by in (colleague, here.head, here.pupils[0], world.elsewhere.teacher):
        with pytest.raises(Forbidden):
            actions.add_lesson(actor=actor(by), class_subject=here.maths, said=LessonText("x", "", None))
        with pytest.raises(Forbidden):
            actions.add_resource(actor=actor(by), lesson=lesson, resource=resource(world))

    assert (Lesson.objects.count(), LessonItem.objects.count()) == (1, 0)


def test_only_pupils_of_the_class_do_its_lessons(world: World) -> None:
    lesson = add(world.here)

    with pytest.raises(Forbidden):
        actions.complete_lesson(actor=actor(world.here.teacher), lesson=lesson, at=NOON)
    with pytest.raises((Forbidden, NotFound)):
        actions.complete_lesson(actor=actor(world.elsewhere.pupils[0]), lesson=lesson, at=NOON)

    assert not LessonDone.objects.exists()


def test_every_address_of_a_course_is_404_elsewhere(world: World, client_of: ClientOf) -> None:
    lesson = add(world.here)
    addresses = [f"/courses/{world.here.maths.public_id}/", f"/lessons/{lesson.public_id}/"]

    for other in (world.elsewhere.pupils[0], world.elsewhere.teacher, world.elsewhere.head):
        client = client_of(other)
        assert [client.get(address).status_code for address in addresses] == [404, 404]
        assert client.post(f"{addresses[1]}complete/").status_code == 404
    with scope.of(actor(world.elsewhere.head)):
        assert not Lesson.objects.exists()


def test_a_teacher_builds_a_lesson_with_the_pages(world: World, client_of: ClientOf) -> None:
    here, thing = world.here, resource(world)
    teacher = client_of(here.teacher)
    teacher.post(f"/courses/{here.maths.public_id}/new-lesson/", {"title": "Bài 1", "due_on": "30/11/2026"})
    lesson = Lesson.objects.get()

    teacher.post(f"/lessons/{lesson.public_id}/items/", {"item": f"resource:{thing.public_id}"})
    teacher.post(f"/lessons/{lesson.public_id}/publish/", {"show": "yes"})

    shown = client_of(here.pupils[0]).get(f"/lessons/{lesson.public_id}/").content.decode()
    assert "Phiếu học tập" in shown
    assert "Hạn 30/11/2026" in shown
    assert teacher.post(f"/lessons/{lesson.public_id}/items/", {"item": "resource:x"}).status_code == 404


@pytest.mark.parametrize("count", [2, 20])
def test_a_course_costs_the_same_for_two_lessons_and_for_twenty(
    world: World, client_of: ClientOf, count: int, django_assert_num_queries: Callable
) -> None:
    for number in range(count):
        add(world.here, f"Bài {number}")

    client = client_of(world.here.pupils[0])
    with django_assert_num_queries(13):
        client.get(f"/courses/{world.here.maths.public_id}/")
