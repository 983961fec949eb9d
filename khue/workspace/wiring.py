"""Everything that the workspace hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import extensions, permissions
from khue.foundation.extensions import MenuEntry
from khue.identity.models import Role
from khue.workspace.access import Permission
from khue.workspace.deeds import DEEDS

STAFF = (Role.SUBJECT_TEACHER, Role.HOMEROOM_TEACHER, Role.CLERK, Role.HEAD)

for role in STAFF:
    permissions.grant(role, [Permission.WORK])
permissions.grant(Role.CLERK, [Permission.REGISTER_WRITE])
permissions.grant(Role.HEAD, [Permission.REGISTER_WRITE, Permission.DECIDE])

extensions.menu.fill(
    "workspace.documents",
    MenuEntry(_("Văn bản, việc"), "briefcase", "workspace:documents", frozenset(role.value for role in STAFF), 70),
)
extensions.deeds.fill_all(DEEDS)
