"""Forms of period reports, open data and support."""

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.indicators.actions import Asking
from khue.indicators.actions.asked import LONGEST
from khue.indicators.actions.reports import Correction, CorrectionNeedsReason
from khue.indicators.human_capital import Component
from khue.indicators.models import AskedReport, PeriodReport, SupportedDevice
from khue.indicators.reporting import BY_CODE
from khue.indicators.statistics import TABLES

DAY_FORMATS = ["%d/%m/%Y", "%Y-%m-%d"]


def day(label: Any, *, required: bool = True) -> forms.DateField:
    """A day as people type it."""
    return forms.DateField(label=label, required=required, input_formats=DAY_FORMATS)


class CorrectionsForm(forms.Form):
    """What a school writes over the figures of its report, each with its reason; what nobody counted needs none."""

    def __init__(self, data: Any, *, report: PeriodReport) -> None:
        super().__init__(data)
        self.codes = [code for code in BY_CODE if code in report.figures]
        self.rows = []
        for code in self.codes:
            name, corrected = f"f{code.replace('.', '_')}", report.corrected.get(code)
            value = corrected["value"] if corrected else report.figures[code]
            self.fields[f"{name}_value"] = forms.IntegerField(
                label=BY_CODE[code].begun, required=False, min_value=0, initial=value
            )
            self.fields[f"{name}_reason"] = forms.CharField(
                label=_("Nguồn số liệu") if report.figures[code] is None else _("Lí do khác số hệ thống"),
                required=False, max_length=300,
                initial=corrected["reason"] if corrected else "",
            )  # fmt: skip
            self.rows.append((code, BY_CODE[code], f"{name}_value", f"{name}_reason", report.figures[code]))

    def clean(self) -> dict[str, Any]:
        """Each figure that differs says why, beside itself."""
        for _code, line, value, reason, figure in self.rows:
            differs = figure is not None and value in self.cleaned_data and self.cleaned_data[value] != figure
            if differs and not self.cleaned_data.get(reason):
                self.add_error(reason, str(CorrectionNeedsReason(text=line.said)))
        return self.cleaned_data

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        """The rows under the titles of their tables, in the order of the form."""
        found = [(str(table.title), [row for row in self.rows if row[1].table == table.key]) for table in TABLES]
        return [(title, rows) for title, rows in found if rows]

    def corrections(self) -> dict[str, Correction]:
        """By code, of all figures."""
        said = self.cleaned_data
        return {code: Correction(said[value], said[reason]) for code, _line, value, reason, _figure in self.rows}


class SignForm(forms.Form):
    """The proof of who signs."""

    password = forms.CharField(
        label=_("Mật khẩu của Thầy/Cô"), required=False, max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("Nhập lại mật khẩu thay cho chữ kí tay."),
    )  # fmt: skip
    code = forms.CharField(
        label=_("Hoặc mã của ứng dụng xác thực"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip


class DeadlineForm(forms.Form):
    """By when reports of a period are due."""

    period = forms.ChoiceField(choices=PeriodReport.Period.choices, widget=forms.HiddenInput)
    due_on = day(_("Hạn gửi"))


class AskForm(forms.Form):
    """What an office asks of its schools for one occasion."""

    title = forms.CharField(
        label=_("Tên báo cáo"), max_length=200, help_text=_("Ví dụ: Báo cáo nhanh thiệt hại do bão số 12.")
    )
    words = forms.CharField(
        label=_("Hướng dẫn"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    questions = forms.CharField(
        label=_("Nội dung cần báo cáo, mỗi dòng một nội dung"), max_length=6000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Ví dụ: Số học sinh phải nghỉ học. Mỗi dòng thành một ô trường điền và một cột Excel."),
    )  # fmt: skip
    due_on = day(_("Hạn gửi"))
    key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)

    @property
    def asking(self) -> Asking:
        """As the action takes it."""
        said = self.cleaned_data
        return Asking(said["title"], said["words"], said["questions"].splitlines(), said["due_on"], said["key"])


class AnswerForm(forms.Form):
    """A school's answers, one for each question."""

    def __init__(self, data: Any = None, *, asked: AskedReport) -> None:
        super().__init__(data)
        self._names = [f"answer{number}" for number in range(len(asked.questions))]
        for name, question, answer in zip_longest(self._names, asked.questions, asked.answers):
            self.fields[name] = forms.CharField(label=question, max_length=LONGEST, required=False, initial=answer)

    @property
    def answers(self) -> list[str]:
        """In the order of the questions."""
        return [self.cleaned_data[name] for name in self._names]


class MonthForm(forms.Form):
    """Which month is published."""

    month = forms.RegexField(r"^\d{4}-(0[1-9]|1[0-2])$", label=_("Tháng, viết như 2026-11"))


class ProgrammeForm(forms.Form):
    """A support programme."""

    title = forms.CharField(label=_("Tên chương trình"), max_length=200)
    sponsor = forms.CharField(label=_("Nhà tài trợ"), max_length=200)
    starts_on = day(_("Từ ngày"))
    ends_on = day(_("Đến hết ngày"), required=False)


class ReceiveForm(forms.Form):
    """Things that a school received."""

    kind = forms.ChoiceField(
        label=_("Loại"),
        choices=[
            (SupportedDevice.Kind.LAPTOP, _("máy tính xách tay")),
            (SupportedDevice.Kind.TABLET, _("máy tính bảng")),
            (SupportedDevice.Kind.PHONE, _("điện thoại")),
            (SupportedDevice.Kind.SIM, _("SIM Internet")),
            (SupportedDevice.Kind.OTHER, _("loại khác")),
        ],
    )
    numbers = forms.CharField(
        label=_("Số máy hoặc mã dán, mỗi dòng một thiết bị"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    on = day(_("Ngày nhận"))

    def clean_numbers(self) -> list[str]:
        """One a line, without empty lines, none longer than the column."""
        numbers = [line.strip() for line in self.cleaned_data["numbers"].splitlines() if line.strip()]
        too_long = next((number for number in numbers if len(number) > 60), None)
        if too_long is not None:
            raise forms.ValidationError(_("“%(number)s” dài quá 60 kí tự."), params={"number": too_long[:60]})
        return numbers


class ReportedForm(forms.Form):
    """A figure that an office types."""

    numerator = forms.IntegerField(label=_("Tử số"), min_value=0)
    denominator = forms.IntegerField(label=_("Mẫu số"), min_value=1)
    about_on = day(_("Số liệu của ngày"))
    source = forms.CharField(label=_("Nguồn: văn bản, báo cáo"), max_length=500)


class MeasureForm(forms.Form):
    """A component of human capital that an office types."""

    component = forms.ChoiceField(label=_("Thành phần HCI"))
    year = forms.IntegerField(label=_("Năm của số liệu"), min_value=1990, max_value=2100)
    value = forms.DecimalField(label=_("Giá trị"), max_digits=8, decimal_places=4, localize=True)
    is_target = forms.ChoiceField(
        label=_("Là"), choices=[("", _("số liệu thực tế")), ("1", _("mục tiêu"))], required=False
    )
    source = forms.CharField(label=_("Nguồn: văn bản, báo cáo"), max_length=500)

    def __init__(self, data: Any, *, components: Sequence[Component]) -> None:
        super().__init__(data)
        field = self.fields["component"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(held.code, f"{held.code} · {held.text}") for held in components]

    def clean_is_target(self) -> bool:
        """Whether a target is told, instead of what was reached."""
        return bool(self.cleaned_data["is_target"])


def first_of(today: date) -> str:
    """The month of a day as forms write it."""
    return f"{today:%Y-%m}"
