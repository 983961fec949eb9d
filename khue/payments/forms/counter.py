"""Forms of money that comes and goes: cash, refunds, files of banks, the end of a day."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.foundation.ui.formats import as_money
from khue.payments.forms.fields import MoneyField, RowField, RowsField
from khue.payments.models import CollectionAccount, Invoice


class CashForm(forms.Form):
    """Cash at the counter. `key` makes a form sent twice one payment.

    ticked  what the money is handed over for; where no amount is typed, it is what is left of these
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    ticked = RowsField(
        label=_("Nộp cho"), required=False, help_text=_("Không chọn: trả phiếu đến hạn trước."),
    )  # fmt: skip
    payer = forms.CharField(label=_("Người nộp"), max_length=120)
    amount = MoneyField(
        label=_("Số tiền"), required=False, help_text=_("Để trống: đúng số còn lại của các phiếu đã chọn."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, owed: Sequence[Invoice], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        choice = self.fields["ticked"]
        assert isinstance(choice, RowsField)
        choice.offer(
            (each.public_id, each, f"{each.title} · {as_money(each.total - each.paid)}") for each in owed
        )  # fmt: skip
        if not owed:
            del self.fields["ticked"]
            self.fields["amount"].required, self.fields["amount"].help_text = True, ""

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or {}
        if filled.get("amount") is None and "amount" not in self.errors:
            filled["amount"] = sum(each.total - each.paid for each in filled.get("ticked", ()))
            if not filled["amount"]:
                self.add_error("amount", _("Hãy nhập số tiền, hoặc chọn phiếu được nộp."))
        return filled


class RefundForm(forms.Form):
    """Money given back of what was paid ahead."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    source = forms.ChoiceField(label=_("Trả bằng"))
    amount = MoneyField(label=_("Số tiền hoàn"))
    reason = forms.CharField(label=_("Lý do"), max_length=300)

    def __init__(self, data: Any = None, *, accounts: list[CollectionAccount], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self._accounts = {str(row.public_id): row for row in accounts}
        choice = self.fields["source"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", _("Tiền mặt")), *((key, row.number) for key, row in self._accounts.items())]
        choice.required = False

    @property
    def account(self) -> CollectionAccount | None:
        return self._accounts.get(self.cleaned_data["source"])


class PassForm(forms.Form):
    """Money paid ahead that was meant for another family."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    invoice = forms.CharField(label=_("Mã phiếu của gia đình nhận"), max_length=40)
    amount = MoneyField(label=_("Số tiền chuyển"))
    reason = forms.CharField(label=_("Lý do"), max_length=300)


class ReturnForm(forms.Form):
    """Why a transfer is written back."""

    reason = forms.CharField(
        label=_("Lý do"), max_length=300,
        help_text=_("Ví dụ: ngân hàng báo rút lại do chuyển nhầm, hoặc báo một khoản hai lần."),
    )  # fmt: skip


class SettleForm(forms.Form):
    """What was done about a transfer."""

    note = forms.CharField(
        label=_("Đã giải quyết thế nào"), max_length=300, required=False,
        help_text=_("Ví dụ: đã hoàn tiền mặt; để trừ vào tháng sau; phụ huynh sẽ nộp thêm."),
    )  # fmt: skip


class CancelForm(forms.Form):
    """Why an invoice is taken back."""

    reason = forms.CharField(label=_("Lý do huỷ"), max_length=300)


class StatementForm(forms.Form):
    """A bank's file, and the account it is of."""

    account = RowField(label=_("Tài khoản"))
    file = forms.FileField(
        label=_("Tệp sao kê"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.html,.csv,.txt,.sta,.mt940,.940,.xml"}),
    )

    def __init__(self, data: Any, files: Any, *, accounts: list[CollectionAccount]) -> None:
        super().__init__(data, files)
        self.fields["file"].required = not (data and data.get("file_upload"))
        choice = self.fields["account"]
        assert isinstance(choice, RowField)
        choice.offer((row.public_id, row, f"{row.number} · {row.holder}") for row in accounts)


class CloseForm(forms.Form):
    """The end of a day."""

    on = forms.DateField(label=_("Khoá sổ đến hết ngày"))
    counted = MoneyField(label=_("Tiền mặt kiểm đếm được"))
    note = forms.CharField(label=_("Lý do nếu lệch sổ"), max_length=500, required=False)
