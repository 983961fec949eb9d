"""The jobs of the timetable room, and what it does when one of the staff is away."""

import tempfile
from dataclasses import replace

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from khue.foundation import clock, files, spreadsheets
from khue.foundation.actor import SYSTEM
from khue.foundation.work import Cancelled, Work
from khue.schools import queries as schools
from khue.timetable import actions, queries
from khue.timetable.models import Absence, Draft
from khue.timetable.planning.alone import alone, in_trouble, shortage
from khue.timetable.planning.fet_tables import fet_tables
from khue.timetable.planning.reasons import plain_reasons
from khue.timetable.planning.week import Planned
from khue.timetable.solver import fet
from khue.timetable.solver.checker import violations
from khue.timetable.solver.problem import Kind, Timetable
from khue.timetable.solver.progress import Progress
from khue.timetable.solver.search import Answer, solve, solve_again
from khue.workspace.events import StaffLeaveGranted, StaffLeaveWithdrawn

#: After which a contradiction is not made any smaller: what is named then is true, and may be longer than needed.
SECONDS_FOR_REASONS = 30.0
#: Mending that leaves conflicts is not laid down where it would move more than a tenth of the lessons.
MOST_MOVED = 10
#: No search finds room that counting says is not there: it lays what fits, and soon says what is missing.
SECONDS_WHEN_SHORT = 5


def search(work: Work) -> None:
    """Search for a timetable, tell every second how far it is, and lay the lessons where they were found.

    Whoever stops it keeps the best so far.
    """
    with work.step():
        draft = queries.draft_numbered(work.actor, work.arguments["draft"])
        plan = queries.planned(draft)
    watch = _Watch(work, draft)
    short = _short(plan)
    most = work.arguments["seconds"]
    seconds = min(most, SECONDS_WHEN_SHORT) if short else most
    choices = {"seed": work.arguments["seed"], "seconds": seconds, "watch": watch, "locked": plan.locked}
    keeps = work.arguments["keeps"]
    answer = solve_again(plan.problem, plan.starts, **choices) if keeps else solve(plan.problem, **choices)
    why = short or (_why(plan, answer) if answer.conflicts and not watch.stopped else [])
    is_left = keeps and answer.conflicts > 0 and _moved(plan, answer.starts) * MOST_MOVED > len(plan.lessons)
    if is_left:
        answer = replace(answer, starts=plan.starts)
    found = violations(plan.problem, answer.starts)
    conflicts = sum(each.is_hard for each in found)
    answer = replace(answer, conflicts=conflicts, wishes=len(found) - conflicts)
    places = {
        lesson.key: None if start is None else plan.frame.when(start)
        for lesson, start in zip(plan.lessons, answer.starts[: len(plan.lessons)], strict=True)
    }
    with work.step():
        actions.take_answer(
            actor=work.actor, draft=draft, places=places, conflicts=answer.conflicts, wishes=answer.wishes, reasons=why
        )
    summary = _summary(answer)
    if is_left:
        summary += " " + _("Không có cách sửa nào chỉ dời ít tiết, nên bản nháp giữ nguyên.")
    elif keeps:
        summary += " " + _("Đã dời %(count)s tiết đang có chỗ.") % {"count": _moved(plan, answer.starts)}
    work.finish(summary=summary, result_url=reverse("timetable:draft", args=[draft.public_id]))
    watch.end()


def _moved(plan: Planned, starts: Timetable) -> int:
    """How many lessons that have a place have another one there."""
    pairs = zip(plan.starts[: len(plan.lessons)], starts[: len(plan.lessons)], strict=True)
    return sum(before not in (None, after) for before, after in pairs)


class _Watch:
    """What a search calls all the time: says how far it is, and whether it may go on.

    draft  is told once a second; None where nobody looks at one
    """

    def __init__(self, work: Work, draft: Draft | None = None) -> None:
        self._work, self._draft, self._told = work, draft, -1
        self.stopped: Cancelled | None = None

    def __call__(self, progress: Progress) -> bool:
        second, limit = int(progress.seconds), self._work.arguments["seconds"]
        if self._draft is not None and second > self._told:
            self._told = second
            with self._work.step():
                actions.note_progress(
                    actor=self._work.actor, draft=self._draft, job=self._work.job, seconds=second,
                    conflicts=progress.conflicts, wishes=progress.wishes,
                )  # fmt: skip
        try:
            self._work.progress(done=min(second, limit), total=limit, failed=progress.conflicts)
        except Cancelled as asked:
            self.stopped = asked
        return self.stopped is None

    def end(self) -> None:
        """Let the job end as somebody asked, once what was found is kept."""
        if self.stopped is not None:
            raise self.stopped


def _summary(answer: Answer) -> str:
    """How it ended; of a search that did not end by itself also that its seed does not promise the same again."""
    said = _("Sau %(seconds)d giây: %(conflicts)s chỗ sai, %(wishes)s mong muốn chưa đạt.") % {
        "seconds": answer.seconds, "conflicts": answer.conflicts, "wishes": answer.wishes
    }  # fmt: skip
    cut = _("Máy dừng khi chưa tìm xong, nên lần sau có thể ra kết quả khác.")
    return said if answer.is_whole else f"{said} {cut}"


def _short(plan: Planned) -> list[str]:
    """Who has more to learn or to teach than the week leaves, in words: the first found by counting, classes first."""
    concerned = [(number, each.kind) for number, each in enumerate(plan.problem.resources)]
    numbers = [number for kind in (Kind.CLASS, Kind.TEACHER) for number, of in concerned if of is kind]
    return next(filter(None, (shortage(alone(plan, number)) for number in numbers)), [])


def _why(plan: Planned, answer: Answer) -> list[str]:
    """A few wishes that cannot be met together, in words; none where no contradiction was proved in time.

    First of each teacher and class in trouble alone, for what a whole school asks is seldom proved to be too much.
    """
    # OR-Tools brings numpy and pandas: a process that serves pages and never searches does without them.
    from khue.timetable.solver.reasons import reasons

    for resource in in_trouble(plan, answer.starts):
        part = alone(plan, resource)
        if told := shortage(part):
            return told
        own = part.planned
        if found := reasons(own.problem, seconds=SECONDS_FOR_REASONS / 10, locked=own.locked):
            return plain_reasons(own, found, part.hours)
    found = reasons(plan.problem, seconds=SECONDS_FOR_REASONS, locked=plan.locked)
    return plain_reasons(plan, found) if found else []


def search_fet(work: Work) -> None:
    """Search for a week of a .fet file and keep it as a workbook; whoever stops it keeps the best so far."""
    with work.step():
        found = queries.fet_file_numbered(work.actor, work.arguments["fet_file"])
        with files.open_file(found.file) as stream:
            reading = fet.read(stream.read())
    watch = _Watch(work)
    answer = solve(reading.problem, seed=work.arguments["seed"], seconds=work.arguments["seconds"], watch=watch)
    with tempfile.TemporaryFile() as workbook:
        spreadsheets.write_tables(workbook, fet_tables(reading, answer.starts))
        workbook.seek(0)
        with work.step():
            actions.keep_fet_answer(
                actor=work.actor,
                fet_file=found,
                workbook=workbook,
                conflicts=answer.conflicts,
                wishes=answer.wishes,
                at=clock.now(),
            )
    work.finish(summary=_summary(answer), result_url=reverse("timetable:fet_file", args=[found.public_id]))
    watch.end()


def tell_changes(work: Work) -> None:
    """Tell those whose week a version changes."""
    with work.step():
        version = queries.version_numbered(work.actor, work.arguments["version"])
        said = work.arguments.get("said_before", [])
        count = actions.tell_changes(actor=work.actor, version=version, at=clock.now(), said_before=said)
    work.finish(summary=_("Đã báo thay đổi của %(count)s lớp và giáo viên.") % {"count": count})


def open_absence(event: StaffLeaveGranted) -> None:
    """Somebody was granted leave: what they teach waits for a substitute. Told again, it opens nothing more."""
    if event.organisation_id is None or _absences(event).exists():
        return
    for staff in schools.staff_at(event.organisation_id, event.first_day):
        if staff.person_id == event.person_id:
            actions.record_absence(
                actor=SYSTEM, staff=staff, starts_on=event.first_day, ends_on=event.last_day,
                reason=_("Nghỉ theo đơn đã duyệt"), at=event.granted_at,
            )  # fmt: skip


def close_absence(event: StaffLeaveWithdrawn) -> None:
    """The leave was taken back: the lessons are the teacher's own again, and substitutes hear of it."""
    for absence in _absences(event):
        actions.withdraw_absence(actor=SYSTEM, absence=absence, at=clock.now())


def _absences(event: StaffLeaveGranted | StaffLeaveWithdrawn) -> QuerySet[Absence]:
    """Those opened for this leave: of the person, for its days, told when it was granted."""
    return queries.visible_absences(SYSTEM).filter(
        organisation=event.organisation_id,
        staff__person_id=event.person_id,
        starts_on=event.first_day,
        ends_on=event.last_day,
        told_at=event.granted_at,
        withdrawn_at=None,
    )
