"""The form of a notice to many."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.messaging.queries import ToAsk


class NoticeForm(forms.Form):
    """A notice to an audience."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    audience = forms.ChoiceField(label=_("Gửi tới"))
    subject = forms.CharField(label=_("Tiêu đề"), max_length=150)
    body = forms.CharField(
        label=_("Nội dung"), max_length=5000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Viết lịch sự, đủ việc, đủ ngày giờ. Người nhận đọc trong ứng dụng, không mất phí."),
    )  # fmt: skip
    urgent_reason = forms.CharField(
        label=_("Lí do khẩn cấp"), max_length=200, required=False,
        help_text=_("Chỉ điền khi phải báo ngay cả trong giờ yên tĩnh (21:00 đến 6:00), ví dụ nghỉ học vì bão."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, audiences: Sequence[ToAsk]) -> None:
        super().__init__(data, initial={"key": uuid4()})
        offered = [(each.value, each.label) for each in audiences]
        chosen = [] if len(offered) == 1 else [("", _("— chọn người nhận —"))]  # nobody is told by oversight
        cast(forms.ChoiceField, self.fields["audience"]).choices = [*chosen, *offered]

    @property
    def place(self) -> tuple[int, str, str]:
        """Organisation id, audience, argument."""
        organisation, audience, argument = self.cleaned_data["audience"].split("|", 2)
        return int(organisation), audience, argument
