"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "demo.country_written": _("Ghi dữ liệu cả nước mẫu vào kho dữ liệu"),
    "demo.loaded": _("Nạp tỉnh mẫu"),
}
