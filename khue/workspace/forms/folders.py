"""Forms of shared folders."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PutForm(forms.Form):
    """A file for a folder."""

    file = forms.FileField(
        label=_("Tệp"),
        required=False,
        help_text=_("PDF, Word, Excel, PowerPoint hoặc ảnh, nhiều nhất 100 MB. Trùng tên thì thành phiên bản mới."),
    )
