"""Making a timetable by hand: drafts and their lessons."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.schools.models import Term
from khue.timetable import labels, queries
from khue.timetable.access import Permission
from khue.timetable.actions.searching import refuse_while_searched
from khue.timetable.models import Draft, DraftLesson, DraftPart, Slot, TimetableVersion
from khue.timetable.planning.blocks import Wanted, changed
from khue.timetable.planning.frame import When
from khue.timetable.planning.trials import exchanged
from khue.timetable.solver.checker import violations


class NoSuchPeriod(Refusal):
    code = "no_such_period"
    message = gettext_lazy("Tuần học không có tiết này. Hãy chọn một tiết trong khung của bản nháp.")


class LessonLocked(Refusal):
    code = "lesson_locked"
    message = gettext_lazy("Tiết này đang được giữ chỗ. Hãy bỏ giữ chỗ trước khi dời.")


@transaction.atomic
def make_draft(
    *,
    actor: Actor,
    term: Term,
    title: str,
    last_weekday: int,
    periods: tuple[int, int],
    begins_with: TimetableVersion | None,
    at: datetime,
) -> Draft:
    """Begin a timetable for a term: a block for every period that is to be taught, none of them placed yet.

    periods      of a morning and of an afternoon
    begins_with  a version whose lessons are laid where they were, as far as they are still taught
    """
    require(actor, Permission.TIMETABLE_WRITE, within=term)
    draft = Draft.objects.create(
        organisation_id=term.organisation_id,
        term=term,
        title=title,
        last_weekday=last_weekday,
        morning_periods=periods[0],
        afternoon_periods=periods[1],
        made_at=at,
    )
    _add_blocks(draft, queries.readiness(draft).wanted)
    if begins_with is not None:
        _lay_as_in(draft, begins_with)
    audit.record(actor, "timetable_draft.made", draft, title=title)
    return draft


@transaction.atomic
def renew_draft(*, actor: Actor, draft: Draft) -> int:
    """Bring the blocks of a draft in line with teaching and wishes as they are now. Returns how many came or went.

    refuses  AlreadySearching
    """
    require(actor, Permission.TIMETABLE_WRITE, within=draft)
    refuse_while_searched(draft)
    change = changed(queries.present_blocks(draft), queries.readiness(draft).wanted)
    DraftPart.objects.filter(lesson_id__in=change.gone).delete()
    DraftLesson.objects.filter(id__in=change.gone).delete()
    _add_blocks(draft, change.new)
    audit.record(actor, "timetable_draft.renewed", draft, gone=len(change.gone), new=len(change.new))
    return len(change.gone) + len(change.new)


@transaction.atomic
def discard_draft(*, actor: Actor, draft: Draft, at: datetime) -> None:
    """Throw a draft away; what was published from it stays."""
    require(actor, Permission.TIMETABLE_WRITE, within=draft)
    Draft.objects.filter(id=draft.id).update(discarded_at=at)
    audit.record(actor, "timetable_draft.discarded", draft)


@transaction.atomic
def move_lesson(*, actor: Actor, draft: Draft, lesson: DraftLesson, to: When | None) -> None:
    """Lay a lesson somewhere else, or take it out of the week. A lesson of the class that lies there changes places.

    Conflicts are allowed here, so that one can untangle them; they are refused when the draft is published.
    refuses  NoSuchPeriod; LessonLocked; AlreadySearching
    """
    require(actor, Permission.TIMETABLE_WRITE, within=draft)
    refuse_while_searched(draft)
    plan = queries.planned(draft)
    number = next(place for place, each in enumerate(plan.lessons) if each.key == lesson.id)
    mine = plan.lessons[number]
    if mine.is_locked:
        raise LessonLocked
    if to is not None and plan.frame.time(to) not in set(plan.frame.grid.starts(mine.duration)):
        raise NoSuchPeriod
    other = None if to is None else exchanged(plan, number, to)
    if other is not None:
        _lay(plan.lessons[other].key, mine.at)
    _lay(lesson.id, to)
    plan = queries.planned(draft)
    found = violations(plan.problem, plan.starts)
    hard = sum(each.is_hard for each in found)
    Draft.objects.filter(id=draft.id).update(conflicts=hard, wishes=len(found) - hard)
    audit.record(actor, "timetable_lesson.moved", lesson, to=labels.key_of(to) if to else "")


@transaction.atomic
def lock_lesson(*, actor: Actor, draft: Draft, lesson: DraftLesson, is_locked: bool) -> None:
    """Keep a lesson where it is, whatever the search does; or let it go."""
    require(actor, Permission.TIMETABLE_WRITE, within=draft)
    DraftLesson.objects.filter(id=lesson.id).update(is_locked=is_locked)
    audit.record(actor, "timetable_lesson.locked" if is_locked else "timetable_lesson.unlocked", lesson)


def _add_blocks(draft: Draft, wanted: Sequence[Wanted]) -> None:
    mine = {"organisation_id": draft.organisation_id}
    lessons = DraftLesson.objects.bulk_create(
        [DraftLesson(**mine, draft=draft, duration=block.duration) for block in wanted], batch_size=1000
    )
    DraftPart.objects.bulk_create(
        [
            DraftPart(**mine, lesson=lesson, class_subject_id=class_subject, staff_id=staff)
            for lesson, block in zip(lessons, wanted, strict=True)
            for class_subject, staff in block.parts
        ],
        batch_size=1000,
    )


def _lay(key: int, to: When | None) -> None:
    where = (to.weekday, to.session, to.period) if to else (None, "", None)
    DraftLesson.objects.filter(id=key).update(**dict(zip(("weekday", "session", "period"), where, strict=True)))


def _lay_as_in(draft: Draft, version: TimetableVersion) -> None:
    """Single periods where they were; a pair where two of the same lay on end."""
    free: dict[tuple[int, int], list[When]] = defaultdict(list)
    rows = Slot.objects.filter(version=version).order_by("weekday", "session", "period")
    for class_subject, staff, weekday, session, period in rows.values_list(
        "class_subject_id", "staff_id", "weekday", "session", "period"
    ):
        free[class_subject, staff].append(When(weekday, session, period))
    frame = queries.frame_of(draft)
    blocks = sorted(queries.present_blocks(draft).items(), key=lambda each: (-each[1].duration, each[0]))
    lessons = {each.id: each for each in DraftLesson.objects.filter(draft=draft)}
    for key, block in blocks:
        places = [place for place in free[block.parts[0]] if frame.has(place)]
        at = next((place for place in places if _run(place, block.duration) <= set(places)), None)
        if at is not None:
            for part in block.parts:
                free[part] = [place for place in free[part] if place not in _run(at, block.duration)]
            lesson = lessons[key]
            lesson.weekday, lesson.session, lesson.period = at.weekday, at.session, at.period
    DraftLesson.objects.bulk_update(lessons.values(), ["weekday", "session", "period"], batch_size=1000)


def _run(first: When, duration: int) -> set[When]:
    return {When(first.weekday, first.session, first.period + more) for more in range(duration)}
