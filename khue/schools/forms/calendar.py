"""Forms of a school's calendar."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.foundation.weekdays import WEEKDAYS
from khue.schools.actions.calendar import Holiday, TermDates
from khue.schools.queries import ProposedHoliday, ProposedTerm


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


class ProposedHolidaysForm(forms.Form):
    """Holidays that are proposed: each is taken or not, and may be changed. Public ones and Tết are ticked at first."""

    def __init__(self, data: Any = None, *, proposed: Sequence[ProposedHoliday]) -> None:
        super().__init__(data)
        self.proposed = proposed
        for number, each in enumerate(proposed):
            self.fields |= {
                f"take_{number}": forms.BooleanField(
                    label=each.title, initial=each.is_public or each.is_by_moon, required=False
                ),
                f"first_{number}": forms.DateField(label=_("Từ ngày"), initial=each.first, required=False),
                f"last_{number}": forms.DateField(label=_("Đến hết ngày"), initial=each.last, required=False),
            }

    @property
    def rows(self) -> list[tuple[ProposedHoliday, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Each proposal with its fields."""
        return [
            (each, self[f"take_{n}"], self[f"first_{n}"], self[f"last_{n}"]) for n, each in enumerate(self.proposed)
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for number in range(len(self.proposed)):
            if given.get(f"take_{number}") and not (given.get(f"first_{number}") and given.get(f"last_{number}")):
                self.add_error(f"first_{number}", _("Hãy ghi ngày bắt đầu và ngày cuối."))
        return given

    @property
    def chosen(self) -> list[Holiday]:
        """As the actions take them."""
        given = self.cleaned_data
        return [
            Holiday(given[f"first_{n}"], given[f"last_{n}"], each.title)
            for n, each in enumerate(self.proposed)
            if given[f"take_{n}"]
        ]


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
