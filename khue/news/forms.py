"""Forms of those who write for the public."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.news.actions import Plan, Text
from khue.news.models import Campaign

HOW_TO_WRITE = _(
    "Dòng trống để sang đoạn mới. ## đề mục, - gạch đầu dòng, **chữ đậm**, [chữ](địa chỉ) để dẫn trang khác."
)


class ArticleForm(forms.Form):
    """An article as its author writes it."""

    title = forms.CharField(label=_("Đầu đề"), max_length=200)
    lead = forms.CharField(
        label=_("Tóm tắt"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Hai, ba câu, hiện ở danh sách tin."),
    )  # fmt: skip
    body = forms.CharField(
        label=_("Nội dung"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 16}), help_text=HOW_TO_WRITE
    )
    campaign = forms.ChoiceField(label=_("Thuộc đợt truyền thông"), required=False)

    def __init__(self, *args: Any, campaigns: Sequence[Campaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._campaigns = {str(each.public_id): each for each in campaigns}
        chosen = [(key, f"{each.title} ({each.body.name})") for key, each in self._campaigns.items()]
        cast(forms.ChoiceField, self.fields["campaign"]).choices = [("", _("Không thuộc đợt nào")), *chosen]

    @property
    def text(self) -> Text:
        given = self.cleaned_data
        return Text(given["title"], given["lead"], given["body"], self._campaigns.get(given["campaign"]))


class WithdrawForm(forms.Form):
    """Why an article goes."""

    why = forms.CharField(
        label=_("Lý do gỡ"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Người mở lại địa chỉ cũ sẽ đọc được lý do này."),
    )  # fmt: skip


class CampaignForm(forms.Form):
    """A campaign as it is opened."""

    title = forms.CharField(label=_("Tên đợt truyền thông"), max_length=200)
    aim = forms.CharField(label=_("Mục đích"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    source = forms.CharField(
        label=_("Căn cứ"), max_length=300, required=False, help_text=_("Văn bản, kế hoạch mà đợt này thực hiện.")
    )
    begins_on = forms.DateField(label=_("Từ ngày"))
    ends_on = forms.DateField(label=_("Đến hết ngày"))
    wanted_reads = forms.IntegerField(
        label=_("Mục tiêu lượt đọc"), min_value=1, max_value=1_000_000_000, required=False
    )

    @property
    def plan(self) -> Plan:
        return Plan(**self.cleaned_data)
