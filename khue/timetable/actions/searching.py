"""Letting the program search for a timetable, and taking what it found."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, jobs
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.models import Job
from khue.timetable.access import Permission
from khue.timetable.models import Draft, DraftLesson, SearchProgress
from khue.timetable.planning.frame import When

JOB = "timetable.search"
LONGEST_SECONDS = 600


class AlreadySearching(Refusal):
    code = "already_searching"
    message = _("Bản nháp này đang được xếp. Hãy dừng lần xếp đang chạy hoặc chờ nó xong.")


def refuse_while_searched(draft: Draft) -> Draft:
    """The draft, held until the commit. While it is searched nobody moves its lessons: the answer would cover that."""
    held = Draft.objects.select_for_update(of=("self",)).select_related("job").get(id=draft.id)
    if held.job is not None and not held.job.is_over:
        raise AlreadySearching
    return held


@transaction.atomic
def search_draft(*, actor: Actor, draft: Draft, seed: int, seconds: int, keeps: bool, at: datetime) -> Job:
    """Ask the worker to place the lessons of a draft; locked ones stay where they are.

    seconds  at most so long, up to ten minutes
    keeps    begin with the draft as it lies and move as little as possible
    refuses  AlreadySearching
    """
    require(actor, Permission.TIMETABLE_WRITE, within=draft)
    draft = refuse_while_searched(draft)
    arguments = {"draft": draft.id, "seed": seed, "seconds": min(seconds, LONGEST_SECONDS), "keeps": keeps}
    title = str(_("Xếp thời khoá biểu: %(title)s")) % {"title": draft.title}
    draft.job = jobs.start(
        actor=actor, kind=JOB, organisation_id=draft.organisation_id, arguments=arguments, at=at, title=title
    )
    draft.reasons = ""
    draft.save(update_fields=["job", "reasons"])
    audit.record(actor, "timetable_draft.search_begun", draft, seed=seed, keeps=keeps)
    return draft.job


@transaction.atomic
def note_progress(*, actor: Actor, draft: Draft, job: Job, seconds: int, conflicts: int, wishes: int) -> None:
    """Write how far a search is; a second tells once."""
    require(actor, Permission.TIMETABLE_WRITE, within=draft)
    SearchProgress.objects.update_or_create(
        job=job,
        seconds=seconds,
        defaults={
            "organisation_id": draft.organisation_id,
            "draft": draft,
            "conflicts": conflicts,
            "wishes": wishes,
        },
    )


@transaction.atomic
def take_answer(
    *,
    actor: Actor,
    draft: Draft,
    places: Mapping[int, When | None],
    conflicts: int,
    wishes: int,
    reasons: Sequence[str] = (),
) -> None:
    """Lay the lessons of a draft where a search put them; those that somebody locked meanwhile stay.

    places   by key of the lesson, None for one that has no place
    reasons  why not everything has its place, a sentence each
    """
    require(actor, Permission.TIMETABLE_WRITE, within=draft)
    lessons = list(DraftLesson.objects.select_for_update().filter(draft=draft, is_locked=False, id__in=places))
    for lesson in lessons:
        at = places[lesson.id]
        lesson.weekday, lesson.session, lesson.period = (at.weekday, at.session, at.period) if at else (None, "", None)
    DraftLesson.objects.bulk_update(lessons, ["weekday", "session", "period"], batch_size=1000)
    Draft.objects.filter(id=draft.id).update(conflicts=conflicts, wishes=wishes, reasons="\n".join(reasons))
    audit.record(actor, "timetable_draft.placed", draft, conflicts=conflicts, wishes=wishes, lessons=len(lessons))
