"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "outcomes.uploaded": _("Tải lên yêu cầu cần đạt"),
    "outcomes.imported": _("Nhập yêu cầu cần đạt"),
    "outcomes.import_given_up": _("Bỏ lần nhập yêu cầu cần đạt"),
    "reference.programme_loaded": _("Nạp chương trình giáo dục"),
}
