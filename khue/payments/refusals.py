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


class AlreadyPaid(Refusal):
    code = "already_paid"
    field = "ticked"
    message = _("“%(title)s” đã nộp đủ hoặc đã huỷ. Hãy tải lại trang rồi chọn lại.")


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


class NothingToRemind(Refusal):
    code = "nothing_to_remind"
    message = _("Không còn gia đình nào chưa nộp đủ đợt thu này.")


class RemindedToday(Refusal):
    code = "reminded_today"
    message = _("Hôm nay đã nhắc các gia đình của đợt thu này rồi. Mỗi ngày chỉ nhắc một lần.")


class RunCancelled(Refusal):
    code = "run_cancelled"
    message = _("Đợt thu này không còn phiếu nào để huỷ. Hãy tải lại trang.")


class AccountTaken(Refusal):
    code = "account_taken"
    field = "number"
    message = _("Tài khoản này đã được khai báo. Hãy kiểm tra lại số tài khoản.")


class DayClosed(Refusal):
    code = "day_closed"
    message = _("Sổ đã khoá đến hết ngày %(day)s. Hãy ghi vào một ngày sau đó.")


class DrawerDiffers(Refusal):
    code = "drawer_differs"
    field = "note"
    message = _("Sổ còn %(cash)s đồng tiền mặt, số kiểm đếm lệch %(difference)s đồng. Hãy ghi rõ lý do.")


class ReliefUnclear(Refusal):
    code = "relief_unclear"
    field = "percent"
    message = _("Hãy ghi tỷ lệ giảm từ 1 đến 100, hoặc mức thu riêng thấp hơn mức chung.")


class ReliefWithoutReason(Refusal):
    code = "relief_without_reason"
    field = "reason"
    message = _("Hãy ghi căn cứ của việc miễn giảm: số, ngày của giấy tờ.")


class StatementOfAnotherAccount(Refusal):
    code = "statement_of_another_account"
    field = "account"
    message = _("Sao kê này là của tài khoản %(number)s. Hãy chọn đúng tài khoản hoặc đúng tệp.")


class NothingInStatement(Refusal):
    code = "nothing_in_statement"
    field = "file"
    message = _("Sao kê không có khoản tiền vào nào để ghi.")


class StatementTaken(Refusal):
    code = "statement_taken"
    message = _("Sao kê này đã được ghi sổ. Hãy tải lại trang.")


class HookOpen(Refusal):
    code = "hook_open"
    message = _("Tài khoản này đã có địa chỉ nhận báo có. Hãy đóng địa chỉ cũ trước khi tạo mới.")


class HookClosed(Refusal):
    code = "hook_closed"
    message = _("Địa chỉ nhận báo có này đã đóng. Hãy tải lại trang.")


class AlreadyReturned(Refusal):
    code = "already_returned"
    message = _("Khoản chuyển này đã được ghi là ngân hàng rút lại. Hãy tải lại trang.")


class NothingToSettle(Refusal):
    code = "nothing_to_settle"
    message = _("Khoản chuyển này không còn việc gì phải giải quyết. Hãy tải lại trang.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    field = "reason"
    message = _("Hãy ghi rõ lý do, lý do được giữ trong sổ.")


class SameFamily(Refusal):
    code = "same_family"
    field = "invoice"
    message = _("Phiếu này là của chính gia đình đó. Hãy nhập mã phiếu của gia đình khác.")


class NotAgreed(Refusal):
    code = "not_agreed"
    message = _("“%(name)s” là khoản tự nguyện: chỉ lập phiếu cho học sinh mà gia đình đã đồng ý.")


class NotVoluntary(Refusal):
    code = "not_voluntary"
    message = _("Khoản thu này không cần gia đình trả lời. Hãy tải lại trang.")


class MustBeVoluntary(Refusal):
    code = "must_be_voluntary"
    field = "is_voluntary"
    message = _("“%(name)s” theo quy định chỉ được thu tự nguyện. Hãy đánh dấu là khoản tự nguyện.")


class MayNotBeCollected(Refusal):
    code = "may_not_be_collected"
    message = _("Không được thu khoản này: %(why)s")
