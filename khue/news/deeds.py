"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "article.written": _("Soạn tin"),
    "article.rewritten": _("Sửa tin"),
    "article.published": _("Đăng tin"),
    "article.withdrawn": _("Gỡ tin"),
    "campaign.opened": _("Mở đợt truyền thông"),
}
