"""Courses as their teachers and their pupils see them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from khue.assessment import queries as assessment
from khue.assessment.models import Assignment
from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.foundation.record import one
from khue.learning import access
from khue.learning.access import Permission
from khue.learning.models import Lesson, LessonDone, LessonItem
from khue.library import queries as library
from khue.library.models import Resource
from khue.schools import queries as schools
from khue.schools.models import ClassSubject
from khue.schools.queries import Place, TaughtSubject


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course on its shelf: lessons published, and how many of them the pupil has done (None to others)."""

    class_subject: UUID
    class_name: str
    subject: str
    hue: str
    lessons: int
    done: int | None


@dataclass(frozen=True, slots=True)
class CourseLesson:
    """One lesson of a course. `is_done` speaks of the pupil who looks; `done_by` counts pupils, for teachers."""

    id: int
    public_id: UUID
    title: str
    due_on: date | None
    is_published: bool
    is_done: bool
    is_late: bool
    done_by: int
    items: int


@dataclass(frozen=True, slots=True)
class Course:
    """A course with its lessons in order.

    learners  how many pupils take it; 0 to who does not build it
    """

    class_subject: ClassSubject
    lessons: list[CourseLesson]
    learners: int
    may_build: bool

    @property
    def done(self) -> int:
        return sum(lesson.is_done for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a lesson as it is opened: a resource or a test."""

    id: int
    resource: Resource | None
    assignment: Assignment | None


@dataclass(frozen=True, slots=True)
class DueLesson:
    """A lesson to do: still open, by its day."""

    public_id: UUID
    title: str
    subject: str
    hue: str
    due_on: date | None


def courses(actor: Actor) -> list[CourseCard]:
    """The courses the actor learns or teaches in this year. Four queries."""
    place = _own_place(actor)
    if place is not None:
        rows = schools.shelf_of_class(actor, place.school_class_id)
    else:
        rows = schools.shelf_of_teacher(actor, clock.today())
    published = dict(_published_by_course([row.id for row in rows]))
    done = dict(_done_by_course(place.enrolment_id)) if place else {}
    return [_card(row, published.get(row.id, 0), done.get(row.id, 0) if place else None) for row in rows]


def _card(row: TaughtSubject, lessons: int, done: int | None) -> CourseCard:
    return CourseCard(row.public_id, row.class_name, row.subject, row.hue, lessons, done)


@compiled
def _published_by_course(class_subject_ids: list[int]) -> QuerySet[Lesson, tuple[int, int]]:
    rows = Lesson.objects.filter(class_subject_id__in=class_subject_ids, published_at__isnull=False)
    return rows.values("class_subject_id").annotate(number=Count("id")).values_list("class_subject_id", "number")


@compiled
def _done_by_course(enrolment_id: int) -> QuerySet[LessonDone, tuple[int, int]]:
    rows = LessonDone.objects.filter(enrolment_id=enrolment_id, lesson__published_at__isnull=False)
    by_course = rows.values("lesson__class_subject_id").annotate(number=Count("id"))
    return by_course.values_list("lesson__class_subject_id", "number")


def course_of(actor: Actor, class_subject_id: UUID, on: date) -> Course:
    """A course the actor may see. Raises NotFound, also when it exists but is not the actor's to see. Six queries."""
    class_subject = schools.class_subject_of(actor, class_subject_id)
    may_build = actor.may(Permission.COURSE_WRITE, class_subject) and schools.teaches(actor, class_subject)
    lessons = _lessons_of_course(actor, class_subject.id, may_build)
    counts = _counts(class_subject.id, _own_place(actor))
    return Course(
        class_subject,
        [_course_lesson(lesson, counts, on) for lesson in lessons],
        len(schools.learners(class_subject, on)) if may_build else 0,
        may_build,
    )


#: id, public id, title, due on, published at
_LessonRow = tuple[int, UUID, str, date | None, datetime | None]


@dataclass(frozen=True, slots=True)
class _Counts:
    items: dict[int, int]
    done_by: dict[int, int]
    own: set[int]


def _counts(class_subject_id: int, own: Place | None) -> _Counts:
    return _Counts(
        dict(_items_by_lesson(class_subject_id)),
        dict(_done_by_lesson(class_subject_id)),
        set(_done_by_pupil(class_subject_id, own.enrolment_id)) if own else set(),
    )


@compiled
def _lessons_of_course(actor: Actor, class_subject_id: int, with_drafts: bool) -> QuerySet[Lesson, _LessonRow]:
    rows = Lesson.objects.filter(access.lessons(actor), class_subject_id=class_subject_id)
    shown = rows if with_drafts else rows.filter(published_at__isnull=False)
    return shown.order_by("position", "id").values_list("id", "public_id", "title", "due_on", "published_at")


@compiled
def _items_by_lesson(class_subject_id: int) -> QuerySet[LessonItem, tuple[int, int]]:
    rows = LessonItem.objects.filter(lesson__class_subject_id=class_subject_id)
    return rows.values("lesson_id").annotate(number=Count("id")).values_list("lesson_id", "number")


@compiled
def _done_by_lesson(class_subject_id: int) -> QuerySet[LessonDone, tuple[int, int]]:
    rows = LessonDone.objects.filter(lesson__class_subject_id=class_subject_id)
    return rows.values("lesson_id").annotate(number=Count("id")).values_list("lesson_id", "number")


@compiled
def _done_by_pupil(class_subject_id: int, enrolment_id: int) -> QuerySet[LessonDone, int]:
    rows = LessonDone.objects.filter(lesson__class_subject_id=class_subject_id, enrolment_id=enrolment_id)
    return rows.values_list("lesson_id", flat=True)


def _course_lesson(row: _LessonRow, counts: _Counts, on: date) -> CourseLesson:
    lesson_id, public_id, title, due_on, published_at = row
    is_done = lesson_id in counts.own
    return CourseLesson(
        lesson_id,
        public_id,
        title,
        due_on,
        published_at is not None,
        is_done,
        due_on is not None and due_on < on and not is_done,
        counts.done_by.get(lesson_id, 0),
        counts.items.get(lesson_id, 0),
    )


def visible_lessons(actor: Actor) -> QuerySet[Lesson]:
    """Lessons the actor may open, in order of the course. One query; page it before use."""
    rows = Lesson.objects.filter(access.lessons(actor), class_subject__in=schools.visible_class_subjects(actor))
    return rows.select_related("class_subject__school_class", "class_subject__subject").order_by("position", "id")


def lesson_of(actor: Actor, public_id: UUID) -> Lesson:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_lessons(actor), public_id=public_id)


def items_of(actor: Actor, lesson: Lesson) -> list[Item]:
    """What stands in a lesson from `lesson_of`, in order; resources taken off the shelves are left out. Two queries."""
    rows = list(LessonItem.objects.filter(lesson=lesson).select_related("assignment__test").order_by("position", "id"))
    wanted = [row.resource_id for row in rows if row.resource_id is not None]
    resources = {found.id: found for found in library.visible_resources(actor).filter(id__in=wanted)}
    items = [Item(row.id, resources.get(row.resource_id or 0), row.assignment) for row in rows]
    return [item for item in items if item.resource or item.assignment]


def is_done(actor: Actor, lesson: Lesson) -> bool:
    """Whether the actor, a pupil, has done the lesson. One query."""
    return LessonDone.objects.filter(lesson=lesson, enrolment__person_id=actor.person_id or 0).exists()


def may_do(actor: Actor, lesson: Lesson) -> bool:
    """Whether the actor is a pupil who may note the lesson as done."""
    return actor.may(Permission.LESSON_DO, lesson)


def may_build(actor: Actor, lesson: Lesson) -> bool:
    """Whether the actor builds the course this lesson is in. At most one query."""
    return actor.may(Permission.COURSE_WRITE, lesson) and schools.teaches(actor, lesson.class_subject)


def due_lessons(actor: Actor, limit: int = 10, place: Place | None = None) -> list[DueLesson]:
    """Published lessons with a day that the pupil has not done, the earliest first. Two queries.

    place  the actor's own, where the caller has asked for it already: one query then
    """
    place = place or _own_place(actor)
    if place is None:
        return []
    return [DueLesson(*row) for row in _due_first(place.school_class_id, place.enrolment_id)[:limit]]


def continue_with(actor: Actor, limit: int = 4, place: Place | None = None) -> list[DueLesson]:
    """In each course the first lesson not done yet: where the pupil stopped. Two queries.

    place  as for `due_lessons`
    """
    place = place or _own_place(actor)
    if place is None:
        return []
    return [DueLesson(*row) for row in _next_by_course(place.school_class_id, place.enrolment_id)[:limit]]


#: How many lessons home pages ever list.
_MOST = 20
_DueRow = tuple[UUID, str, str, str, date | None]
_DUE_FIELDS = ("public_id", "title", "class_subject__subject__name", "class_subject__subject__hue", "due_on")


@compiled
def _due_first(school_class_id: int, enrolment_id: int) -> QuerySet[Lesson, _DueRow]:
    rows = _open_lessons(school_class_id, enrolment_id).filter(due_on__isnull=False).order_by("due_on", "id")
    return rows.values_list(*_DUE_FIELDS)[:_MOST]


@compiled
def _next_by_course(school_class_id: int, enrolment_id: int) -> QuerySet[Lesson, _DueRow]:
    rows = _open_lessons(school_class_id, enrolment_id).order_by("class_subject_id", "position")
    return rows.distinct("class_subject_id").values_list(*_DUE_FIELDS)[:_MOST]


def _open_lessons(school_class_id: int, enrolment_id: int) -> QuerySet[Lesson]:
    done = LessonDone.objects.filter(enrolment_id=enrolment_id).values("lesson_id")
    rows = Lesson.objects.filter(class_subject__school_class_id=school_class_id, published_at__isnull=False)
    return rows.exclude(id__in=done)


def addable_tests(actor: Actor, lesson: Lesson) -> list[Assignment]:
    """Tests set to the lesson's class-subject. One query."""
    return assessment.assignments_of(lesson.class_subject) if may_build(actor, lesson) else []


def _own_place(actor: Actor) -> Place | None:
    if actor.person_id is None or not actor.may(Permission.LESSON_DO):
        return None
    return schools.place_of_pupil(actor.person_id, clock.today())


def addable_resources(actor: Actor, lesson: Lesson) -> list[Resource]:
    """The latest resources of the lesson's subject and grade that the actor may open. One query."""
    class_subject = lesson.class_subject
    rows = library.visible_resources(actor).filter(
        subject_id=class_subject.subject_id, grade=class_subject.school_class.grade
    )
    return list(rows[:100])


def public_id(text: str) -> UUID:
    """An address part from a form. Raises NotFound for anything that is no public id."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def count_published(organisation_id: int, since: datetime) -> int:
    """Lessons of courses that a school published since then. One query."""
    return Lesson.objects.filter(organisation_id=organisation_id, published_at__gte=since).count()
