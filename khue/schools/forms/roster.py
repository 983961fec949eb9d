"""The two forms of an import: the file, and what its columns mean."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.schools.models import RosterImport, SchoolYear
from khue.schools.roster.fields import LABELS, PUPIL_FIELDS, STAFF_FIELDS, Field
from khue.schools.roster.refusals import FileMissing

LEFT_OUT = ""
PUPILS, STAFF = "pupils", "staff"


class RosterFileForm(forms.Form):
    """Which file, of whom, into which school year."""

    of = forms.ChoiceField(
        label=_("Danh sách của"),
        choices=[(PUPILS, _("Học sinh và phụ huynh")), (STAFF, _("Cán bộ, giáo viên"))],
        required=False,
    )
    school_year = forms.ChoiceField(label=_("Nhập vào năm học"))
    file = forms.FileField(
        label=_("Tệp danh sách"),
        error_messages={"required": FileMissing.message},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.zip"}),
    )

    def __init__(self, data: Any, files: Any, *, years: Sequence[SchoolYear], of: str = PUPILS) -> None:
        super().__init__(data, files, initial={"of": of})
        # A file sent in pieces before is named by its upload; the field itself is then empty.
        self.fields["file"].required = not (data and data.get("file_upload"))
        self.years = {str(year.public_id): year for year in years}
        choice = self.fields["school_year"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(key, f"{year.code} · {year.organisation.name}") for key, year in self.years.items()]

    @property
    def chosen_year(self) -> SchoolYear:
        return self.years[self.cleaned_data["school_year"]]


class ColumnsForm(forms.Form):
    """What each column means, and how the import treats what it finds."""

    creates_classes = forms.BooleanField(label=_("Tạo các lớp còn thiếu"), required=False)
    opens_accounts = forms.BooleanField(
        label=_("Mở tài khoản cho học sinh và phụ huynh mới"),
        required=False,
        help_text=_("Không có mật khẩu nào được tạo: mỗi người tự kích hoạt bằng mã do nhà trường phát."),
    )
    class_name = forms.ChoiceField(
        label=_("Cả tệp là danh sách của lớp"),
        required=False,
        help_text=_("Chọn khi tệp không có cột Lớp: dòng nào không ghi lớp sẽ vào lớp này."),
    )
    applies_on = forms.DateField(
        label=_("Áp dụng từ ngày"),
        help_text=_("Học sinh mới vào lớp, học sinh chuyển lớp rời lớp cũ từ ngày này."),
    )

    def __init__(
        self, data: Any = None, *, roster_import: RosterImport, classes: Sequence[str], may_open: bool = True
    ) -> None:
        is_staff = roster_import.source == RosterImport.Source.STAFF
        # Of the first list of a year everything is new: its classes are made, its people get accounts.
        is_first = roster_import.state == RosterImport.State.MAPPING and not classes
        initial = {
            "class_name": roster_import.class_name,
            "creates_classes": roster_import.creates_classes or is_first,
            "opens_accounts": roster_import.opens_accounts or is_first or is_staff,
            "applies_on": roster_import.applies_on,
        }
        super().__init__(data, initial=initial)
        self.year = roster_import.school_year
        class_name = self.fields["class_name"]
        assert isinstance(class_name, forms.ChoiceField)
        class_name.choices = [("", _("— theo cột Lớp trong tệp —")), *((name, name) for name in classes)]
        if not classes or roster_import.source != RosterImport.Source.EXCEL:
            del self.fields["class_name"]
        if is_staff:
            self._ask_of_staff(may_open)
        known = STAFF_FIELDS if is_staff else PUPIL_FIELDS
        choices = [(LEFT_OUT, _("— bỏ qua cột này —")), *((field.value, LABELS[field]) for field in known)]
        for column in roster_import.columns:
            self.fields[f"column_{column['index']}"] = forms.ChoiceField(
                label=column["heading"], choices=choices, required=False, initial=column["field"] or LEFT_OUT
            )
        self.columns = roster_import.columns

    def _ask_of_staff(self, may_open: bool) -> None:
        del self.fields["creates_classes"]
        self.fields["opens_accounts"].label = _("Mở tài khoản cho giáo viên, văn thư mới")
        self.fields["applies_on"].help_text = _("Người mới làm việc, phân công và chủ nhiệm có hiệu lực từ ngày này.")
        if not may_open:
            del self.fields["opens_accounts"]

    def clean_applies_on(self) -> Any:
        day = self.cleaned_data["applies_on"]
        if not self.year.starts_on <= day <= self.year.ends_on:
            raise forms.ValidationError(
                _("Chọn một ngày trong năm học, từ %(first)s đến %(last)s."),
                params={"first": f"{self.year.starts_on:%d/%m/%Y}", "last": f"{self.year.ends_on:%d/%m/%Y}"},
            )
        return day

    @property
    def mapping(self) -> dict[int, Field | None]:
        """Column index to field, as `choose_columns` takes it."""
        chosen = {column["index"]: self.cleaned_data[f"column_{column['index']}"] for column in self.columns}
        return {index: Field(value) if value else None for index, value in chosen.items()}
