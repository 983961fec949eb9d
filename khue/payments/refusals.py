"""What the rules of money say no to."""

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal


class NoFees(Refusal):
    code = "no_fees"
    message = _("Chưa có khoản thu nào để lập phiếu. Hãy chọn học sinh và khoản thu.")


class FeeNotInForce(Refusal):
    code = "fee_not_in_force"
    message = _("Khoản thu “%(name)s” không có hiệu lực vào ngày %(day)s. Hãy chọn ngày hoặc khoản thu khác.")


class DueBeforeIssue(Refusal):
    code = "due_before_issue"
    field = "due_on"
    message = _("Hạn nộp phải từ ngày lập phiếu trở đi.")


class AmountNotPositive(Refusal):
    code = "amount_not_positive"
    field = "amount"
    message = _("Số tiền phải lớn hơn 0.")


class AlreadyAssigned(Refusal):
    code = "already_assigned"
    message = _("Khoản tiền này đã được ghi cho một gia đình. Hãy tải lại trang.")


class NothingAhead(Refusal):
    code = "nothing_ahead"
    field = "amount"
    message = _("Gia đình chỉ còn %(ahead)s đồng nộp thừa, không hoàn được nhiều hơn.")


class AlreadyCancelled(Refusal):
    code = "already_cancelled"
    message = _("Phiếu thu này đã huỷ. Hãy tải lại trang.")


class AccountTaken(Refusal):
    code = "account_taken"
    field = "number"
    message = _("Tài khoản này đã được khai báo. Hãy kiểm tra lại số tài khoản.")
