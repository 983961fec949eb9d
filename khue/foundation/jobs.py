"""Long jobs: asked for in the transaction they follow from, run by the worker, watched and cancelled by people.

    jobs.define("schools.import_roster", _("Nhập danh sách lớp"), run_import)        # in the room's wiring
    job = jobs.start(actor=actor, kind="schools.import_roster", organisation_id=7, arguments={"import": 12}, at=now())

What `run_import` may do with the work it is given stands in work.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app as queue

from khue.foundation import audit
from khue.foundation.access import Permission
from khue.foundation.actor import Actor
from khue.foundation.errors import Refusal
from khue.foundation.models import Job, StoredFile
from khue.foundation.record import one

if TYPE_CHECKING:
    from khue.foundation.work import Work

Plain = str | int | bool | None
QUEUE = "khue"
TASK = "khue.run_job"

#: The purpose under which a job stores its report: files.store(..., purpose=jobs.REPORT).
REPORT = "foundation.report"


class JobIsOver(Refusal):
    code = "job_is_over"
    message = _("Việc này đã kết thúc nên không hủy được nữa.")


@dataclass(frozen=True, slots=True)
class JobKind:
    """What a kind of job is called and what it does."""

    name: str
    title: str | Promise
    run: "Callable[[Work], None]"


_kinds: dict[str, JobKind] = {}


def define(kind: str, title: str | Promise, run: "Callable[[Work], None]") -> None:
    """Make a kind of job known. Stands in the room's wiring.

    kind   "room.what_it_does", stored, never changed
    title  lazy translation: what a person reads in the list of jobs
    run    does the work; called outside any transaction, perhaps again after a killed worker (see Work)
    """
    made = JobKind(kind, title, run)
    if _kinds.setdefault(kind, made).run is not run:
        raise RuntimeError(f"job kind {kind!r} is defined twice")


def kind_of(name: str) -> JobKind:
    """The kind of this name; KeyError where its room is not installed."""
    return _kinds[name]


@transaction.atomic
def start(
    *,
    actor: Actor,
    kind: str,
    organisation_id: int | None,
    arguments: Mapping[str, Plain | list[int] | list[str]],
    at: datetime,
    title: str = "",
) -> Job:
    """Ask the worker for a job, in the caller's transaction: rolled back with it, begun after its commit.

    Called by an action that has already checked what the actor may do. The job acts as this account, with the rights it
    has when it runs; as the system where the actor is the system.
    title  what to call this one ("Nhập 6A1.xlsx"); otherwise the kind's title
    """
    job = Job.objects.create(
        organisation_id=organisation_id,
        account_id=actor.account_id,
        kind=kind,
        title=title or str(kind_of(kind).title),
        arguments=dict(arguments),
        created_at=at,
    )
    audit.record(actor, "job.started", job, kind=kind)
    queue.configure_task(TASK, queue=QUEUE, lock=f"job:{job.id}").defer(job_id=job.id)
    return job


@transaction.atomic
def cancel(*, actor: Actor, job: Job, at: datetime) -> Job:
    """Ask a job to stop: at once if it waits, at its next report of progress if it runs. What it committed stays.

    refuses  JobIsOver
    """
    job = one(visible_jobs(actor).select_for_update(of=("self",)), id=job.id)
    if job.is_over:
        raise JobIsOver
    job.cancel_asked_at = at
    if job.state == Job.State.WAITING:
        job.state = Job.State.CANCELLED
        job.finished_at = at
    job.save(update_fields=["cancel_asked_at", "state", "finished_at"])
    audit.record(actor, "job.cancelled", job)
    return job


def channel_of(job: Job) -> str:
    """The live channel on which the job tells how far it is."""
    return f"job.{job.public_id}"


def visible_jobs(actor: Actor) -> QuerySet[Job]:
    """Jobs this actor started, and those of organisations whose jobs it may see. Newest first; page before use."""
    if not actor.is_signed_in and not actor.is_system:
        return Job.objects.none()
    overseen = actor.organisations(Permission.JOB_READ)
    seen = Q() if overseen is None else Q(account_id=actor.account_id) | Q(organisation_id__in=overseen)
    return Job.objects.filter(seen).select_related("report_file").order_by("-id")


def job_of(actor: Actor, public_id: UUID) -> Job:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_jobs(actor), public_id=public_id)


def may_read_report(actor: Actor, file: StoredFile) -> bool:
    """A job's report is for whoever sees the job."""
    is_own = actor.is_signed_in and file.stored_by_id == actor.account_id
    return is_own or visible_jobs(actor).filter(report_file=file).exists()
