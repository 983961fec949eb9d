"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "message.told": _("Gửi tin nhắn"),
}
