"""What the days of the week are called, by the number of date.isoweekday(): Monday is 1."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WEEKDAYS: dict[int, str | Promise] = {
    1: _("Thứ Hai"),
    2: _("Thứ Ba"),
    3: _("Thứ Tư"),
    4: _("Thứ Năm"),
    5: _("Thứ Sáu"),
    6: _("Thứ Bảy"),
    7: _("Chủ nhật"),
}
