"""Tasks: given, done, withdrawn."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import SYSTEM, Actor, require
from khue.foundation.text import nfc
from khue.messaging import actions as messaging
from khue.registry.queries import Colleague
from khue.workspace.access import Permission
from khue.workspace.models import Document, Meeting, Task
from khue.workspace.queries.people import colleague
from khue.workspace.refusals import AlreadyDone, DueInThePast


@transaction.atomic
def give_task(
    *,
    actor: Actor,
    organisation_id: int,
    to: Colleague,
    title: str,
    origin: str,
    due_on: date,
    on: date,
    at: datetime,
    document: Document | None = None,
) -> Task:
    """Ask one of the staff to do something by a day; who gets it is told.

    origin   where it comes from: minutes, a meeting
    on       today
    refuses  DueInThePast, NotOfTheStaff
    """
    require(actor, Permission.DECIDE, within=organisation_id)
    if due_on < on:
        raise DueInThePast
    assignee = colleague(organisation_id, to.public_id)
    asked = Asked(title, origin, due_on, assignee.person_id)
    return put_down(actor, organisation_id, asked, at, document=document)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of whom: a person's id."""

    title: str
    origin: str
    due_on: date
    of: int


def put_down(
    actor: Actor,
    organisation_id: int,
    asked: Asked,
    at: datetime,
    *,
    document: Document | None = None,
    meeting: Meeting | None = None,
) -> Task:
    """Write a task and tell whoever got it. For actions that have checked who may give it."""
    made = Task.objects.create(
        organisation_id=organisation_id, title=nfc(asked.title), origin=nfc(asked.origin), document=document,
        meeting=meeting, assignee_id=asked.of, given_by_id=actor.person_id, due_on=asked.due_on, given_at=at,
    )  # fmt: skip
    audit.record(actor, "task.given", made, title=asked.title, to=asked.of, due_on=asked.due_on)
    note = messaging.Note(
        kind="work", key=f"task:{made.id}", subject=made.title, body=made.origin, link="/work/tasks/",
        caused_by_id=actor.account_id,
    )  # fmt: skip
    messaging.notify(actor=SYSTEM, organisation_id=organisation_id, note=note, recipients=[asked.of], at=at)
    return made


@transaction.atomic
def finish_task(*, actor: Actor, task: Task, result: str, at: datetime) -> None:
    """Say that a task is done: by whoever it was given to, or by those who give tasks. Refuses AlreadyDone."""
    if task.assignee_id != actor.person_id:
        require(actor, Permission.DECIDE, within=task)
    found = _open(task)
    found.done_at, found.result = at, nfc(result)
    found.save(update_fields=["done_at", "result"])
    audit.record(actor, "task.finished", found, result=result)


@transaction.atomic
def withdraw_task(*, actor: Actor, task: Task, at: datetime) -> None:
    """Ask for a task no longer. Refuses AlreadyDone."""
    require(actor, Permission.DECIDE, within=task)
    found = _open(task)
    found.withdrawn_at = at
    found.save(update_fields=["withdrawn_at"])
    audit.record(actor, "task.withdrawn", found)


def _open(task: Task) -> Task:
    found = Task.objects.select_for_update().get(id=task.id)
    if found.done_at or found.withdrawn_at:
        raise AlreadyDone
    return found
