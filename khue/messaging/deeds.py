"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "browser.rings": _("Bật thông báo trên trình duyệt"),
    "browser.silenced": _("Tắt thông báo trên trình duyệt"),
    "message.told": _("Gửi tin nhắn"),
    "notice.finished": _("Gửi xong thông báo cho nhiều người"),
    "notice.queued": _("Yêu cầu gửi thông báo cho nhiều người"),
    "notice.told": _("Gửi một phần thông báo cho nhiều người"),
}
