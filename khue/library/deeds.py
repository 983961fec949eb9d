"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "resource.published": _("Đăng học liệu"),
    "resource.approved": _("Duyệt học liệu"),
    "resource.withdrawn": _("Rút học liệu"),
}
