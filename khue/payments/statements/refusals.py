"""Why a file is no statement."""

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal


class StatementTooLarge(Refusal):
    code = "statement_too_large"
    field = "file"
    message = _("Tệp sao kê lớn hơn %(limit)s MB. Hãy tải sao kê của thời gian ngắn hơn.")


class NotAStatement(Refusal):
    code = "not_a_statement"
    field = "file"
    message = _(
        "Không thấy giao dịch nào trong tệp. Hãy dùng sao kê MT940, camt.053, Excel hoặc CSV có các cột ngày,"
        " số tiền ghi có và nội dung."
    )


class StrangeDay(Refusal):
    code = "statement_day"
    field = "file"
    message = _(
        "Tệp có giao dịch ghi ngày %(day)s. Hãy kiểm tra cột ngày hoặc tải lại sao kê từ ngân hàng; chưa ghi dòng nào."
    )


class DamagedStatement(Refusal):
    code = "damaged_statement"
    field = "file"
    message = _("Tệp sao kê bị hỏng hoặc thiếu phần cuối. Hãy tải lại từ ngân hàng.")
