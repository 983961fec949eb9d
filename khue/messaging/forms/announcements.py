"""The form of an announcement to classes, and what it shares with those of surveys and consent sheets."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.foundation.clock import VIETNAM
from khue.messaging.actions import Draft
from khue.messaging.extensions import ClassRoll

#: Files of one announcement that its form takes.
FILES = ("file_1", "file_2", "file_3")


class ToClassesForm(forms.Form):
    """To which classes, what about, until when. classes: all of one school."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    classes = forms.MultipleChoiceField(
        label=_("Gửi tới lớp"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Hãy chọn ít nhất một lớp.")},
    )  # fmt: skip
    subject = forms.CharField(label=_("Tiêu đề"), max_length=150)
    body = forms.CharField(label=_("Nội dung"), max_length=5000, widget=forms.Textarea(attrs={"rows": 7}))
    due_on = forms.DateField(
        label=_("Hạn trả lời"), required=False,
        help_text=_("Hết ngày này không nhận trả lời nữa. Trước hạn một ngày, Khuê nhắc người chưa trả lời."),
    )  # fmt: skip
    urgent_reason = forms.CharField(
        label=_("Lí do khẩn cấp"), max_length=200, required=False,
        help_text=_("Chỉ điền khi phải báo ngay cả trong giờ yên tĩnh (21:00 đến 6:00), ví dụ nghỉ học vì bão."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, files: Any = None, *, classes: Sequence[ClassRoll], chosen: Sequence[str] = ()
    ) -> None:
        choices = [(str(roll.class_id), roll.name) for roll in classes]
        alone = [choices[0][0]] if len(choices) == 1 else []
        super().__init__(data, files, initial={"key": uuid4(), "classes": list(chosen) or alone})
        cast(forms.MultipleChoiceField, self.fields["classes"]).choices = choices

    def clean_classes(self) -> list[int]:
        return [int(key) for key in self.cleaned_data["classes"]]

    @property
    def due_at(self) -> datetime | None:
        """The last instant of the day that was chosen."""
        day: date | None = self.cleaned_data.get("due_on")
        return datetime.combine(day, time(23, 59, 59), tzinfo=VIETNAM) if day else None

    def draft(self, **further: Any) -> Draft:
        """What is asked for, with what the kind of form adds."""
        given = self.cleaned_data
        return Draft(
            key=given["key"], subject=given["subject"], body=given["body"], class_ids=given["classes"],
            due_at=self.due_at, urgent_reason=given["urgent_reason"], **further,
        )  # fmt: skip


class WithFiles(forms.Form):
    """Up to three files."""

    file_1 = forms.FileField(label=_("Tệp đính kèm"), required=False)
    file_2 = forms.FileField(label=_("Tệp thứ hai"), required=False)
    file_3 = forms.FileField(label=_("Tệp thứ ba"), required=False)


class AnnouncementForm(ToClassesForm, WithFiles):
    """An announcement that is told at once."""

    to_families = forms.BooleanField(label=_("Phụ huynh"), required=False, initial=True)
    to_pupils = forms.BooleanField(label=_("Học sinh"), required=False)
    asks_receipt = forms.BooleanField(
        label=_("Cần xác nhận “Đã đọc và nắm thông tin”"), required=False,
        help_text=_("Mỗi gia đình, mỗi em bấm một lần; Thầy/Cô thấy ai đã bấm."),
    )  # fmt: skip
    pinned_until = forms.DateField(
        label=_("Ghim đến hết ngày"),
        required=False,
        help_text=_("Đứng đầu trang của phụ huynh và học sinh đến ngày này."),
    )

    def draft(self, **further: Any) -> Draft:
        given = self.cleaned_data
        return super().draft(
            to_families=given["to_families"], to_pupils=given["to_pupils"], pinned_until=given["pinned_until"],
            asks="receipt" if given["asks_receipt"] else "nothing", **further,
        )  # fmt: skip


class CorrectionForm(forms.Form):
    """The words as they should have been."""

    subject = forms.CharField(label=_("Tiêu đề"), max_length=150)
    body = forms.CharField(
        label=_("Nội dung"), max_length=5000, widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("Mọi người đã nhận được báo một lần về nội dung mới. Ai đã xem vẫn được ghi là đã xem."),
    )  # fmt: skip


class WithdrawalForm(forms.Form):
    """Why it is taken back."""

    reason = forms.CharField(
        label=_("Lí do thu hồi"), max_length=300,
        help_text=_("Gia đình và học sinh đọc lí do này thay cho nội dung đã gửi."),
    )  # fmt: skip
