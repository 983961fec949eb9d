"""Forms of conversations, of reports, of what a school decides and of who answers for whom."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from khue.messaging.actions.conversations import LONGEST
from khue.messaging.queries import Policy


class LineForm(forms.Form):
    """The write box. `key` is made with the page: sending the box twice sends one line."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    fact = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    text = forms.CharField(
        label=_("Tin nhắn"), required=False, max_length=LONGEST * 2, strip=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    file = forms.FileField(label=_("Tệp gửi kèm"), required=False, allow_empty_file=True)
    urgent_reason = forms.CharField(
        label=_("Lí do khẩn"), required=False, max_length=200,
        help_text=_("Chỉ điền khi phải báo ngay cả trong giờ yên tĩnh. Lí do được ghi vào nhật ký."),
    )  # fmt: skip

    def __init__(
        self, data: Mapping[str, str] | None = None, files: MultiValueDict[str, Any] | None = None, *, is_staff: bool,
        fact: str = "",
    ) -> None:  # fmt: skip
        super().__init__(data, files, initial={"key": uuid4(), "fact": fact})
        if not is_staff:
            del self.fields["urgent_reason"]


class ReasonForm(forms.Form):
    """A reason in a few words."""

    reason = forms.CharField(label=_("Lí do"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class PolicyForm(forms.Form):
    """What a school decides, from a day on."""

    valid_from = forms.DateField(label=_("Áp dụng từ ngày"))
    pupils_may_write = forms.BooleanField(
        label=_("Học sinh được nhắn tin với thầy, cô giáo"), required=False,
        help_text=_("Phụ huynh của em luôn đọc được cuộc trò chuyện này."),
    )  # fmt: skip
    families_may_begin = forms.BooleanField(
        label=_("Gia đình được mở cuộc trò chuyện trước"), required=False,
        help_text=_("Nếu không chọn, gia đình chỉ trả lời được sau khi thầy, cô nhắn trước."),
    )  # fmt: skip
    retention_months = forms.IntegerField(
        label=_("Số tháng lưu tin nhắn"), required=False, min_value=1, max_value=600,
        help_text=_("Tin và tệp cũ hơn sẽ bị xoá hẳn. Để trống nếu trường chưa quyết định; khi đó không xoá gì."),
    )  # fmt: skip
    quiet_from = forms.TimeField(label=_("Giờ yên tĩnh từ"))
    quiet_to = forms.TimeField(label=_("Giờ yên tĩnh đến"))

    def __init__(self, data: Mapping[str, str] | None, *, policy: Policy, today: date) -> None:
        initial = {
            "valid_from": today, "pupils_may_write": policy.pupils_may_write,
            "families_may_begin": policy.families_may_begin, "retention_months": policy.retention_months,
             "quiet_from": f"{policy.quiet_from:%H:%M}",
            "quiet_to": f"{policy.quiet_to:%H:%M}",
        }  # fmt: skip
        super().__init__(data, initial=initial)

    @property
    def policy(self) -> Policy:
        """What was decided."""
        return Policy(**{name: value for name, value in self.cleaned_data.items() if name != "valid_from"})


class DelegationForm(forms.Form):
    """Who answers, from which day to which."""

    substitute = forms.TypedChoiceField(label=_("Người trả lời thay"), coerce=int)
    first_on = forms.DateField(label=_("Từ ngày"))
    last_on = forms.DateField(label=_("Đến hết ngày"))

    def __init__(self, data: Mapping[str, str] | None, *, colleagues: Sequence[tuple[int, str]], today: date) -> None:
        super().__init__(data, initial={"first_on": today, "last_on": today})
        cast(forms.ChoiceField, self.fields["substitute"]).choices = [("", _("— chọn đồng nghiệp —")), *colleagues]
