"""The form by which the office bills a school, a grade or a class for some days."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.foundation.ui.formats import as_money
from khue.payments.extensions import Group, Span
from khue.payments.models import FeeItem
from khue.payments.queries import Asked, Plan

#: So long at least a family has to pay, unless the office says otherwise.
TO_PAY = timedelta(days=10)


class BillForm(forms.Form):
    """Whom, what for, which days."""

    title = forms.CharField(label=_("Tên đợt thu"), max_length=120, help_text=_("Ví dụ: Thu tháng 11/2026."))
    first = forms.DateField(label=_("Kỳ thu từ ngày"))
    last = forms.DateField(label=_("đến ngày"))
    due_on = forms.DateField(label=_("Hạn nộp"))
    groups = forms.MultipleChoiceField(label=_("Lập phiếu cho"), widget=forms.CheckboxSelectMultiple)
    items = forms.MultipleChoiceField(label=_("Khoản thu"), widget=forms.CheckboxSelectMultiple)
    by_days = forms.BooleanField(
        label=_("Học sinh vào hoặc rời trường giữa kỳ chỉ nộp theo số ngày học"), required=False, initial=True
    )

    def __init__(
        self,
        data: Any = None,
        *,
        choices: Sequence[Group],
        fees: Sequence[FeeItem],
        counted: Sequence[str],
        today: date,
    ) -> None:
        first = today.replace(day=1)
        after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        last = date.fromordinal(after.toordinal() - 1)
        title = f"Thu tháng {first.month}/{first.year}"
        due_on = max(last, today + TO_PAY)  # on the 30th nobody can pay by the 30th
        super().__init__(data, initial={"first": first, "last": last, "due_on": due_on, "title": title})
        self._fees = {str(fee.public_id): fee for fee in fees}
        for name, offered in (
            ("groups", [(group.key, group.label) for group in choices]),
            ("items", [(key, f"{fee.name} · {as_money(fee.amount)}") for key, fee in self._fees.items()]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = offered
        self.unit_names = []
        for key, fee in self._fees.items():
            if fee.base in (FeeItem.Base.MEAL, FeeItem.Base.DAY) and fee.base not in counted:
                self.unit_names.append(f"units_{key}")
                self.fields[f"units_{key}"] = forms.IntegerField(
                    label=_("Số bữa hoặc số ngày: %(name)s") % {"name": fee.name}, min_value=1, max_value=400,
                    required=False,
                )  # fmt: skip

    @property
    def units(self) -> list[Any]:
        """The bound fields of numbers that nobody above knows."""
        return [self[name] for name in self.unit_names]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("first") and found.get("last") and found["last"] < found["first"]:
            self.add_error("last", _("Ngày cuối của kỳ phải từ ngày đầu trở đi."))
        return found

    def plan(self, organisation_id: int, issued_on: date) -> Plan:
        """What was filled in, for `draft_of` and `bill`."""
        filled = self.cleaned_data
        asked = [Asked(self._fees[key], filled.get(f"units_{key}") or 1) for key in filled["items"]]
        span = Span(organisation_id, filled["first"], filled["last"])
        return Plan(
            filled["title"], span, tuple(filled["groups"]), tuple(asked), filled["by_days"], issued_on, filled["due_on"]
        )
