"""What makes a school be counted again, and the clock that counts it: at once, and from the lake by night."""

import subprocess
import sys

from django.urls import reverse
from django.utils.translation import gettext as _

from khue.assessment.events import AttemptSubmitted
from khue.attendance.events import RollTaken
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.events import Event
from khue.identity import queries as identity
from khue.identity.models import Role
from khue.indicators import actions, queries
from khue.indicators.events import SchoolsAsked
from khue.indicators.models import AskedReport
from khue.learning.events import LessonCompleted
from khue.messaging import actions as messaging
from khue.messaging.actions import Note

#: How often the clock looks whether a night has begun for which the lake has not been filled.
LAKE_SECONDS = 600
#: From this hour in Vietnam on the lake is filled, when nobody waits for the processors.
NIGHT = range(1, 5)


def tell_asked_schools(event: SchoolsAsked) -> None:
    """Tell head and clerk of each school what their office asks, or, a reminder, those that have not sent it."""
    with scope.raised(SYSTEM):  # the event is the office's, its schools stand below
        rows = queries.asked_schools(event.round, is_waiting=bool(event.reminder))
        places = [row.organisation_id for row in rows]
        people = identity.people_holding([Role.HEAD, Role.CLERK], places, on=clock.today())
        for row in rows:
            if row.organisation_id in people:
                messaging.notify(
                    actor=SYSTEM, organisation_id=row.organisation_id, note=_asked(row, event.reminder),
                    recipients=people[row.organisation_id], at=clock.now(),
                )  # fmt: skip


def _asked(row: AskedReport, reminder: str) -> Note:
    said = {"office": row.office.name, "title": row.title, "day": f"{row.due_on:%d/%m/%Y}"}
    subject = _("Nhắc gửi báo cáo: %(title)s, hạn %(day)s") if reminder else _("Cần báo cáo: %(title)s, hạn %(day)s")
    return Note(
        kind="work", key=f"asked:{row.public_id}:{reminder}", subject=subject % said,
        body=row.words or _("%(office)s yêu cầu nhà trường báo cáo.") % said,
        link=reverse("indicators:answer_asked", args=[row.public_id]),
    )  # fmt: skip


def note_roll(event: RollTaken) -> None:
    """A lesson was held: A5, A6."""
    _note(event)


def note_lesson(event: LessonCompleted) -> None:
    """A pupil learnt online: A2."""
    _note(event)


def note_attempt(event: AttemptSubmitted) -> None:
    """A pupil took a test online: A2."""
    _note(event)


def _note(event: Event) -> None:
    if event.organisation_id is not None:
        actions.mark_stale(actor=SYSTEM, organisation_id=event.organisation_id, at=clock.now())


def count_stale_schools() -> int:
    """Count every school where something happened, each in a transaction of its own. Returns how many."""
    counted = 0
    while True:
        with scope.of(SYSTEM):
            if actions.count_stale_school(actor=SYSTEM, at=clock.now()) is None:
                return counted
        counted += 1


def fill_lake() -> bool:
    """Once a night: let the facts flow and count the month. Returns whether it was done.

    In a process of its own that ends: the libraries take 150 MB that no worker shall keep.
    """
    now = clock.now().astimezone(clock.VIETNAM)
    with scope.of(SYSTEM):
        last = queries.lake_filled_at()
    if now.hour not in NIGHT or (last is not None and last.astimezone(clock.VIETNAM).date() == now.date()):
        return False
    subprocess.run([sys.executable, "-m", "khue.cli", "lake"], check=True)
    return True
