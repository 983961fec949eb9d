"""A draft comes into force: what stands against it, and who is told what changes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.foundation import audit, jobs
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Refusal
from khue.messaging import actions as messaging
from khue.messaging.actions import Note
from khue.registry import queries as registry
from khue.schools import queries as schools
from khue.timetable import labels, queries
from khue.timetable.access import Permission
from khue.timetable.actions.searching import refuse_while_searched
from khue.timetable.actions.versions import PlannedLesson, publish_timetable
from khue.timetable.models import Draft, DraftPart, TimetableVersion
from khue.timetable.planning.differences import Difference, Differences, differences
from khue.timetable.planning.rooms import Needs, rooms_for
from khue.timetable.planning.week import Planned
from khue.timetable.planning.wishes import room_kind_of
from khue.timetable.solver.checker import violations
from khue.timetable.solver.words import sentence

TELL_JOB = "timetable.tell_changes"
#: A message lists so many changes at most, then says where the whole week is.
MOST_TOLD = 12


class BeginsInThePast(Refusal):
    code = "begins_in_the_past"
    message = gettext_lazy("Thời khoá biểu áp dụng từ hôm nay trở đi; những buổi đã dạy giữ như đã dạy.")
    field = "valid_from"


class DraftNotReady(Refusal):
    code = "draft_not_ready"
    message = gettext_lazy("Chưa công bố được: còn %(count)s chỗ sai. Chỗ đầu tiên: %(first)s Hãy sửa rồi công bố lại.")


@transaction.atomic
def publish_draft(*, actor: Actor, draft: Draft, title: str, valid_from: date, at: datetime) -> TimetableVersion:
    """Put a draft into force from a day on, and tell those whose week changes, once.

    refuses  DraftNotReady while the checker finds a broken duty; BeginsInThePast; AlreadySearching; what
             publish_timetable refuses
    """
    require(actor, Permission.TIMETABLE_WRITE, within=draft)
    refuse_while_searched(draft)
    plan = queries.planned(draft)
    broken = [each for each in violations(plan.problem, plan.starts) if each.is_hard]
    if broken:
        raise DraftNotReady(count=len(broken), first=sentence(plan.problem, broken[0]))
    if valid_from < at.astimezone(VIETNAM).date() and queries.has_versions(draft.organisation_id):
        raise BeginsInThePast
    said_before = _said_of(draft.organisation_id, valid_from)
    version = publish_timetable(
        actor=actor, term=draft.term, title=title, valid_from=valid_from, lessons=_as_lessons(draft, plan), at=at
    )
    Draft.objects.filter(id=draft.id).update(version=version, conflicts=0)
    jobs.start(
        actor=actor,
        kind=TELL_JOB,
        organisation_id=draft.organisation_id,
        arguments={"version": version.id, "said_before": said_before},
        at=at,
    )
    audit.record(actor, "timetable_draft.published", draft, version=version.id)
    return version


def _said_of(organisation_id: int, valid_from: date) -> list[str]:
    """Who has been told of a version that begins that day and will be replaced: "class:5", "staff:8"."""
    told = queries.version_from(organisation_id, valid_from)
    if told is None:
        return []
    found = _differences(told)
    return [f"class:{key}" for key in found.classes] + [f"staff:{key}" for key in found.teachers]


def _differences(version: TimetableVersion) -> Differences:
    before = queries.version_before(version.organisation_id, version.valid_from)
    return differences(queries.taught_in(before) if before else (), queries.taught_in(version))


@transaction.atomic
def tell_changes(*, actor: Actor, version: TimetableVersion, at: datetime, said_before: Sequence[str] = ()) -> int:
    """Tell every teacher, pupil and guardian whose week a version changes what changes. Telling again tells nobody.

    said_before  who was told of what this version replaced: whoever's week is as it was after all hears that too
    Returns how many classes and teachers it concerns. Cost: some queries for each of them; meant for a job.
    """
    require(actor, Permission.TIMETABLE_WRITE, within=version)
    found = _differences(version)
    as_before: list[Difference] = []
    classes = {**{int(each[6:]): as_before for each in said_before if each.startswith("class:")}, **found.classes}
    teachers = {**{int(each[6:]): as_before for each in said_before if each.startswith("staff:")}, **found.teachers}
    day = f"{version.valid_from:%d/%m/%Y}"
    people = {each.id: each.person_id for each in schools.staff_at(version.organisation_id, version.valid_from)}
    for key, changes in classes.items():
        members = {"pupils": "schools.class_pupils", "guardians": "schools.class_guardians"}
        told = {
            each
            for kind in members.values()
            for each in registry.people_of_audience(kind, version.organisation_id, str(key))
        }
        _tell(actor, version, f"class:{key}", sorted(told), day, changes, at)
    for key, changes in teachers.items():
        if key in people:
            _tell(actor, version, f"staff:{key}", [people[key]], day, changes, at)
    audit.record(actor, "timetable.changes_told", version, classes=len(classes), teachers=len(teachers))
    return len(classes) + len(teachers)


def _tell(
    actor: Actor,
    version: TimetableVersion,
    whom: str,
    people: Sequence[int],
    day: str,
    changes: Sequence[Difference],
    at: datetime,
) -> None:
    empty = _("trống")
    lines = [
        f"{labels.said(each.when)}: {each.before or empty} → {each.after or empty}" for each in changes[:MOST_TOLD]
    ]
    if len(changes) > MOST_TOLD:
        lines.append(_("… và %(count)s tiết khác.") % {"count": len(changes) - MOST_TOLD})
    if not changes:
        lines = [_("Tuần này vẫn như thời khoá biểu trước. Tin đã báo về thay đổi không còn đúng.")]
    note = Note(
        kind="timetable.changed",
        key=f"timetable.changed:{version.public_id}:{whom}",
        subject=_("Thời khoá biểu mới từ ngày %(day)s") % {"day": day},
        body="\n".join(lines),
        link=f"{reverse('timetable:week')}?week={version.valid_from.isoformat()}",
        caused_by_id=actor.account_id,
    )
    messaging.notify(actor=actor, organisation_id=version.organisation_id, note=note, recipients=people, at=at)


def _as_lessons(draft: Draft, plan: Planned) -> list[PlannedLesson]:
    rooms = queries.special_rooms(draft.organisation_id)
    by_id = {room.id: room for found in rooms.values() for room in found}
    given = _given_rooms(draft, plan, {place: [room.id for room in found] for place, found in rooms.items()})
    parts = DraftPart.objects.filter(lesson__draft=draft).select_related("class_subject", "staff", "lesson")
    return [
        PlannedLesson(
            part.class_subject,
            part.staff,
            part.lesson.weekday or 0,
            part.lesson.session,
            (part.lesson.period or 0) + more,
            by_id.get(given.get((part.lesson_id, part.class_subject_id), 0)),
        )
        for part in parts.order_by("lesson_id", "id")
        for more in range(part.lesson.duration)
    ]


def _given_rooms(
    draft: Draft, plan: Planned, rooms: Mapping[tuple[str, int | None], Sequence[int]]
) -> dict[tuple[int, int], int]:
    """The special room by lesson and class-subject: what runs together has a room each."""
    asked = queries.asked_of(draft.organisation_id, queries.day_of(draft))
    parts = [(lesson, part) for lesson in plan.lessons if lesson.at is not None for part in lesson.parts]
    needs = []
    for number, (lesson, part) in enumerate(parts):
        kind = room_kind_of(asked, part.subject, part.grade)
        if kind and lesson.at is not None:
            start = plan.frame.time(lesson.at)
            needs.append(Needs(number, kind, part.campus, start, start + lesson.duration))
    keys = [(lesson.key, part.class_subject) for lesson, part in parts]
    return {keys[number]: room for number, room in rooms_for(needs, rooms).items()}
