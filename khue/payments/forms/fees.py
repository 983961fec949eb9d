"""Forms of accounts, fees and reliefs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.payments import banks
from khue.payments.catalogue import usual_fees
from khue.payments.forms.fields import MoneyField, RowField
from khue.payments.labels import BASES, GROUNDS
from khue.payments.models import CollectionAccount, FeeItem


class AccountForm(forms.Form):
    """A bank account into which the school collects."""

    bank = forms.ChoiceField(label=_("Ngân hàng"), required=False, choices=banks.choices)
    bin = forms.RegexField(
        r"^[0-9]{6}$", label=_("Mã ngân hàng (BIN)"), required=False,
        help_text=_("6 chữ số. Chỉ ghi khi ngân hàng không có trong danh sách."),
        error_messages={"invalid": _("Mã ngân hàng gồm đúng 6 chữ số.")},
    )  # fmt: skip
    number = forms.CharField(label=_("Số tài khoản"), max_length=19)
    holder = forms.CharField(label=_("Chủ tài khoản"), max_length=120, help_text=_("Như ngân hàng ghi, không dấu."))

    def clean(self) -> dict[str, Any]:
        """The account with its bank by BIN, chosen from the list or written."""
        given = dict(self.cleaned_data)
        written = given.pop("bin", "")
        if given.get("bank") == banks.OTHER:
            given["bank"] = written
            if not written and "bin" not in self.errors:
                self.add_error("bin", _("Hãy ghi mã BIN của ngân hàng."))
        return given


class FeeForm(forms.Form):
    """A fee from a day on."""

    account = RowField(label=_("Thu vào tài khoản"))
    name = forms.CharField(label=_("Tên khoản thu"), max_length=120)
    legal_basis = forms.CharField(
        label=_("Căn cứ"), max_length=500,
        help_text=_("Số, ngày, cơ quan ban hành văn bản cho phép thu. Phụ huynh đọc được căn cứ này trên phiếu."),
    )  # fmt: skip
    base = forms.ChoiceField(label=_("Thu theo"), choices=list(BASES.items()))
    amount = MoneyField(label=_("Mức thu cho một đơn vị"))
    is_voluntary = forms.BooleanField(label=_("Khoản tự nguyện"), required=False)
    valid_from = forms.DateField(label=_("Áp dụng từ ngày"))
    kind = forms.ChoiceField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, accounts: list[CollectionAccount], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        choice, kind = self.fields["account"], self.fields["kind"]
        assert isinstance(choice, RowField)
        assert isinstance(kind, forms.ChoiceField)
        choice.offer((row.public_id, row, f"{row.number} · {row.holder}") for row in accounts if row.is_open)
        kind.choices = [("", ""), *((usual.kind, usual.name) for usual in usual_fees().values())]


class EndForm(forms.Form):
    """The last day of something."""

    last_on = forms.DateField(label=_("Ngày cuối cùng còn thu"))


class ReliefForm(forms.Form):
    """Who pays less for a fee, how much less, and why."""

    child = RowField(label=_("Áp dụng cho"))
    percent = forms.IntegerField(label=_("Tỷ lệ giảm, phần trăm"), min_value=1, max_value=100, required=False)
    price = MoneyField(label=_("Hoặc mức thu riêng"), required=False)
    reason = forms.CharField(label=_("Căn cứ"), max_length=500, help_text=_("Ví dụ: Hộ nghèo, QĐ 12/QĐ-UBND."))
    valid_from = forms.DateField(label=_("Áp dụng từ ngày"))

    def __init__(self, data: Any = None, *, item: FeeItem, children: list[tuple[Any, Any, str]]) -> None:
        super().__init__(data, initial={"valid_from": item.valid_from, "child": ""})
        choice = self.fields["child"]
        assert isinstance(choice, RowField)
        grounds: list[tuple[Any, Any, Any]] = [(key, key, label) for key, label in GROUNDS.items()]
        choice.offer(grounds + children)
