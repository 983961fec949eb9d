"""Forms of the mark-book."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.gradebook.queries import GridRow


class ColumnForm(forms.Form):
    """One column of a mark-book as plain fields, for browsers without JavaScript. Field names: "e<enrolment id>"."""

    def __init__(self, data: Mapping[str, str] | None, *, rows: Sequence[GridRow], place: int) -> None:
        super().__init__(data)
        for row in rows:
            self.fields[f"e{row.enrolment_id}"] = forms.CharField(
                label=row.full_name, required=False, max_length=10, initial=row.cells[place]
            )

    def typed(self) -> dict[int, str]:
        """What was typed, by enrolment id, for fields that changed."""
        return {int(name[1:]): self.cleaned_data[name] for name in self.changed_data}


class ColumnTitleForm(forms.Form):
    """A further regular mark."""

    title = forms.CharField(label=_("Nội dung đánh giá"), max_length=80, required=False)

    def __init__(self, data: Mapping[str, str] | None, *, strands: Sequence[str]) -> None:
        super().__init__(data)
        if strands:
            self.fields["strand"] = forms.ChoiceField(
                label=_("Phần môn học"),
                required=False,
                choices=[("", _("Mọi giáo viên của môn")), *((strand, strand) for strand in strands)],
                help_text=_("Chọn một phần để chỉ giáo viên dạy phần ấy nhập cột này."),
            )


class CorrectionForm(forms.Form):
    """A change asked for after the lock."""

    mark = forms.CharField(label=_("Điểm mới"), max_length=4, required=False, help_text=_("Để trống nếu cần xoá điểm."))
    reason = forms.CharField(
        label=_("Lí do sửa"), widget=forms.Textarea, help_text=_("Hiệu trưởng đọc lí do này khi duyệt.")
    )
