"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "lake.counted": _("Tính số liệu tháng từ kho dữ liệu"),
    "lake.flowed": _("Đưa dữ liệu vào kho dữ liệu"),
}
