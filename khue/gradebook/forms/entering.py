"""Forms of what comes into a book besides typed marks."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.gradebook.queries import GridColumn, GridRow

_NOTHING = [("", "–")]


class MarkFileForm(forms.Form):
    """A workbook with marks."""

    file = forms.FileField(
        label=_("Tệp điểm"),
        error_messages={"required": _("Hãy chọn tệp Excel có điểm.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def __init__(self, data: Any, files: Any) -> None:
        super().__init__(data, files)
        # A file sent in pieces before is named by its upload; the field itself is then empty.
        self.fields["file"].required = not (data and data.get("file_upload"))


class _PupilForm(forms.Form):
    """Something about one pupil of a book."""

    pupil = forms.TypedChoiceField(label=_("Học sinh"), coerce=int)

    def __init__(self, data: Mapping[str, str] | None, *, rows: Sequence[GridRow]) -> None:
        super().__init__(data)
        chosen = self.fields["pupil"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [*_NOTHING, *((row.enrolment_id, row.full_name) for row in rows)]


class ReceivedMarksForm(_PupilForm):
    """Marks from the former school. Field names: "c<column id>"."""

    origin = forms.CharField(label=_("Trường cũ"), max_length=120)

    def __init__(
        self,
        data: Mapping[str, str] | None,
        *,
        rows: Sequence[GridRow],
        columns: Sequence[GridColumn],
        names: Sequence[str],
    ) -> None:
        super().__init__(data, rows=rows)
        self._columns = [column.id for column in columns]
        for column, name in zip(self._columns, names, strict=True):
            self.fields[f"c{column}"] = forms.CharField(label=name, max_length=10, required=False)

    def typed(self) -> dict[int, str]:
        """What was typed, by column id."""
        return {column: self.cleaned_data[f"c{column}"] for column in self._columns}


class MakeUpForm(_PupilForm):
    """A make-up test."""

    column = forms.TypedChoiceField(label=_("Cột điểm"), coerce=int)
    reason = forms.CharField(label=_("Lí do vắng"), max_length=300)
    due_on = forms.DateField(
        label=_("Kiểm tra bù đến hết ngày"), help_text=_("Quá ngày này mà em không kiểm tra bù thì được 0 điểm.")
    )

    def __init__(
        self,
        data: Mapping[str, str] | None,
        *,
        rows: Sequence[GridRow],
        columns: Sequence[GridColumn],
        names: Sequence[str],
    ) -> None:
        super().__init__(data, rows=rows)
        chosen = self.fields["column"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [*_NOTHING, *zip((column.id for column in columns), names, strict=True)]


class RemarksForm(forms.Form):
    """The subject teacher's words on a class. Field names: "r<enrolment id>"."""

    def __init__(self, data: Mapping[str, str] | None, *, names: Mapping[int, str], said: Mapping[int, str]) -> None:
        super().__init__(data)
        self._pupils = list(names)
        for pupil, name in names.items():
            self.fields[f"r{pupil}"] = forms.CharField(
                label=name, required=False, max_length=500, initial=said.get(pupil, "")
            )

    def typed(self) -> dict[int, str]:
        """What was written, by enrolment id."""
        return {pupil: self.cleaned_data[f"r{pupil}"] for pupil in self._pupils}


class SettleForm(forms.Form):
    """What became of a make-up test."""

    mark = forms.CharField(
        label=_("Điểm bài kiểm tra bù"), max_length=10, required=False,
        help_text=_("Để trống khi đã quá hạn mà em không kiểm tra bù: em được 0 điểm, hoặc Chưa đạt."),
    )  # fmt: skip
