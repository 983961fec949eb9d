"""Everything that library hooks into, on one page."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import extensions, media, permissions
from khue.foundation.extensions import FilePurpose, MenuEntry, PublicDoor
from khue.identity.models import Role
from khue.library import access
from khue.library.access import Permission
from khue.library.deeds import DEEDS

permissions.grant(Role.SUBJECT_TEACHER, [Permission.RESOURCE_PUBLISH])
for role in (Role.HEAD, Role.DEPARTMENT_OFFICER, Role.MINISTRY_OFFICER):
    permissions.grant(role, [Permission.RESOURCE_PUBLISH, Permission.RESOURCE_APPROVE])

extensions.file_purposes.fill(
    "library.resource",
    FilePurpose(
        title=_("tệp học liệu"),
        allowed=media.DOCUMENTS | media.IMAGES | media.VIDEOS | media.SOUNDS | {media.ZIP},
        most_bytes=500 * 1024 * 1024,
        may_upload=access.may_upload,
    ),
)
extensions.file_readers.fill("library.resource", access.may_read)

_everyone = frozenset(role.value for role in Role)
extensions.menu.fill("library", MenuEntry(_("Học liệu"), "library", "library:shelf", _everyone, 60))
extensions.public_doors.fill(
    "library.shelf",
    PublicDoor(
        _("Học liệu"), _("Bài giảng, phiếu học tập, video đã duyệt, ai cũng xem và tải về được."), "library",
        "library:shelf", 45,
    ),
)  # fmt: skip
extensions.deeds.fill_all(DEEDS)
