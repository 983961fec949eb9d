"""Everything that portal hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.attendance import queries as attendance
from khue.foundation import extensions
from khue.foundation.extensions import MenuEntry
from khue.gradebook.extensions import sessions_absent
from khue.identity.models import Role

_everyone = frozenset(role.value for role in Role)
extensions.menu.fill("portal.home", MenuEntry(_("Hôm nay"), "house", "portal:home", _everyone, 0))

# Results and attendance stand on one floor and do not know each other; here is who knows both.
sessions_absent.fill(attendance.sessions_absent)
