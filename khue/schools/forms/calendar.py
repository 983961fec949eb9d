"""Forms of a school's calendar."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.schools.actions.calendar import TermDates
from khue.schools.labels import WEEKDAYS
from khue.schools.queries import ProposedTerm


class TermsForm(forms.Form):
    """The dates of two terms."""

    starts_1 = forms.DateField(label=_("Học kì I từ ngày"))
    ends_1 = forms.DateField(label=_("đến hết ngày"))
    weeks_1 = forms.IntegerField(label=_("Số tuần thực học"), min_value=1, max_value=30)
    starts_2 = forms.DateField(label=_("Học kì II từ ngày"))
    ends_2 = forms.DateField(label=_("đến hết ngày"))
    weeks_2 = forms.IntegerField(label=_("Số tuần thực học"), min_value=1, max_value=30)

    def __init__(self, data: Any = None, *, terms: Sequence[ProposedTerm]) -> None:
        initial: dict[str, object] = {}
        for number, term in enumerate(terms, start=1):
            initial |= {
                f"starts_{number}": term.starts_on,
                f"ends_{number}": term.ends_on,
                f"weeks_{number}": term.teaching_weeks,
            }
        super().__init__(data, initial=initial)

    @property
    def terms(self) -> list[TermDates]:
        """As the actions take them."""
        given = self.cleaned_data
        return [TermDates(given[f"starts_{n}"], given[f"ends_{n}"], given[f"weeks_{n}"]) for n in (1, 2)]


class HolidayForm(forms.Form):
    """No school from a day to a day."""

    title = forms.CharField(label=_("Nghỉ gì"), max_length=100, help_text=_("Ví dụ: Nghỉ Tết Nguyên đán, nghỉ bão."))
    first = forms.DateField(label=_("Từ ngày"))
    last = forms.DateField(label=_("Đến hết ngày"), required=False, help_text=_("Bỏ trống nếu nghỉ một ngày."))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        given["last"] = given.get("last") or given.get("first")
        return given


class MakeUpForm(forms.Form):
    """A day taught like another weekday."""

    title = forms.CharField(label=_("Học bù gì"), max_length=100, help_text=_("Ví dụ: Học bù ngày nghỉ bão."))
    day = forms.DateField(label=_("Học bù vào ngày"))
    taught_as = forms.TypedChoiceField(
        label=_("Theo thời khoá biểu"), coerce=int, choices=[(n, WEEKDAYS[n]) for n in range(1, 7)]
    )


class SpanForm(forms.Form):
    """Two days that name a span of days."""

    first = forms.DateField()
    last = forms.DateField()
