"""Building a course, and doing its lessons."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from khue.activity import actions as activity
from khue.activity.actions import Told, Verb
from khue.assessment.models import Assignment
from khue.foundation import audit, clock, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden, NotFound, Refusal
from khue.learning.access import Permission
from khue.learning.events import LessonCompleted
from khue.learning.models import Lesson, LessonDone, LessonItem
from khue.library.models import Resource
from khue.schools import queries as schools
from khue.schools.models import ClassSubject, Enrolment


class AlreadyInLesson(Refusal):
    code = "already_in_lesson"
    message = _("Bài học đã có mục này rồi.")
    field = "item"


class OtherClass(Refusal):
    code = "other_class"
    message = _("Bài kiểm tra này giao cho lớp khác. Hãy giao cho lớp này trước.")
    field = "item"


class LessonIsDone(Refusal):
    code = "lesson_is_done"
    message = _("Đã có học sinh học bài này nên không xoá được. Thầy/Cô có thể cất bài đi.")


@dataclass(frozen=True)
class LessonText:
    """What a teacher says of a lesson."""

    title: str
    text: str
    due_on: date | None


@transaction.atomic
def add_lesson(*, actor: Actor, class_subject: ClassSubject, said: LessonText) -> Lesson:
    """Add a lesson at the end of a course, as a draft."""
    require(actor, Permission.COURSE_WRITE, within=class_subject)
    _refuse_unless_teaching(actor, class_subject)
    # Two teachers of one class-subject may add at once: the positions are taken one after the other.
    rows = Lesson.objects.select_for_update().filter(class_subject=class_subject)
    last = max((lesson.position for lesson in rows), default=0)
    lesson = Lesson.objects.create(
        organisation_id=class_subject.organisation_id,
        class_subject=class_subject,
        position=last + 1,
        title=said.title,
        text=said.text,
        due_on=said.due_on,
    )
    audit.record(actor, "lesson.added", lesson, title=said.title)
    return lesson


@transaction.atomic
def change_lesson(*, actor: Actor, lesson: Lesson, said: LessonText) -> None:
    """Change what a lesson says and when it is due."""
    _require_course(actor, lesson)
    lesson.title, lesson.text, lesson.due_on = said.title, said.text, said.due_on
    lesson.save(update_fields=["title", "text", "due_on"])
    audit.record(actor, "lesson.changed", lesson, title=said.title, due_on=said.due_on)


@transaction.atomic
def publish_lesson(*, actor: Actor, lesson: Lesson, at: datetime | None) -> None:
    """Show a lesson to the class, or hide it again with `at` None."""
    _require_course(actor, lesson)
    Lesson.objects.filter(id=lesson.id).update(published_at=at)
    audit.record(actor, "lesson.published" if at else "lesson.hidden", lesson)


@transaction.atomic
def move_lesson(*, actor: Actor, lesson: Lesson, by: int) -> None:
    """Change places with the lesson before (by -1) or after (by 1). At the end of the course nothing happens."""
    _require_course(actor, lesson)
    rows = Lesson.objects.select_for_update().filter(class_subject_id=lesson.class_subject_id).order_by("position")
    course = list(rows)
    place = [row.id for row in course].index(lesson.id)
    other = place + by
    if not 0 <= other < len(course):
        return
    moved, neighbour = course[place], course[other]
    moved.position, neighbour.position = neighbour.position, moved.position
    Lesson.objects.bulk_update([moved, neighbour], ["position"])
    audit.record(actor, "lesson.moved", lesson, position=moved.position)


@transaction.atomic
def add_resource(*, actor: Actor, lesson: Lesson, resource: Resource) -> LessonItem:
    """Put a resource at the end of a lesson. The resource is one the actor may open."""
    _require_course(actor, lesson)
    if LessonItem.objects.filter(lesson=lesson, resource=resource).exists():
        raise AlreadyInLesson
    item = _add_item(lesson, resource=resource)
    audit.record(actor, "lesson_item.added", lesson, resource=resource.id)
    return item


@transaction.atomic
def add_test(*, actor: Actor, lesson: Lesson, assignment: Assignment) -> LessonItem:
    """Put a test that is set to this class-subject at the end of a lesson.

    refuses  OtherClass, AlreadyInLesson
    """
    _require_course(actor, lesson)
    if assignment.class_subject_id != lesson.class_subject_id:
        raise OtherClass
    if LessonItem.objects.filter(lesson=lesson, assignment=assignment).exists():
        raise AlreadyInLesson
    item = _add_item(lesson, assignment=assignment)
    audit.record(actor, "lesson_item.added", lesson, assignment=assignment.id)
    return item


@transaction.atomic
def remove_item(*, actor: Actor, lesson: Lesson, item_id: int) -> None:
    """Take a thing out of a lesson; the thing itself stays where it is kept."""
    _require_course(actor, lesson)
    LessonItem.objects.filter(lesson=lesson, id=item_id).delete()
    audit.record(actor, "lesson_item.removed", lesson, item=item_id)


@transaction.atomic
def remove_lesson(*, actor: Actor, lesson: Lesson) -> None:
    """Remove a lesson that no pupil has done yet.

    refuses  LessonIsDone
    """
    _require_course(actor, lesson)
    if LessonDone.objects.filter(lesson=lesson).exists():
        raise LessonIsDone
    audit.record(actor, "lesson.removed", lesson, title=lesson.title)
    lesson.delete()


@transaction.atomic
def complete_lesson(*, actor: Actor, lesson: Lesson, at: datetime) -> None:
    """Note that the pupil has done the lesson. Doing it again changes nothing.

    Raises NotFound to somebody who is not in the class.
    """
    require(actor, Permission.LESSON_DO, within=lesson)
    enrolment = schools.enrolment_of_pupil(actor.person_id or 0, at.astimezone(clock.VIETNAM).date())
    if enrolment is None or enrolment.school_class_id != lesson.class_subject.school_class_id:
        raise NotFound
    _done, is_new = LessonDone.objects.get_or_create(
        lesson=lesson, enrolment=enrolment, defaults={"organisation_id": lesson.organisation_id, "done_at": at}
    )
    if is_new:
        activity.tell(actor=actor, statements=[_statement(lesson, enrolment, at)], at=at)
        audit.record(actor, "lesson.completed", lesson)
        events.publish(
            LessonCompleted(
                organisation_id=lesson.organisation_id,
                lesson_id=lesson.id,
                enrolment_id=enrolment.id,
                person_id=enrolment.person_id,
            )
        )


def _statement(lesson: Lesson, enrolment: Enrolment, at: datetime) -> Told:
    return Told(
        statement_id=uuid5(NAMESPACE_URL, f"khue:lesson:{lesson.public_id}:{enrolment.public_id}"),
        person_id=enrolment.person_id,
        organisation_id=lesson.organisation_id,
        verb=Verb.COMPLETED,
        object_kind="lesson",
        object_id=lesson.public_id,
        object_name=lesson.title,
        happened_at=at,
        parent_id=lesson.class_subject.public_id,
    )


def _add_item(lesson: Lesson, *, resource: Resource | None = None, assignment: Assignment | None = None) -> LessonItem:
    Lesson.objects.select_for_update().get(id=lesson.id)
    last = LessonItem.objects.filter(lesson=lesson).aggregate(last=Max("position"))["last"] or 0
    return LessonItem.objects.create(
        organisation_id=lesson.organisation_id,
        lesson=lesson,
        position=last + 1,
        resource=resource,
        assignment=assignment,
    )


def _require_course(actor: Actor, lesson: Lesson) -> None:
    require(actor, Permission.COURSE_WRITE, within=lesson)
    _refuse_unless_teaching(actor, lesson.class_subject)


def _refuse_unless_teaching(actor: Actor, class_subject: ClassSubject) -> None:
    if not actor.is_system and not schools.teaches(actor, class_subject):
        raise Forbidden
