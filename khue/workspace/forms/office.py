"""Forms of documents, tasks and the week."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.foundation.clock import VIETNAM, today
from khue.foundation.ui.controls import SharedChoices
from khue.registry.queries import Colleague
from khue.workspace import labels, symbols
from khue.workspace.actions import Arrival, Draft
from khue.workspace.models import Venue

KIND_CHOICES = [(kind.code, kind.name) for kind in symbols.KINDS]
LONG = forms.Textarea(attrs={"rows": 3})


class ArrivalForm(forms.Form):
    """What the clerk writes of a document that arrived."""

    symbol = forms.CharField(
        label=_("Số, ký hiệu"), max_length=100, help_text=_("Như ghi trên văn bản, ví dụ 125/SGDĐT-VP.")
    )
    dated_on = forms.DateField(label=_("Ngày văn bản"))
    issuer = forms.CharField(label=_("Cơ quan ban hành"), max_length=300)
    kind = forms.ChoiceField(label=_("Loại văn bản"), choices=KIND_CHOICES)
    summary = forms.CharField(label=_("Trích yếu"), max_length=1000, widget=LONG)
    urgency = forms.ChoiceField(label=_("Mức độ khẩn"), choices=list(labels.URGENCIES.items()))
    on = forms.DateField(label=_("Ngày đến"))
    due_on = forms.DateField(label=_("Hạn xử lý"), required=False)

    @property
    def arrival(self) -> Arrival:
        return Arrival(**{name: value for name, value in self.cleaned_data.items() if name != "on"})

    def clean_on(self) -> Any:
        """A document has not arrived before it is here."""
        if self.cleaned_data["on"] > today():
            raise forms.ValidationError(_("Ngày đến không thể sau hôm nay."))
        return self.cleaned_data["on"]


class CorrectionForm(ArrivalForm):
    """What was written of a document that arrived, to be put right; its day and number stay."""

    on = None  # type: ignore[assignment]  # Django's way to leave a field out


class DraftForm(forms.Form):
    """A document that is being written."""

    kind = forms.ChoiceField(label=_("Loại văn bản"), choices=KIND_CHOICES)
    issuer = forms.CharField(
        label=_("Gửi đến"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Mỗi nơi một dòng. Công văn, tờ trình, báo cáo, giấy mời in sau chữ “Kính gửi”."),
    )
    summary = forms.CharField(label=_("Trích yếu"), max_length=1000, widget=LONG)
    body = forms.CharField(
        label=_("Nội dung"),
        max_length=50_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_(
            "Mỗi đoạn một dòng. Dòng “Căn cứ …” ở đầu, “Chương I”, “Điều 1.”, “I.” được trình bày đúng thể thức."
        ),
    )
    copies = forms.CharField(
        label=_("Nơi nhận"),
        max_length=1000,
        required=False,
        widget=LONG,
        help_text=_("Mỗi nơi một dòng. Để trống: như trên, lưu văn thư."),
    )
    place = forms.CharField(
        label=_("Địa danh"), max_length=100, required=False, help_text=_("Đứng trước ngày, tháng: tên xã, phường.")
    )
    urgency = forms.ChoiceField(label=_("Mức độ khẩn"), choices=list(labels.URGENCIES.items()), required=False)
    signed_for = forms.ChoiceField(label=_("Quyền hạn ký"), choices=list(labels.POWERS.items()), required=False)
    signer_title = forms.CharField(
        label=_("Chức vụ người ký"), max_length=100, required=False, help_text=_("Để trống: người đứng đầu đơn vị.")
    )
    signer_name = forms.CharField(
        label=_("Họ tên người ký"), max_length=100, required=False, help_text=_("Để trống: người duyệt văn bản.")
    )
    due_on = forms.DateField(label=_("Cần ban hành trước ngày"), required=False)

    @property
    def draft(self) -> Draft:
        given = self.cleaned_data
        return Draft(**{**given, "urgency": given["urgency"] or "normal"})


class ColleagueField(forms.ChoiceField):
    """One of the staff; the cleaned value is the Colleague."""

    def offer(self, offered: "Offered") -> None:
        """Let these be chosen, or none of them."""
        self.rows, self.choices = offered.rows, offered.choices

    def clean(self, value: Any) -> Any:
        return self.rows.get(super().clean(value))


class Offered:
    """Colleagues to choose from, laid out once for all fields of a page.

    nobody   what stands for none of them
    """

    def __init__(self, colleagues: Sequence[Colleague], *, nobody: object = "—") -> None:
        often = Counter(each.full_name for each in colleagues)
        named = [(str(each.public_id), each, _named(each, often)) for each in colleagues]
        self.rows = {key: each for key, each, _name in named}
        self.people = SharedChoices((key, name) for key, _each, name in named)
        self.choices = SharedChoices([("", nobody), *self.people])


def _named(each: Colleague, often: Mapping[str, int]) -> str:
    """The name; of namesakes with the year of birth."""
    is_apart = often[each.full_name] > 1 and each.birth_year
    return f"{each.full_name} ({each.birth_year})" if is_apart else each.full_name


class AssignForm(forms.Form):
    """To whom a document is given."""

    to = ColleagueField(label=_("Giao cho"))
    due_on = forms.DateField(label=_("Hạn xử lý"), required=False)
    note = forms.CharField(label=_("Ý kiến chỉ đạo"), max_length=1000, required=False, widget=LONG)

    def __init__(self, data: Any = None, *, colleagues: Sequence[Colleague], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["to"]
        assert isinstance(field, ColleagueField)
        field.offer(Offered(colleagues))


class NoteForm(forms.Form):
    """Words that go with a step of a document."""

    note = forms.CharField(label=_("Ý kiến"), max_length=1000, required=False, widget=LONG)


class AttachForm(forms.Form):
    """A file of a document."""

    part = forms.ChoiceField(label=_("Tệp này là"))
    file = forms.FileField(
        label=_("Tệp"), required=False, help_text=_("PDF, Word, Excel, PowerPoint hoặc ảnh, nhiều nhất 50 MB.")
    )

    def __init__(self, data: Any = None, files: Any = None, *, parts: Sequence[str]) -> None:
        super().__init__(data, files)
        field = self.fields["part"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(part, labels.PARTS[part]) for part in parts]


class ReleaseForm(forms.Form):
    """How the issuing body abbreviates itself."""

    body = forms.CharField(
        label=_("Chữ viết tắt tên đơn vị"), max_length=40, help_text=_("Đứng sau số và loại văn bản: 07/KH-THCSKĐ.")
    )


class TaskForm(AssignForm):
    """A task for one of the staff."""

    field_order = ("title", "to", "due_on", "origin")
    title = forms.CharField(label=_("Việc cần làm"), max_length=500)
    due_on = forms.DateField(label=_("Hạn xong"))
    origin = forms.CharField(
        label=_("Theo"),
        max_length=500,
        required=False,
        help_text=_("Biên bản họp, kế hoạch hoặc văn bản nêu việc này."),
    )
    note = None  # type: ignore[assignment]  # Django's way to leave a field out


class OccasionForm(forms.Form):
    """Something in the week, with its hours and, if wanted, its venue."""

    title = forms.CharField(label=_("Nội dung"), max_length=300)
    on = forms.DateField(label=_("Ngày"))
    starts = forms.TimeField(label=_("Từ giờ"), help_text=_("Ví dụ 14:00"))
    ends = forms.TimeField(label=_("Đến giờ"))
    venue = forms.ChoiceField(label=_("Phòng, thiết bị"), required=False)
    attended_by = forms.CharField(label=_("Thành phần"), max_length=500, required=False)
    until = forms.DateField(
        label=_("Lặp lại hằng tuần đến ngày"), required=False, help_text=_("Để trống: chỉ một buổi.")
    )

    def __init__(self, data: Any = None, *, venues: Sequence[Venue], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self._venues = {str(each.public_id): each for each in venues}
        field = self.fields["venue"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Không cần đặt phòng")), *((key, each.name) for key, each in self._venues.items())]

    @property
    def chosen_venue(self) -> Venue | None:
        return self._venues.get(self.cleaned_data["venue"])

    def at(self, name: str) -> datetime:
        """The instant of the hour in that field, on the day of the form."""
        return datetime.combine(self.cleaned_data["on"], self.cleaned_data[name], VIETNAM)


class VenueForm(forms.Form):
    """Something that can be booked."""

    name = forms.CharField(label=_("Tên phòng hoặc thiết bị"), max_length=100)
    seats = forms.IntegerField(label=_("Số chỗ"), min_value=1, max_value=5000, required=False)
