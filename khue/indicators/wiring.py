"""Everything that indicators hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.assessment.events import AttemptSubmitted
from khue.attendance.events import RollTaken
from khue.foundation import events, extensions, permissions
from khue.foundation.extensions import Chore, MenuEntry
from khue.identity.models import Role
from khue.indicators import tasks
from khue.indicators.access import Permission
from khue.learning.events import LessonCompleted

_readers = (Role.HEAD, Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER)
for role in _readers:
    permissions.grant(role, [Permission.INDICATOR_READ])

events.subscribe(RollTaken, tasks.note_roll)
events.subscribe(LessonCompleted, tasks.note_lesson)
events.subscribe(AttemptSubmitted, tasks.note_attempt)
extensions.chores.fill("indicators.count", Chore(every=3, do=tasks.count_stale_schools))

extensions.menu.fill(
    "indicators",
    MenuEntry(_("Chỉ số"), "gauge", "indicators:own", frozenset(role.value for role in _readers), 30),
)
