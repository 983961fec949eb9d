"""The form of an identity paper."""

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.registry import labels
from khue.registry.actions import PaperDetails


class PaperForm(forms.Form):
    """What stands on one paper. Everything but its kind and number may be unknown."""

    kind = forms.ChoiceField(label=_("Loại giấy tờ"), choices=list(labels.PAPERS.items()), initial="5")
    number = forms.CharField(label=_("Số"), max_length=50)
    issued_on = forms.DateField(label=_("Ngày cấp"), required=False, help_text=_("Bỏ trống nếu chưa rõ."))
    issuing_place = forms.CharField(label=_("Nơi cấp"), max_length=200, required=False)

    @property
    def details(self) -> PaperDetails:
        """What was typed, in the form the action takes."""
        return PaperDetails(**self.cleaned_data)
