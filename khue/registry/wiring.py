"""Everything that registry hooks into, on one page."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from khue.foundation.actor import SYSTEM
from khue.foundation.extensions import MenuEntry, MenuGroup, PublicDoor, deeds, menu, public_doors, reference_data
from khue.foundation.permissions import grant
from khue.registry import actions, queries
from khue.registry.access import Permission
from khue.registry.deeds import DEEDS
from khue.registry.extensions import AudienceKind, audiences

READERS = (
    "subject_teacher", "homeroom_teacher", "head", "clerk", "accountant", "department_officer", "ministry_officer"
)  # fmt: skip
WRITERS = ("head", "clerk", "department_officer")

for role in READERS:
    grant(role, [Permission.PERSON_READ])
for role in WRITERS:
    grant(role, [Permission.PERSON_WRITE, Permission.GUARDIAN_WRITE])
for role in ("head", "clerk"):
    grant(role, [Permission.CAMPUS_WRITE])
for role in ("department_officer", "ministry_officer", "operator"):
    grant(role, [Permission.ORGANISATION_WRITE])
grant("operator", [Permission.ROOT_WRITE, Permission.REFERENCE_WRITE])

for key, label, kind in (
    ("registry.pupils", _("Mọi học sinh"), "pupil"),
    ("registry.guardians", _("Mọi phụ huynh"), "guardian"),
    ("registry.staff", _("Mọi cán bộ, giáo viên"), "staff"),
):
    audiences.fill(key, AudienceKind(key=key, label=label, people=queries.everyone(kind)))

menu.fill(
    "registry.people",
    MenuEntry(
        label=_("Người"),
        icon="users",
        url="registry:people",
        roles=frozenset(READERS),
        order=60,
        group=MenuGroup.SCHOOL,
    ),
)
public_doors.fill(
    "registry.directory",
    PublicDoor(
        _("Danh bạ trường học"), _("Tìm trường theo tên, tỉnh, cấp học; ai quản lý, ở đâu."), "school",
        "registry:directory", 40,
    ),
)  # fmt: skip
menu.fill(
    "registry.directory",
    MenuEntry(
        label=_("Danh bạ trường"),
        icon="school",
        url="registry:directory",
        roles=frozenset({"department_officer", "ministry_officer"}),
        order=65,
        group=MenuGroup.SCHOOL,
    ),
)

menu.fill(
    "registry.tree",
    MenuEntry(
        label=_("Đơn vị"),
        icon="building-2",
        url="registry:tree",
        roles=frozenset({"department_officer", "ministry_officer", "operator"}),
        order=66,
        group=MenuGroup.SCHOOL,
    ),
)
reference_data.fill("registry", partial(actions.load_reference_data, actor=SYSTEM))
deeds.fill_all(DEEDS)
