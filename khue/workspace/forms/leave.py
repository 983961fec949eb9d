"""Forms of leave."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.registry.queries import Colleague
from khue.workspace import labels
from khue.workspace.forms.office import LONG, ColleagueField, Offered


class HalvesField(forms.DecimalField):
    """Days of which the half counts: "1,5". The cleaned value is in halves of a day, None where left empty."""

    def __init__(self, *, most: int, **given: Any) -> None:
        super().__init__(min_value=0, max_value=most, decimal_places=1, localize=True, **given)

    def clean(self, value: Any) -> Any:
        days = super().clean(value)
        if days is None:
            return None
        if days * 2 % 1:
            raise forms.ValidationError(_("Hãy nhập số ngày tròn hoặc có nửa ngày, ví dụ 1,5."))
        return int(days * 2)


class LeaveForm(forms.Form):
    """What one of the staff asks for."""

    kind = forms.ChoiceField(label=_("Loại nghỉ"), choices=list(labels.LEAVE_KINDS.items()))
    first_day = forms.DateField(label=_("Từ ngày"))
    last_day = forms.DateField(label=_("Đến hết ngày"))
    half_days = HalvesField(
        most=200,
        label=_("Số ngày làm việc"),
        required=False,
        help_text=_("Để trống: tính từ thứ Hai đến thứ Sáu. Nửa ngày ghi 0,5."),
    )
    reason = forms.CharField(label=_("Lí do"), max_length=1000, widget=LONG)
    cover = ColleagueField(
        label=_("Người làm thay"), required=False, help_text=_("Tiết dạy được xếp người dạy thay riêng.")
    )
    file = forms.FileField(label=_("Giấy tờ kèm theo"), required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, colleagues: Sequence[Colleague], initial: Any = None
    ) -> None:
        super().__init__(data, files, initial=initial)
        field = self.fields["cover"]
        assert isinstance(field, ColleagueField)
        field.offer(Offered(colleagues))


class AnswerForm(forms.Form):
    """The board's answer."""

    answer = forms.CharField(label=_("Trả lời"), max_length=1000, required=False, widget=LONG)


class AllowanceForm(forms.Form):
    """How many days of annual leave in a year: of one of the staff, or of everybody."""

    to = ColleagueField(label=_("Của"), required=False)
    year = forms.IntegerField(label=_("Năm"), min_value=2000, max_value=2099)
    half_days = HalvesField(most=60, label=_("Số ngày phép"))

    def __init__(self, data: Any = None, *, colleagues: Sequence[Colleague], year: int) -> None:
        super().__init__(data, initial={"year": year})
        field = self.fields["to"]
        assert isinstance(field, ColleagueField)
        field.offer(Offered(colleagues, nobody=_("Mọi người trong đơn vị")))


def year_of(text: str, otherwise: date) -> int:
    """The year an address asks for."""
    year = int(text) if text.isdecimal() and len(text) == 4 else otherwise.year
    return year if 2000 <= year < 2100 else otherwise.year
