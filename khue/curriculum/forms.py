"""Forms of the curriculum."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.curriculum import queries


class UploadForm(forms.Form):
    """A file of outcomes for one subject."""

    subject = forms.ChoiceField(label=_("Môn học"))
    grade = forms.TypedChoiceField(
        label=_("Lớp"),
        coerce=int,
        choices=[(grade, str(grade)) for grade in range(1, 13)],
        help_text=_("Dùng cho những dòng không ghi lớp."),
    )
    file = forms.FileField(
        label=_("Tệp CSV hoặc CASE JSON"),
        help_text=_("CSV có dòng đầu: mã, loại, mã cha, nội dung. Nhiều nhất 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.json,.txt"}),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["subject"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(subject.code, subject.name) for subject in queries.subjects()]
