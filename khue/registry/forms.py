"""Forms of the registry."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.registry import labels
from khue.registry.models import Person
from khue.registry.queries import PartialDate, PersonDetails, UnclearDate, ethnic_groups, nationalities


class PartialDateField(forms.CharField):
    """A date of which only the year, or month and year, may be known."""

    def to_python(self, value: object) -> PartialDate:  # type: ignore[override]  # a richer value than CharField's
        try:
            return PartialDate.parse(str(value or ""))
        except UnclearDate as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def prepare_value(self, value: object) -> str:
        return str(value or "")

    def validate(self, value: object) -> None:
        """Nothing more: an empty date is a date not known."""

    def run_validators(self, value: object) -> None:
        """Those of a text do not fit a date."""


class PersonForm(forms.Form):
    """Everything a person's file says."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=200)
    other_name = forms.CharField(label=_("Tên gọi khác"), max_length=200, required=False)
    sex = forms.ChoiceField(label=_("Giới tính"), choices=list(labels.SEXES.items()), widget=forms.RadioSelect)
    birth = PartialDateField(
        label=_("Ngày sinh"),
        required=False,
        help_text=_("Ngày/tháng/năm, ví dụ 02/03/2015. Không rõ ngày thì ghi 03/2015 hoặc 2015."),
    )
    birthplace = forms.CharField(label=_("Nơi sinh"), max_length=300, required=False)
    national_id = forms.CharField(
        label=_("Số định danh cá nhân"), required=False, help_text=_("12 chữ số trên thẻ căn cước hoặc giấy khai sinh.")
    )
    moet_code = forms.CharField(label=_("Mã định danh Bộ GD&ĐT"), required=False)
    foreign_paper = forms.CharField(label=_("Giấy tờ của người nước ngoài"), max_length=100, required=False)
    ethnicity = forms.ChoiceField(label=_("Dân tộc"), required=False)
    nationality = forms.ChoiceField(label=_("Quốc tịch"))
    address = forms.CharField(label=_("Địa chỉ"), max_length=500, required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=30, required=False)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)
    is_disabled = forms.BooleanField(label=_("Khuyết tật"), required=False)
    is_poor_household = forms.BooleanField(label=_("Hộ nghèo"), required=False)
    reason = forms.CharField(label=_("Lí do sửa"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, person: Person) -> None:
        fields = self.base_fields.keys() - {"reason"}
        super().__init__(data, initial={name: getattr(person, name) or "" for name in fields})
        self.territory_id = person.territory_id
        groups = [(entry.code, entry.name) for entry in ethnic_groups()]
        countries = sorted((str(entry.name), entry.code) for entry in nationalities())
        _choose(self.fields["ethnicity"], [("", _("Chưa rõ")), *groups])
        _choose(self.fields["nationality"], [(code, name) for name, code in countries])

    @property
    def details(self) -> PersonDetails:
        """What was typed, in the form the action takes."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        return PersonDetails(territory_id=self.territory_id, **given)


def _choose(field: forms.Field, choices: list[tuple[str, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class RightsForm(forms.Form):
    """What a guardian receives and decides."""

    receives_messages = forms.BooleanField(label=_("Nhận tin của nhà trường về em"), required=False)
    may_decide = forms.BooleanField(label=_("Được quyết định thay em (đơn từ, đồng ý)"), required=False)


class CourtDecisionForm(forms.Form):
    """The court's decision that bars a guardian, or lifts the bar."""

    court_decision = forms.CharField(
        label=_("Số và ngày quyết định của toà án"),
        max_length=200,
        help_text=_("Ví dụ: 12/2026/QĐ-TA ngày 02/10/2026."),
    )
