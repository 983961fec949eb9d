"""Everything that gradebook hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.assessment.events import AttemptSubmitted
from khue.foundation import events, extensions, permissions
from khue.foundation.extensions import MenuEntry
from khue.gradebook import tasks
from khue.gradebook.access import Permission
from khue.gradebook.deeds import DEEDS
from khue.gradebook.events import MarksRecorded
from khue.identity.models import Role

permissions.grant(Role.SUBJECT_TEACHER, [Permission.MARK_READ, Permission.MARK_WRITE])
permissions.grant(Role.HOMEROOM_TEACHER, [Permission.MARK_READ, Permission.RESULT_READ, Permission.CLASS_WRITE])
permissions.grant(
    Role.HEAD,
    [
        Permission.MARK_READ,
        Permission.BOOK_LOCK,
        Permission.CORRECTION_DECIDE,
        Permission.RESULT_READ,
        Permission.YEAR_DECIDE,
        Permission.WINDOW_WRITE,
    ],
)

events.subscribe(MarksRecorded, tasks.tell_families)
events.subscribe(MarksRecorded, tasks.settle_years)
events.subscribe(AttemptSubmitted, tasks.receive_test_result)

_staff = frozenset({Role.SUBJECT_TEACHER.value, Role.HOMEROOM_TEACHER.value, Role.HEAD.value})
_family = frozenset({Role.PUPIL.value, Role.GUARDIAN.value})
extensions.menu.fill("gradebook.books", MenuEntry(_("Sổ điểm"), "notebook-pen", "gradebook:books", _staff, 40))
extensions.menu.fill("gradebook.mine", MenuEntry(_("Kết quả"), "award", "gradebook:mine", _family, 40))
extensions.deeds.fill_all(DEEDS)
