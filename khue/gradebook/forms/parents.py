"""The form that invites the parents of a class."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.foundation import clock
from khue.gradebook.parents_invitation import usual_agenda


class ParentsMeetingForm(forms.Form):
    """When and where the parents meet, and what about. key: so that sending the form twice invites once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    on = forms.DateField(label=_("Ngày họp"))
    at = forms.TimeField(
        label=_("Giờ họp"), input_formats=["%H:%M"], widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    place = forms.CharField(label=_("Địa điểm"), max_length=120)
    agenda = forms.CharField(label=_("Nội dung họp"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, data: Mapping[str, str] | None, *, occasion: str, room: str) -> None:
        initial = {"key": uuid4(), "place": room, "agenda": usual_agenda(occasion)}
        super().__init__(data, initial=initial)

    @property
    def held_at(self) -> datetime:
        """The instant at which they meet."""
        return datetime.combine(self.cleaned_data["on"], self.cleaned_data["at"], clock.VIETNAM)

    def clean(self) -> None:
        """Nobody is invited to what is over."""
        if {"on", "at"} <= self.cleaned_data.keys() and self.held_at <= clock.now():
            self.add_error("on", _("Cuộc họp phải ở sau lúc này. Hãy xem lại ngày, giờ họp."))
