"""What bases, grounds, states and books are called on the screen."""

from django.utils.translation import gettext_lazy as _

from khue.payments.models import BankLine, FeeItem, Relief

BASES = {
    FeeItem.Base.MONTH.value: _("Tháng"),
    FeeItem.Base.TERM.value: _("Học kỳ"),
    FeeItem.Base.YEAR.value: _("Năm học"),
    FeeItem.Base.MEAL.value: _("Bữa ăn"),
    FeeItem.Base.DAY.value: _("Ngày"),
    FeeItem.Base.ONCE.value: _("Một lần"),
}
GROUNDS = {
    Relief.Ground.POOR.value: _("Mọi học sinh thuộc hộ nghèo theo hồ sơ"),
    Relief.Ground.DISABLED.value: _("Mọi học sinh khuyết tật theo hồ sơ"),
}
#: Word and tone of what is to be said of a transfer.
STATES = {
    BankLine.State.MATCHED.value: (_("Khớp"), "good"),
    BankLine.State.ASSIGNED.value: (_("Đã ghi"), "good"),
    BankLine.State.UNDER.value: (_("Thiếu"), "soon"),
    BankLine.State.OVER.value: (_("Thừa"), "soon"),
    BankLine.State.DUPLICATE.value: (_("Nộp trùng"), "late"),
    BankLine.State.UNKNOWN.value: (_("Chưa rõ của ai"), "late"),
    BankLine.State.RETURNED.value: (_("Ngân hàng rút lại"), "info"),
}
#: What a transfer is called of which somebody has said that nothing is left to do.
SETTLED = "settled"
MOVES = {
    "bank": _("Chuyển khoản"),
    "assign": _("Chuyển khoản"),
    "cash": _("Tiền mặt"),
    "refund": _("Hoàn tiền"),
    "pass": _("Chuyển giữa hai gia đình"),
    "returned": _("Ngân hàng rút lại"),
}
