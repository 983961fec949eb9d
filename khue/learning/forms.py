"""Forms of a course."""

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.learning.actions import LessonText


class LessonForm(forms.Form):
    """What a teacher says of a lesson."""

    title = forms.CharField(label=_("Tên bài"), max_length=200)
    text = forms.CharField(label=_("Nội dung"), widget=forms.Textarea, required=False, max_length=20_000)
    due_on = forms.DateField(label=_("Hạn học xong"), required=False)

    @property
    def said(self) -> LessonText:
        """As the actions want it."""
        given = self.cleaned_data
        return LessonText(title=given["title"], text=given["text"], due_on=given["due_on"])
