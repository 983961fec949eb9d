"""Everything that portal hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.attendance import queries as attendance
from khue.foundation import extensions
from khue.foundation.actor import Actor
from khue.foundation.extensions import MenuEntry
from khue.gradebook.extensions import sessions_absent
from khue.identity.models import Role
from khue.messaging.extensions import FactKind, facts
from khue.portal import circles
from khue.portal.facts import bills_of_child
from khue.registry import queries as registry
from khue.workspace.extensions import CircleKind
from khue.workspace.extensions import circles as circles_of_staff

_everyone = frozenset(role.value for role in Role)
extensions.menu.fill("portal.home", MenuEntry(_("Hôm nay"), "house", "portal:home", _everyone, 0))


def _where_to_search(actor: Actor) -> str:
    return "portal:search" if registry.may_search(actor) else ""


extensions.search_address.fill(_where_to_search)

# Results and attendance stand on one floor and do not know each other; here is who knows both.
sessions_absent.fill(attendance.sessions_absent)

# Folders and minutes stand beside the subject groups of a school, which the workspace does not know.
circles_of_staff.fill(circles.KEY, CircleKind(_("Tổ chuyên môn"), circles.groups_at, circles.groups_of_person))
# Payments and messaging stand on one floor too.
facts.fill("bill", FactKind(_("Khoản thu"), bills_of_child))
