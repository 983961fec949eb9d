"""What the audit trail calls the deeds of this room, by their verb."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "collection_account.opened": _("Khai báo tài khoản thu"),
    "fee.set": _("Đặt khoản thu"),
    "invoices.issued": _("Lập phiếu thu"),
    "invoice.cancelled": _("Huỷ phiếu thu"),
    "invoices.cancelled": _("Huỷ cả đợt thu"),
    "families.reminded": _("Nhắc gia đình chưa nộp đủ"),
    "bank_lines.taken": _("Nhận giao dịch ngân hàng"),
    "bank_line.assigned": _("Ghi tiền chuyển khoản cho gia đình"),
    "bank_line.returned": _("Ghi ngân hàng rút lại khoản chuyển"),
    "bank_line.settled": _("Đánh dấu khoản chuyển đã giải quyết"),
    "bank_line.reopened": _("Mở lại khoản chuyển đã giải quyết"),
    "money.passed_on": _("Chuyển tiền nộp thừa cho gia đình khác"),
    "fee.answered": _("Trả lời khoản tự nguyện"),
    "cash.taken": _("Thu tiền mặt"),
    "money.given_back": _("Hoàn tiền"),
    "fee.ended": _("Ngừng khoản thu"),
    "relief.granted": _("Ghi miễn giảm"),
    "relief.ended": _("Ngừng miễn giảm"),
    "day.closed": _("Khoá sổ ngày"),
    "statement.brought": _("Tải sao kê lên"),
    "statement.taken": _("Ghi sổ sao kê"),
    "bank_hook.opened": _("Mở địa chỉ nhận báo có"),
    "bank_hook.closed": _("Đóng địa chỉ nhận báo có"),
    "bank_call.taken": _("Nhận báo có của ngân hàng"),
}
