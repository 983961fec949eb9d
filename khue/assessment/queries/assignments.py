"""What classes have been set: for teachers and heads, and for the pupils who have to do it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from khue.assessment import access
from khue.assessment.access import Permission
from khue.assessment.models import Assignment, Attempt, Response
from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.foundation.record import first, one
from khue.schools import queries as schools
from khue.schools.models import ClassSubject

_RELATED = ("test__subject", "class_subject__school_class", "class_subject__subject", "organisation")


@dataclass(frozen=True)
class DueTest:
    """A test one pupil has been set.

    mark  tenths of the best attempt; None before one is handed in
    """

    public_id: UUID
    title: str
    subject: str
    hue: str
    class_subject_id: int
    opens_at: datetime
    closes_at: datetime
    minutes: int | None
    attempts_left: int
    is_running: bool
    mark: int | None


@dataclass(frozen=True)
class PupilResult:
    """How far one pupil is with an assignment: the latest attempt, and the best mark of all.

    answered  questions answered in time; late: answers that came after the deadline
    mark      tenths; None before one is handed in
    """

    enrolment_id: int
    full_name: str
    attempts: int
    started_at: datetime | None
    submitted_at: datetime | None
    was_closed_by_clock: bool
    answered: int
    late: int
    mark: int | None


def visible_assignments(actor: Actor) -> QuerySet[Assignment]:
    """Assignments this actor oversees, the latest first. Two queries; page it before use."""
    taught = [row.id for row in schools.classes_taught_by(actor)]
    rows = Assignment.objects.filter(access.assignments_overseen(actor, taught))
    return rows.select_related(*_RELATED).order_by("-opens_at", "-id")


def assignment_of(actor: Actor, public_id: UUID) -> Assignment:
    """Raises NotFound, also when it exists but is not the actor's to oversee."""
    return one(visible_assignments(actor), public_id=public_id)


def assignments_of(class_subject: ClassSubject) -> list[Assignment]:
    """What a class-subject has been set, by opening time.

    class_subject  one the actor has been shown; pupils may know that a test is set, not what it asks
    """
    rows = Assignment.objects.filter(class_subject=class_subject).select_related(*_RELATED)
    return list(rows.order_by("opens_at", "id"))


def set_for(actor: Actor, public_id: UUID, at: datetime) -> tuple[Assignment, schools.Place]:
    """An assignment of the actor's own class, with the actor's place in it. Raises NotFound. Two queries."""
    place = _place(actor, at)
    if place is None:
        raise NotFound
    return first(_assignments(place.school_class_id, public_id)), place


@compiled
def _assignments(school_class_id: int, public_id: UUID) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(class_subject__school_class_id=school_class_id, public_id=public_id)
    return rows.select_related("class_subject")


def due_tests(actor: Actor, at: datetime, place: schools.Place | None = None) -> list[DueTest]:
    """What the pupil has been set this year, what is to do first, then what is done, then what is over. Three queries.

    place  the actor's own, where the caller has asked for it already: two queries then
    """
    place = place or _place(actor, at)
    if place is None:
        return []
    attempts: dict[int, list[_AttemptRow]] = {}
    for attempt in _attempts(place.person_id, place.school_class_id):
        attempts.setdefault(attempt[0], []).append(attempt)
    tests = [_due(row, attempts.get(row[0], [])) for row in _set_to_class(place.school_class_id)]
    return sorted(tests, key=lambda test: (test.closes_at <= at, test.mark is not None, abs(test.closes_at - at)))


def results_of(assignment: Assignment, at: datetime) -> list[PupilResult]:
    """Every learner of the class-subject with what became of the test, in name order. Three queries.

    assignment  from `assignment_of`: who oversees it may see its results
    """
    attempts: dict[int, list[Attempt]] = {}
    for attempt in Attempt.objects.filter(assignment=assignment).order_by("number"):
        attempts.setdefault(attempt.enrolment_id, []).append(attempt)
    counts = _counts(assignment)
    members = schools.learners(assignment.class_subject, at.astimezone(VIETNAM).date())
    return [
        _result(member.enrolment_id, member.full_name, attempts.get(member.enrolment_id, []), counts)
        for member in members
    ]


def _place(actor: Actor, at: datetime) -> schools.Place | None:
    if actor.person_id is None or not actor.may(Permission.ATTEMPT_TAKE):
        return None
    return schools.place_of_pupil(actor.person_id, at.astimezone(VIETNAM).date())


#: id, public id, title, subject, hue, class-subject, opens at, closes at, minutes, attempts allowed
_AssignmentRow = tuple[int, UUID, str, str, str, int, datetime, datetime, int | None, int]
#: assignment, submitted at, mark
_AttemptRow = tuple[int, datetime | None, int | None]


@compiled
def _set_to_class(school_class_id: int) -> QuerySet[Assignment, _AssignmentRow]:
    rows = Assignment.objects.filter(class_subject__school_class_id=school_class_id).order_by("id")
    return rows.values_list(
        "id", "public_id", "test__title", "class_subject__subject__name", "class_subject__subject__hue",
        "class_subject_id", "opens_at", "closes_at", "minutes", "attempts_allowed",
    )  # fmt: skip


@compiled
def _attempts(person_id: int, school_class_id: int) -> QuerySet[Attempt, _AttemptRow]:
    rows = Attempt.objects.filter(person_id=person_id, assignment__class_subject__school_class_id=school_class_id)
    return rows.order_by("number").values_list("assignment_id", "submitted_at", "mark")


def _due(row: _AssignmentRow, attempts: list[_AttemptRow]) -> DueTest:
    _id, public_id, title, subject, hue, class_subject_id, opens_at, closes_at, minutes, allowed = row
    return DueTest(
        public_id=public_id,
        title=title,
        subject=subject,
        hue=hue,
        class_subject_id=class_subject_id,
        opens_at=opens_at,
        closes_at=closes_at,
        minutes=minutes,
        attempts_left=allowed - len(attempts),
        is_running=any(submitted_at is None for _of, submitted_at, _mark in attempts),
        mark=max((mark for _of, _submitted_at, mark in attempts if mark is not None), default=None),
    )


def _best(attempts: list[Attempt]) -> int | None:
    return max((attempt.mark for attempt in attempts if attempt.mark is not None), default=None)


def _counts(assignment: Assignment) -> Counter[tuple[int, bool]]:
    # The oldest start bounds the partitions that are read.
    begun = Q(attempt__assignment=assignment, started_at__gte=assignment.opens_at)
    rows = Response.objects.filter(begun).exclude(answer="").values_list("attempt_id", "is_late")
    return Counter({(attempt, late): count for attempt, late, count in rows.annotate(count=Count("*"))})


def _result(
    enrolment_id: int, full_name: str, attempts: list[Attempt], counts: Counter[tuple[int, bool]]
) -> PupilResult:
    latest = attempts[-1] if attempts else None
    return PupilResult(
        enrolment_id=enrolment_id,
        full_name=full_name,
        attempts=len(attempts),
        started_at=latest.started_at if latest else None,
        submitted_at=latest.submitted_at if latest else None,
        was_closed_by_clock=latest is not None and latest.submitted_by == Attempt.Submitter.CLOCK,
        answered=counts[latest.id, False] if latest else 0,
        late=counts[latest.id, True] if latest else 0,
        mark=_best(attempts),
    )
