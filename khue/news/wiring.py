"""Everything that the public word hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import extensions, permissions
from khue.foundation.extensions import MenuEntry, MenuGroup, PublicDoor
from khue.identity.models import Role
from khue.news.access import Permission
from khue.news.deeds import DEEDS

PUBLISHERS = (Role.HEAD, Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER)
WRITERS = (*PUBLISHERS, Role.CLERK)

for role in WRITERS:
    permissions.grant(role, [Permission.WRITE])
for role in PUBLISHERS:
    permissions.grant(role, [Permission.PUBLISH])

extensions.menu.fill(
    "news.desk",
    MenuEntry(
        _("Tin tức"), "newspaper", "news:desk", frozenset(role.value for role in WRITERS), 95, MenuGroup.FAMILIES
    ),
)
extensions.public_doors.fill(
    "news.news",
    PublicDoor(_("Tin tức"), _("Nhà trường, sở và Bộ thông báo tới mọi người."), "newspaper", "news:news", 50),
)
extensions.deeds.fill_all(DEEDS)
