"""Everything that indicators hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.assessment.events import AttemptSubmitted
from khue.attendance.events import RollTaken
from khue.exchange.events import RecordsReceived, SchoolTakenBack
from khue.foundation import events, extensions, jobs, permissions
from khue.foundation.extensions import Chore, MenuEntry, MenuGroup, PublicDoor
from khue.identity.models import Role
from khue.indicators import actions, tasks
from khue.indicators.access import Permission
from khue.indicators.deeds import DEEDS
from khue.indicators.events import AssessmentJudged, ReportSent
from khue.learning.events import LessonCompleted
from khue.registry.events import OrganisationMoved
from khue.schools.events import RosterImported

_readers = (Role.HEAD, Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER)
for role in _readers:
    permissions.grant(role, [Permission.INDICATOR_READ, Permission.SUPPORT_RUN])
permissions.grant(Role.HEAD, [Permission.INDEX_ASSESS, Permission.REPORT_WRITE])
for role in (Role.HEAD, Role.CLERK):
    permissions.grant(role, [Permission.REPORT_ANSWER])
permissions.grant(
    Role.DEPARTMENT_OFFICER, [Permission.INDEX_APPRAISE, Permission.REPORT_RECEIVE, Permission.REPORT_SUM]
)
permissions.grant(Role.MINISTRY_OFFICER, [Permission.REPORT_RECEIVE])
for role in (Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER):
    permissions.grant(role, [Permission.FIGURE_REPORT, Permission.OPEN_DATA_PUBLISH])
permissions.grant(Role.OPERATOR, [Permission.LAKE_WRITE])

events.subscribe(RollTaken, tasks.note_roll)
events.subscribe(LessonCompleted, tasks.note_lesson)
events.subscribe(AttemptSubmitted, tasks.note_attempt)
events.subscribe(RosterImported, tasks.note_roster)
events.subscribe(RecordsReceived, tasks.note_received)
events.subscribe(SchoolTakenBack, tasks.note_taken_back)
extensions.chores.fill(tasks.TAKE, Chore(every=300, do=tasks.take_figures))
events.subscribe(AssessmentJudged, tasks.tell_judged)
events.subscribe(ReportSent, tasks.sum_up)
events.subscribe(OrganisationMoved, tasks.sum_moved)
extensions.chores.fill("indicators.count", Chore(every=3, do=tasks.count_stale_schools))
extensions.chores.fill("indicators.lake", Chore(every=tasks.LAKE_SECONDS, do=tasks.fill_lake))
extensions.deeds.fill_all(DEEDS)
jobs.define(actions.TELL_ASKED, _("Báo các trường cần báo cáo"), tasks.tell_asked_schools)

extensions.menu.fill(
    "indicators",
    MenuEntry(_("Chỉ số"), "gauge", "indicators:own", frozenset(role.value for role in _readers), 30, MenuGroup.SYSTEM),
)
for key, title, text, icon, address, order in (
    (
        "indicators.school_index", _("Mức chuyển đổi số của trường"), _("Kết quả theo QĐ 4725 đã được công nhận."),
        "award", "indicators:published_index", 70,
    ),
    (
        "indicators.open_data", _("Dữ liệu mở"), _("Chỉ số theo tháng, kèm từ điển dữ liệu, tải về tự do."),
        "chart-column", "indicators:open_data", 80,
    ),
):  # fmt: skip
    extensions.public_doors.fill(key, PublicDoor(title, text, icon, address, order))
