"""Pages of learning."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khue.assessment import queries as assessment
from khue.foundation import clock, flash, offline
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.learning import actions, queries
from khue.learning.forms import LessonForm
from khue.library import queries as library
from khue.schools import queries as schools


def courses(request: Request) -> HttpResponse:
    """The courses the actor learns or teaches in."""
    return page(request, "learning/courses.html", {"courses": queries.courses(request.actor)})


def course(request: Request, class_subject_id: UUID) -> HttpResponse:
    """One course: its lessons in order."""
    found = queries.course_of(request.actor, class_subject_id, clock.today())
    return page(request, "learning/course.html", {"course": found, "class_subject": found.class_subject})


def new_lesson(request: Request, class_subject_id: UUID) -> HttpResponse:
    """Add a lesson to a course."""
    class_subject = schools.class_subject_of(request.actor, class_subject_id)
    form = LessonForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            made = actions.add_lesson(actor=request.actor, class_subject=class_subject, said=form.said)
            return see_other("learning:lesson", made.public_id)
    return page(request, "learning/edit.html", {"class_subject": class_subject, "lesson": None, "form": form})


def lesson(request: Request, lesson_id: UUID) -> HttpResponse:
    """One lesson, to learn from and, for its teacher, to build."""
    found = queries.lesson_of(request.actor, lesson_id)
    builds = queries.may_build(request.actor, found)
    shown = {
        "lesson": found,
        "class_subject": found.class_subject,
        "items": queries.items_of(request.actor, found),
        "is_done": queries.is_done(request.actor, found),
        "may_do": queries.may_do(request.actor, found),
        "may_build": builds,
        "tests": queries.addable_tests(request.actor, found) if builds else [],
        "resources": queries.addable_resources(request.actor, found) if builds else [],
    }
    return offline.kept(request, page(request, "learning/lesson.html", shown))


def change_lesson(request: Request, lesson_id: UUID) -> HttpResponse:
    """Change what a lesson says."""
    found = queries.lesson_of(request.actor, lesson_id)
    initial = {"title": found.title, "text": found.text, "due_on": found.due_on}
    form = LessonForm(request.POST or None, initial=initial)
    if form.is_valid():
        with refusals_on(form):
            actions.change_lesson(actor=request.actor, lesson=found, said=form.said)
            return see_other("learning:lesson", found.public_id)
    return page(request, "learning/edit.html", {"class_subject": found.class_subject, "lesson": found, "form": form})


@require_POST
def add_item(request: Request, lesson_id: UUID) -> HttpResponse:
    """Put a resource or a test into a lesson."""
    found = queries.lesson_of(request.actor, lesson_id)
    kind, _colon, public_id = request.POST.get("item", "").partition(":")
    chosen = queries.public_id(public_id)
    if kind == "resource":
        actions.add_resource(actor=request.actor, lesson=found, resource=library.resource_of(request.actor, chosen))
    else:
        actions.add_test(actor=request.actor, lesson=found, assignment=assessment.assignment_of(request.actor, chosen))
    return see_other("learning:lesson", found.public_id)


@require_POST
def remove_item(request: Request, lesson_id: UUID, item_id: int) -> HttpResponse:
    """Take a thing out of a lesson."""
    found = queries.lesson_of(request.actor, lesson_id)
    actions.remove_item(actor=request.actor, lesson=found, item_id=item_id)
    return see_other("learning:lesson", found.public_id)


@require_POST
def publish(request: Request, lesson_id: UUID) -> HttpResponse:
    """Show a lesson to the class, or hide it."""
    found = queries.lesson_of(request.actor, lesson_id)
    at = clock.now() if request.POST.get("show") == "yes" else None
    actions.publish_lesson(actor=request.actor, lesson=found, at=at)
    return flash.say(
        see_other("learning:lesson", found.public_id), _("Lớp đã thấy bài này.") if at else _("Đã ẩn bài này.")
    )


@require_POST
def move(request: Request, lesson_id: UUID) -> HttpResponse:
    """Move a lesson up or down."""
    found = queries.lesson_of(request.actor, lesson_id)
    actions.move_lesson(actor=request.actor, lesson=found, by=-1 if request.POST.get("to") == "up" else 1)
    return see_other("learning:course", found.class_subject.public_id)


@require_POST
def complete(request: Request, lesson_id: UUID) -> HttpResponse:
    """Note that the lesson is done."""
    found = queries.lesson_of(request.actor, lesson_id)
    actions.complete_lesson(actor=request.actor, lesson=found, at=clock.now())
    return flash.say(see_other("learning:course", found.class_subject.public_id), _("Em đã học xong một bài."))
