"""Drafts of a timetable, what a school asks of it, and a draft as a problem. For the office that makes it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.schools import queries as schools
from khue.schools.models import Room
from khue.timetable import labels
from khue.timetable.access import planned_at
from khue.timetable.models import (
    Bell,
    Draft,
    DraftLesson,
    DraftPart,
    SearchProgress,
    Slot,
    TimetableVersion,
    Wish,
    WishMember,
)
from khue.timetable.planning.blocks import Teaching, Wanted, wanted_blocks
from khue.timetable.planning.differences import Taught
from khue.timetable.planning.frame import ClassPart, Frame, Lesson, Names, When
from khue.timetable.planning.week import Planned, plan
from khue.timetable.planning.wishes import Asked
from khue.timetable.queries.bells import ways_of

USUAL_PERIODS = 5


def visible_drafts(actor: Actor) -> QuerySet[Draft]:
    """Drafts of the schools whose timetable the actor makes, the newest first. Page before use."""
    rows = Draft.objects.filter(planned_at(actor), discarded_at=None)
    return rows.select_related("term__school_year", "organisation", "job").order_by("-id")


def draft_of(actor: Actor, public_id: UUID) -> Draft:
    """Raises NotFound, also when it is another school's or thrown away."""
    return one(visible_drafts(actor), public_id=public_id)


def draft_numbered(actor: Actor, draft_id: int) -> Draft:
    """The draft with this key, for a job that was given the key. Raises NotFound."""
    return one(visible_drafts(actor), id=draft_id)


def lesson_of(draft: Draft, public_id: UUID) -> DraftLesson:
    """Raises NotFound."""
    return one(DraftLesson.objects.filter(draft=draft), public_id=public_id)


def visible_wishes(actor: Actor, on: date) -> QuerySet[Wish]:
    """Wishes that hold on that day or later, of the schools whose timetable the actor makes. Page before use."""
    rows = Wish.objects.filter(planned_at(actor), Q(ends_on=None) | Q(ends_on__gt=on))
    return rows.select_related("staff__person", "school_class", "subject").order_by("kind", "id")


def wish_of(actor: Actor, public_id: UUID) -> Wish:
    """Raises NotFound."""
    return one(Wish.objects.filter(planned_at(actor)), public_id=public_id)


def day_of(draft: Draft) -> date:
    """The day whose teaching and wishes the draft follows: today, within its term."""
    return min(max(clock.today(), draft.term.starts_on), draft.term.ends_on)


def asked_of(organisation_id: int, on: date) -> list[Asked]:
    """What the school asks of its timetable on that day. Two queries."""
    members: dict[int, list[int]] = defaultdict(list)
    rows = WishMember.objects.filter(organisation_id=organisation_id).order_by("id")
    for wish, class_subject in rows.values_list("wish_id", "class_subject_id"):
        members[wish].append(class_subject)
    in_force = Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gt=on))
    return [
        Asked(
            wish.kind,
            wish.title,
            wish.staff_id,
            wish.school_class_id,
            wish.subject_id,
            wish.grade,
            wish.room_kind,
            wish.weekday,
            wish.session,
            wish.period,
            wish.amount,
            wish.is_must,
            tuple(members[wish.id]),
        )
        for wish in Wish.objects.filter(in_force, organisation_id=organisation_id).order_by("id")
    ]


@dataclass(frozen=True, slots=True)
class Readiness:
    """What has to be placed, and what stands in the way.

    without_teacher  "Toán 6A" for each class-subject nobody teaches
    """

    wanted: Sequence[Wanted]
    without_teacher: Sequence[str]


def readiness(draft: Draft) -> Readiness:
    """The blocks of a week as teaching and wishes are on the draft's day. Four queries."""
    on = day_of(draft)
    rows = schools.teaching_of_year(draft.term.school_year, draft.term.number, on)
    teachings = [
        Teaching(row.class_subject_id, row.school_class_id, row.subject_id, row.grade, row.periods, row.teachers)
        for row in rows
    ]
    missing = [f"{row.subject} {row.class_name}" for row in rows if row.periods > 0 and not row.teachers]
    return Readiness(wanted_blocks(teachings, asked_of(draft.organisation_id, on)), missing)


def usual_periods(organisation_id: int) -> tuple[int, int]:
    """Periods of a morning and an afternoon by the bells of the school; five where it has set none. One query."""
    bells = list(Bell.objects.filter(organisation_id=organisation_id).values_list("session", "period"))
    last = {session: max((p for s, p in bells if s == session), default=0) for session in ("am", "pm")}
    return (last["am"], last["pm"]) if bells else (USUAL_PERIODS, USUAL_PERIODS)


def present_blocks(draft: Draft) -> dict[int, Wanted]:
    """The blocks a draft has, by key. One query."""
    parts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    durations = {}
    fields = ("lesson_id", "lesson__duration", "class_subject_id", "staff_id")
    for key, duration, class_subject, staff in DraftPart.objects.filter(lesson__draft=draft).values_list(*fields):
        parts[key].append((class_subject, staff))
        durations[key] = duration
    return {key: Wanted(tuple(sorted(found)), durations[key]) for key, found in parts.items()}


def frame_of(draft: Draft) -> Frame:
    """The week of a draft, in the reader's words. No query."""
    sessions = (("am", draft.morning_periods), ("pm", draft.afternoon_periods))
    names = [labels.period_name(session, period) for session, count in sessions for period in range(1, count + 1)]
    days = tuple(str(labels.WEEKDAYS[day]) for day in range(1, draft.last_weekday + 1))
    return Frame(days, draft.morning_periods, draft.afternoon_periods, tuple(names))


_PARTS = (
    "lesson_id", "lesson__public_id", "lesson__duration", "lesson__weekday", "lesson__session", "lesson__period",
    "lesson__is_locked", "class_subject_id", "class_subject__school_class_id", "class_subject__subject_id",
    "class_subject__subject__name", "class_subject__school_class__grade", "class_subject__school_class__campus_id",
    "staff_id", "class_subject__subject__hue", "class_subject__school_class__name", "staff__person__full_name",
    "class_subject__school_class__homeroom_teacher_id",
)  # fmt: skip


def planned(draft: Draft) -> Planned:
    """The draft as a problem, with where everything lies now. Four queries, six with several campuses."""
    found: dict[int, Lesson] = {}
    classes: dict[int, str] = {}
    staff: dict[int, str] = {}
    led: dict[int, int] = {}
    rows = DraftPart.objects.filter(lesson__draft=draft).order_by("lesson_id", "id").values_list(*_PARTS)
    for key, address, duration, weekday, session, period, is_locked, *part, class_name, teacher, leader in rows:
        one_part = ClassPart(*part)
        at = None if weekday is None else When(weekday, session, period)
        before = found[key].parts if key in found else ()
        found[key] = Lesson(key, duration, (*before, one_part), at, is_locked, str(address))
        classes[one_part.school_class], staff[one_part.staff] = class_name, teacher
        if leader is not None:
            led[leader] = one_part.school_class
    rooms: dict[tuple[str, int | None], int] = defaultdict(int)
    for room in schools.rooms_of(draft.organisation_id):
        rooms[room.kind, room.campus_id] += 1
    asked = asked_of(draft.organisation_id, day_of(draft))
    campuses = {part.campus for each in found.values() for part in each.parts}
    ways = ways_of(draft.organisation_id) if len(campuses) > 1 else {}
    return plan(draft.title, frame_of(draft), list(found.values()), asked, Names(classes, staff, led), rooms, ways)


def special_rooms(organisation_id: int) -> dict[tuple[str, int | None], list[Room]]:
    """The rooms of a school by kind and campus. One query."""
    found: dict[tuple[str, int | None], list[Room]] = defaultdict(list)
    for room in schools.rooms_of(organisation_id):
        found[room.kind, room.campus_id].append(room)
    return found


def latest_progress(draft: Draft) -> list[SearchProgress]:
    """What was seen of the draft's latest search, the newest first, at most twelve lines. One query."""
    rows = SearchProgress.objects.filter(draft=draft, job=draft.job) if draft.job else SearchProgress.objects.none()
    return list(rows.order_by("-seconds")[:12])


def version_before(organisation_id: int, day: date) -> TimetableVersion | None:
    """The version in force on the day before, None before the first. One query."""
    rows = TimetableVersion.objects.filter(organisation_id=organisation_id, valid_from__lt=day)
    return (
        rows.filter(Q(valid_to=None) | Q(valid_to__gte=day.fromordinal(day.toordinal() - 1)))
        .order_by("-valid_from")
        .first()
    )


def version_from(organisation_id: int, day: date) -> TimetableVersion | None:
    """The version that begins on that very day. One query."""
    return TimetableVersion.objects.filter(organisation_id=organisation_id, valid_from=day).first()


def has_versions(organisation_id: int) -> bool:
    """Whether a timetable was ever published. One query."""
    return TimetableVersion.objects.filter(organisation_id=organisation_id).exists()


_TAUGHT = (
    "weekday", "session", "period", "class_subject__school_class_id", "class_subject__school_class__name",
    "class_subject__subject__name", "staff_id", "staff__person__full_name", "room__name",
    "class_subject__school_class__grade",
)  # fmt: skip


def taught_in(version: TimetableVersion) -> list[Taught]:
    """The week of a version, to be compared. One query."""
    rows = Slot.objects.filter(version=version).order_by("weekday", "session", "period", "id").values_list(*_TAUGHT)
    return [
        Taught(weekday, session, period, class_id, class_name, subject, staff, teacher, room or "", grade)
        for weekday, session, period, class_id, class_name, subject, staff, teacher, room, grade in rows
    ]


def taught_by_plan(plan: Planned) -> list[Taught]:
    """The week a draft has now, to be compared. No query."""
    resources = plan.problem.resources
    return [
        Taught(
            lesson.at.weekday,
            lesson.at.session,
            lesson.at.period + more,
            part.school_class,
            resources[plan.classes[part.school_class]].name,
            part.subject_name,
            part.staff,
            resources[plan.teachers[part.staff]].name,
        )
        for lesson in plan.lessons
        if lesson.at is not None
        for part in lesson.parts
        for more in range(lesson.duration)
    ]
