"""What the rules of the public word say no to."""

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal


class AlreadyPublished(Refusal):
    code = "already_published"
    message = _("Tin này đã đăng rồi. Hãy tải lại trang.")


class NotPublished(Refusal):
    code = "not_published"
    message = _("Tin này chưa đăng hoặc đã được gỡ. Hãy tải lại trang.")


class CampaignNotOpen(Refusal):
    code = "campaign_not_open"
    field = "campaign"
    message = _("Đợt truyền thông này không còn mở. Hãy chọn đợt khác, hoặc để trống.")


class DaysReversed(Refusal):
    code = "days_reversed"
    field = "ends_on"
    message = _("Ngày kết thúc phải từ ngày bắt đầu trở đi.")
