"""Files of the program FET: brought, searched, thrown away."""

from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.foundation import audit, files, jobs
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.models import Job, StoredFile
from khue.timetable.access import Permission
from khue.timetable.actions.searching import LONGEST_SECONDS, AlreadySearching
from khue.timetable.models import FetFile, FetUnread
from khue.timetable.solver import fet
from khue.timetable.solver.problem import Kind

BROUGHT, ANSWER = "timetable.fet", "timetable.fet_answer"
SEARCH_FET_JOB = "timetable.search_fet"
LARGEST_FET = 16_000_000
LONGEST_TITLE = 200


class NotFetFile(Refusal):
    code = "not_fet_file"
    message = gettext_lazy("Hãy chọn một tệp .fet do phần mềm FET lưu.")
    field = "file"


@transaction.atomic
def bring_fet_file(*, actor: Actor, organisation_id: int, file: StoredFile, at: datetime) -> FetFile:
    """Take in a .fet file: what it holds, and every kind of constraint in it that the program does not know.

    refuses  fet.UnreadableFet, saying where
    """
    require(actor, Permission.TIMETABLE_WRITE, within=organisation_id)
    with files.open_file(file) as stream:
        reading = fet.read(stream.read())
    problem = reading.problem
    kinds = [resource.kind for resource in problem.resources]
    made = FetFile.objects.create(
        organisation_id=organisation_id,
        file=file,
        title=(problem.name or file.name)[:LONGEST_TITLE],
        days=len(problem.grid.days),
        periods=len(problem.grid.periods),
        activities=len(problem.blocks),
        teachers=kinds.count(Kind.TEACHER),
        classes=kinds.count(Kind.CLASS),
        rules=len(problem.rules),
        brought_at=at,
    )
    FetUnread.objects.bulk_create(
        FetUnread(organisation_id=organisation_id, fet_file=made, kind=each.kind, count=each.count)
        for each in reading.unread
    )
    audit.record(actor, "fet_file.brought", made, file=file.name, unread=len(reading.unread))
    return made


@transaction.atomic
def search_fet(*, actor: Actor, fet_file: FetFile, seed: int, seconds: int, at: datetime) -> Job:
    """Ask the worker for a week of the file.

    refuses  AlreadySearching
    """
    require(actor, Permission.TIMETABLE_WRITE, within=fet_file)
    found = FetFile.objects.select_for_update(of=("self",)).select_related("job").get(id=fet_file.id)
    if found.job is not None and not found.job.is_over:
        raise AlreadySearching
    found.job = jobs.start(
        actor=actor,
        kind=SEARCH_FET_JOB,
        organisation_id=found.organisation_id,
        arguments={"fet_file": found.id, "seed": seed, "seconds": min(seconds, LONGEST_SECONDS)},
        at=at,
        title=_("Xếp tệp FET: %(title)s") % {"title": found.title},
    )
    found.save(update_fields=["job"])
    audit.record(actor, "fet_file.search_begun", found, seed=seed)
    return found.job


@transaction.atomic
def keep_fet_answer(
    *, actor: Actor, fet_file: FetFile, workbook: BinaryIO, conflicts: int, wishes: int, at: datetime
) -> None:
    """Keep the week that was found as a workbook, in the place of the one before."""
    require(actor, Permission.TIMETABLE_WRITE, within=fet_file)
    answer = files.store(
        actor=actor,
        stream=workbook,
        name=f"{fet_file.file.name.removesuffix('.fet')}.xlsx",
        purpose=ANSWER,
        organisation_id=fet_file.organisation_id,
        at=at,
    )
    FetFile.objects.filter(id=fet_file.id).update(answer=answer, conflicts=conflicts, wishes=wishes)
    audit.record(actor, "fet_file.placed", fet_file, conflicts=conflicts, wishes=wishes)


@transaction.atomic
def discard_fet_file(*, actor: Actor, fet_file: FetFile, at: datetime) -> None:
    """Take a file off the list."""
    require(actor, Permission.TIMETABLE_WRITE, within=fet_file)
    FetFile.objects.filter(id=fet_file.id).update(discarded_at=at)
    audit.record(actor, "fet_file.discarded", fet_file)
