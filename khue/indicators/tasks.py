"""What makes a school be counted again, and the clock that counts it: at once, and from the lake by night."""

import subprocess
import sys
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from khue.assessment.events import AttemptSubmitted
from khue.attendance.events import RollTaken
from khue.exchange.events import RecordsReceived, SchoolTakenBack
from khue.foundation import clock, haste, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.events import Event
from khue.foundation.work import Work
from khue.identity import queries as identity
from khue.identity.models import Role
from khue.indicators import actions, queries
from khue.indicators.events import AssessmentJudged, ReportSent
from khue.indicators.models import AskedReport, PeriodReport, SchoolAssessment
from khue.learning.events import LessonCompleted
from khue.messaging import actions as messaging
from khue.messaging.actions import Note
from khue.registry import queries as registry
from khue.registry.events import OrganisationMoved
from khue.schools.events import RosterImported

#: Names of chores that do not wait for their time: figures are taken, and reported on.
TAKE, REPORT = "indicators.take_figures", "exchange.report"
#: How often the clock looks whether a night has begun for which the lake has not been filled.
LAKE_SECONDS = 600


def tell_asked_schools(work: Work) -> None:
    """Tell head and clerk of each school what their office asks, or, a reminder, those that have not sent it.

    A hundred schools a step: whoever goes on after a killed worker begins with the first that were not told.
    """
    reminder = work.arguments["reminder"]
    after, done = work.position or (0, 0)
    with work.step():
        asked = queries.asked_of(work.actor, UUID(work.arguments["asked"]))
    while True:
        with work.step(), scope.raised(SYSTEM):  # the schools stand below the office
            rows = queries.asked_schools(asked.round, after=after, is_waiting=bool(reminder))
            if not rows:
                break
            _tell_asked(rows, reminder)
            after, done = work.position = rows[-1].id, done + len(rows)
        work.progress(done=done, total=work.arguments["schools"])
    work.finish(
        summary=_("Đã báo %(count)s trường: %(title)s.") % {"count": done, "title": asked.title},
        result_url=reverse("indicators:asked_round", args=[asked.public_id]),
    )


def _tell_asked(rows: Sequence[AskedReport], reminder: str) -> None:
    people = identity.people_holding([Role.HEAD, Role.CLERK], [row.organisation_id for row in rows], on=clock.today())
    for row in rows:
        if row.organisation_id in people:
            messaging.notify(
                actor=SYSTEM, organisation_id=row.organisation_id, note=_asked(row, reminder),
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


def tell_judged(event: AssessmentJudged) -> None:
    """Tell the head what the department found of the school's assessment."""
    found = queries.assessment_with(event.assessment_id)
    subject, body = _judged(found, event.state)
    heads = identity.people_holding([Role.HEAD], [found.organisation_id], on=clock.today())
    messaging.notify(
        actor=SYSTEM, organisation_id=found.organisation_id, at=clock.now(),
        recipients=heads.get(found.organisation_id, []),
        note=Note(
            kind="work", key=f"school_index:{found.id}:{event.state}:{found.submitted_at}", subject=subject, body=body,
            link=reverse("indicators:assessment", args=[found.public_id]),
        ),
    )  # fmt: skip


def _judged(found: SchoolAssessment, state: str) -> tuple[str, str]:
    if state == SchoolAssessment.State.RETURNED:
        return _("Sở trả lại bản tự đánh giá chuyển đổi số"), found.reason
    said = {"level": found.level, "decision": found.decision}
    body = _("Mức %(level)s, theo %(decision)s.") % said
    if state == SchoolAssessment.State.PUBLISHED:
        return _("Sở đã công bố mức chuyển đổi số của trường"), body
    return _("Sở đã công nhận mức chuyển đổi số của trường"), body


def sum_up(event: ReportSent) -> None:
    """Sum up anew at every office above who sent."""
    if event.organisation_id is not None:
        with scope.raised(SYSTEM):
            above = registry.organisation_with(event.organisation_id).parent_id
            if above is not None:
                _sum_up(above, event.school_year, event.period)


def sum_moved(event: OrganisationMoved) -> None:
    """What a body and those below it sent this year counts where it stands now."""
    with scope.raised(SYSTEM):
        for office in filter(None, (event.from_parent_id, event.to_parent_id)):
            for period in PeriodReport.Period.values:
                _sum_up(office, queries.school_year_of(clock.today()), period)


def _sum_up(office_id: int, school_year: str, period: str) -> None:
    actions.sum_up(actor=SYSTEM, office_id=office_id, school_year=school_year, period=period, at=clock.now())


def note_roll(event: RollTaken) -> None:
    """A lesson was held: A5, A6."""
    _note(event)


def note_lesson(event: LessonCompleted) -> None:
    """A pupil learnt online: A2."""
    _note(event)


def note_attempt(event: AttemptSubmitted) -> None:
    """A pupil took a test online: A2."""
    _note(event)


def note_roster(event: RosterImported) -> None:
    """A list came in: how many there are, and who has a number of the sector database, B2."""
    _note(event)


def _note(event: Event) -> None:
    if event.organisation_id is not None:
        actions.mark_stale(actor=SYSTEM, organisation_id=event.organisation_id, at=clock.now())


def count_stale_schools() -> int:
    """Count every school where something happened, each in a transaction of its own. Returns how many."""
    counted = 0
    while True:
        with scope.of(SYSTEM):
            school = actions.count_stale_school(actor=SYSTEM, at=clock.now())
            if school is None:
                return counted
            if actions.report_school(actor=SYSTEM, organisation_id=school, at=clock.now()):
                haste.soon(REPORT)
        counted += 1


def note_received(event: RecordsReceived) -> None:
    """A node below reported figures: they are taken at the clock's next turn."""
    if event.figures:
        haste.soon(TAKE)


def note_taken_back(event: SchoolTakenBack) -> None:
    """A school's rows are kept here again: they are counted, and its node's figures are no more."""
    if event.organisation_id is not None:
        actions.count_here_again(actor=SYSTEM, organisation_id=event.organisation_id, at=clock.now())


def take_figures() -> int:
    """Take what nodes below reported, a few thousand figures a transaction, and report on. Returns how many."""
    count = 0
    while True:
        with scope.of(SYSTEM):
            taken = actions.take_figures(actor=SYSTEM, at=clock.now())
        if not taken:
            return count
        count += taken


def fill_lake() -> bool:
    """Once a night (KHUE_NIGHT): let the facts flow and count the month. Returns whether it was done.

    In a process of its own that ends: the libraries take 150 MB that no worker shall keep.
    """
    now = clock.now().astimezone(clock.VIETNAM)
    with scope.of(SYSTEM):
        last = queries.lake_filled_at()
    if now.hour not in settings.NIGHT or (last is not None and last.astimezone(clock.VIETNAM).date() == now.date()):
        return False
    subprocess.run([sys.executable, "-m", "khue.cli", "lake"], check=True)
    return True
