"""Forms of money that comes and goes: cash, refunds, files of banks, the end of a day."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.payments.forms.fields import MoneyField, RowField
from khue.payments.models import CollectionAccount


class CashForm(forms.Form):
    """Cash at the counter. `key` makes a form sent twice one payment."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    payer = forms.CharField(label=_("Người nộp"), max_length=120)
    amount = MoneyField(label=_("Số tiền"))


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
