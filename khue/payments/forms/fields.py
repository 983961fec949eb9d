"""Amounts of money as people type them, and choices among rows."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.payments.statements.text import dong

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Label = str | _StrPromise


class MoneyField(forms.CharField):
    """đồng: "1.250.000", "1250000", "1.250.000 đ"."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value: Any) -> Any:
        """The amount as a number; None where nothing was typed."""
        text = str(value or "").strip()
        if not text:
            return None
        amount = dong(text)
        if amount is None or amount < 0:
            raise forms.ValidationError(_("Hãy nhập số tiền bằng đồng, ví dụ 1.250.000."))
        return amount

    def validate(self, value: Any) -> None:
        """Nought is an amount; nothing is not."""
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Those of a text do not fit a number."""


class _OfRows(forms.ChoiceField):
    """Chooses among rows that the form is given."""

    rows: dict[str, Any]

    def offer(self, rows: "Iterable[tuple[UUID, Any, Label]]") -> None:
        """Let these rows be chosen: address, row, label."""
        offered = list(rows)
        self.rows = {str(key): row for key, row, _label in offered}
        self.choices = [(str(key), label) for key, _row, label in offered]


class RowField(_OfRows):
    """A choice among rows; the cleaned value is the row itself."""

    def clean(self, value: Any) -> Any:
        return self.rows[super().clean(value)]


class RowsField(_OfRows, forms.MultipleChoiceField):
    """Any of the rows, to be ticked; the cleaned value is a list of rows."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        return [self.rows[key] for key in super().clean(value)]
