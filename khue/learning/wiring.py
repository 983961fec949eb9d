"""Everything that learning hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.assessment.events import AttemptSubmitted
from khue.foundation import events, extensions, permissions
from khue.foundation.extensions import MenuEntry, MenuGroup
from khue.identity.models import Role
from khue.learning import tasks
from khue.learning.access import Permission
from khue.learning.deeds import DEEDS

permissions.grant(Role.SUBJECT_TEACHER, [Permission.COURSE_WRITE])
permissions.grant(Role.PUPIL, [Permission.LESSON_DO])

events.subscribe(AttemptSubmitted, tasks.tell_attempt)

_classroom = frozenset({Role.PUPIL.value, Role.SUBJECT_TEACHER.value})
extensions.menu.fill(
    "learning", MenuEntry(_("Khoá học"), "book-open", "learning:courses", _classroom, 15, MenuGroup.TEACHING)
)
extensions.deeds.fill_all(DEEDS)
