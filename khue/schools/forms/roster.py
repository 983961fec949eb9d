"""The two forms of a roster import: the file, and what its columns mean."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.schools.models import RosterImport, SchoolYear
from khue.schools.roster.fields import LABELS, Field
from khue.schools.roster.refusals import FileMissing

LEFT_OUT = ""


class RosterFileForm(forms.Form):
    """Which file, into which school year."""

    school_year = forms.ChoiceField(label=_("Nhập vào năm học"))
    file = forms.FileField(
        label=_("Tệp danh sách"),
        error_messages={"required": FileMissing.message},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.zip"}),
    )

    def __init__(self, data: Any, files: Any, *, years: Sequence[SchoolYear]) -> None:
        super().__init__(data, files)
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

    def __init__(self, data: Any = None, *, roster_import: RosterImport, classes: Sequence[str]) -> None:
        initial = {
            "class_name": roster_import.class_name,
            "creates_classes": roster_import.creates_classes,
            "opens_accounts": roster_import.opens_accounts,
            "applies_on": roster_import.applies_on,
        }
        super().__init__(data, initial=initial)
        self.year = roster_import.school_year
        class_name = self.fields["class_name"]
        assert isinstance(class_name, forms.ChoiceField)
        class_name.choices = [("", _("— theo cột Lớp trong tệp —")), *((name, name) for name in classes)]
        if not classes or roster_import.source == RosterImport.Source.ONEROSTER:
            del self.fields["class_name"]
        choices = [(LEFT_OUT, _("— bỏ qua cột này —")), *((field.value, label) for field, label in LABELS.items())]
        for column in roster_import.columns:
            self.fields[f"column_{column['index']}"] = forms.ChoiceField(
                label=column["heading"], choices=choices, required=False, initial=column["field"] or LEFT_OUT
            )
        self.columns = roster_import.columns

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
