"""Bringing a file of another program, and saying what its columns mean."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khue.exchange.models import VendorSheet
from khue.exchange.vendor.columns import SETS, FieldSet, targets_of
from khue.foundation.errors import Refusal
from khue.foundation.models import StoredFile

LEFT_OUT = ""


class SheetMissing(Refusal):
    code = "vendor_sheet_missing"
    field = "file"
    message = _("Chưa chọn tệp. Hãy chọn tệp Excel.")


class SheetForm(forms.Form):
    """Which file, and what it is about where its headings do not say so."""

    field_set = forms.ChoiceField(
        label=_("Tệp nói về"),
        required=False,
        choices=[("", _("Để hệ thống tự nhận")), *((str(key), about.label) for key, about in SETS.items())],
    )
    file = forms.FileField(
        label=_("Tệp Excel"),
        error_messages={"required": SheetMissing.message},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def __init__(self, data: Any, files: Any) -> None:
        super().__init__(data, files)
        # A file sent in pieces before is named by its upload; the field itself is then empty.
        self.fields["file"].required = not (data and data.get("file_upload"))

    @property
    def wanted(self) -> FieldSet | None:
        return FieldSet(self.cleaned_data["field_set"]) if self.cleaned_data["field_set"] else None

    def present(self, file: StoredFile | None) -> StoredFile:
        """The file that came. Raises SheetMissing where none did."""
        if file is None:
            raise SheetMissing
        return file


class TargetsForm(forms.Form):
    """What each column of a file holds."""

    def __init__(self, data: Any, *, sheet: VendorSheet) -> None:
        super().__init__(data)
        targets = targets_of(FieldSet(sheet.field_set))
        choices = [(LEFT_OUT, _("— bỏ qua cột này —")), *((name, gettext(t.label)) for name, t in targets.items())]
        self.columns = sheet.columns
        for column in sheet.columns:
            self.fields[f"column_{column['index']}"] = forms.ChoiceField(
                label=column["heading"], choices=choices, required=False, initial=column["target"] or LEFT_OUT
            )

    @property
    def targets(self) -> dict[int, str | None]:
        """Target by index of the column."""
        return {column["index"]: self.cleaned_data[f"column_{column['index']}"] or None for column in self.columns}
