"""Forms of an admission: its plan, the seed of its lot, the classes to fill."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.schools.actions import PlanDetails
from khue.schools.labels import ADMISSIONS
from khue.schools.models import SchoolClass

MOST_ZONES = 500
_WHEN = "%Y-%m-%dT%H:%M"


class OpenForm(forms.Form):
    """What a plan promises."""

    procedure = forms.ChoiceField(label=_("Tuyển sinh vào"), choices=list(ADMISSIONS.items()))
    year = forms.RegexField(
        r"^\d{4}-\d{4}$", label=_("Năm học"), help_text=_("Ví dụ: 2027-2028."),
        error_messages={"invalid": _("Năm học viết như 2027-2028.")},
    )  # fmt: skip
    capacity = forms.IntegerField(label=_("Số chỗ"), min_value=1, max_value=5000)
    opens_at = forms.DateTimeField(
        label=_("Nhận hồ sơ từ"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_WHEN)
    )
    closes_at = forms.DateTimeField(
        label=_("Đến"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_WHEN)
    )
    who = forms.CharField(
        label=_("Ai được đăng kí"), max_length=2000, widget=forms.Textarea,
        help_text=_("Ví dụ: Trẻ sinh năm 2021, thường trú hoặc tạm trú trên địa bàn."),
    )  # fmt: skip
    zones = forms.CharField(
        label=_("Địa bàn tuyển sinh, mỗi dòng một nơi"), max_length=30_000, widget=forms.Textarea,
        help_text=_("Xã, phường: thôn, tổ dân phố. Không ghi thôn thì là cả xã. Ví dụ: Mỹ An: Ấp 3"),
    )  # fmt: skip
    papers = forms.CharField(
        label=_("Giấy tờ, mỗi dòng một thứ"), max_length=2000, required=False, widget=forms.Textarea,
        help_text=_("Không đòi giấy mà hệ thống hoặc dữ liệu dân cư đã có."),
    )  # fmt: skip
    seed_digest = forms.CharField(
        label=_("Mã băm SHA-256 của số bốc thăm"), max_length=64, required=False,
        help_text=_("Chỉ khi bốc thăm trong cùng nhóm ưu tiên. Bỏ trống thì xếp theo thứ tự nộp."),
    )  # fmt: skip

    def clean_zones(self) -> list[tuple[str, str]]:
        """One place a line."""
        lines = [line.strip() for line in self.cleaned_data["zones"].splitlines() if line.strip()]
        if len(lines) > MOST_ZONES:
            raise forms.ValidationError(_("Nhiều nhất %(most)s dòng."), params={"most": MOST_ZONES})
        found = []
        for line in lines:
            commune, _colon, street = line.partition(":")
            if not commune.strip():
                raise forms.ValidationError(_("Dòng “%(line)s” thiếu tên xã, phường."), params={"line": line[:60]})
            found.append((commune.strip()[:100], street.strip()[:100]))
        return found

    @property
    def details(self) -> PlanDetails:
        """The plan as the action takes it."""
        return PlanDetails(**self.cleaned_data)


class SeedForm(forms.Form):
    """The seed whose digest was published; empty where nothing is drawn."""

    seed = forms.CharField(label=_("Số bốc thăm"), max_length=200, required=False)


class PlaceForm(forms.Form):
    """Which classes the admitted are dealt out to, and from which day."""

    classes = forms.MultipleChoiceField(label=_("Chia đều vào các lớp"), widget=forms.CheckboxSelectMultiple)
    on = forms.DateField(label=_("Vào lớp từ ngày"))

    def __init__(self, data: Any = None, *, classes: Sequence[SchoolClass], on: date) -> None:
        first = max([on, *(each.school_year.starts_on for each in classes[:1])])
        super().__init__(data, initial={"on": first})
        self._rows = {str(each.public_id): each for each in classes}
        field = self.fields["classes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, each.name) for key, each in self._rows.items()]

    @property
    def chosen(self) -> list[SchoolClass]:
        """The classes, in the order of their names."""
        return [row for key, row in self._rows.items() if key in self.cleaned_data["classes"]]
