"""Forms of the registry."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.foundation.clock import today
from khue.foundation.text import sort_key
from khue.registry import labels
from khue.registry.models import Organisation, Person, Territory
from khue.registry.queries import (
    PartialDate,
    PersonDetails,
    UnclearDate,
    commune_named,
    communes_after,
    ethnic_groups,
    national_phone,
    nationalities,
    provinces,
)

#: A number of another country, with its sign and its country's number (E.164).
_ABROAD = re.compile(r"\+(?!84)[1-9][0-9 .()-]{6,20}").fullmatch


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


class PlaceForm(forms.Form):
    """A province and one of its communes, as they are called today. For forms that have fields of these names."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self._provinces = {province.code: province for province in provinces()}
        choose(self.fields["province"], [("", _("Chưa rõ")), *((p.code, p.name) for p in self._provinces.values())])

    def clean(self) -> dict[str, Any]:
        """Find the commune by its name, tone marks anywhere. A name of before July 2025 finds what it became."""
        given = super().clean() or {}
        province = self._provinces.get(given.get("province", ""))
        commune = None
        if given.get("commune") and province is None:
            self.add_error("province", _("Hãy chọn tỉnh, thành phố của xã, phường này."))
        elif province and given.get("commune"):
            commune = commune_named(province, given["commune"]) or self._after_the_reform(province, given["commune"])
        self.territory = commune or province
        return given

    def _after_the_reform(self, province: Territory, name: str) -> Territory | None:
        """The one commune that an old name became; an error that names them where they are several, or none."""
        meant = communes_after(province, name)
        if len(meant) == 1:
            return meant[0]
        if meant:
            names = ", ".join(territory.full_name for territory in meant)
            said = _("Tên này có trước 01/7/2025; nơi ấy nay thuộc: %(names)s. Hãy ghi một tên trong số đó.")
            self.add_error("commune", said % {"names": names})
        else:
            self.add_error("commune", _("Tỉnh này không có xã, phường nào tên như vậy, nay cũng như trước 01/7/2025."))
        return None


def province_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Tỉnh, thành phố"), required=False)


def commune_field() -> forms.CharField:
    return forms.CharField(
        label=_("Xã, phường, đặc khu"),
        max_length=100,
        required=False,
        help_text=_("Tên hiện nay; tên trước 01/7/2025 được đổi sang tên mới."),
    )


def territory_as_typed(place: Territory | None) -> dict[str, str]:
    """Province and commune as PlaceForm shows them. A commune comes with its province."""
    if place is None:
        return {"province": "", "commune": ""}
    if place.parent is None:
        return {"province": place.code, "commune": ""}
    return {"province": place.parent.code, "commune": place.full_name}


class PersonForm(PlaceForm):
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
    address = forms.CharField(
        label=_("Địa chỉ"),
        max_length=500,
        required=False,
        help_text=_("Như đã ghi trong giấy tờ, kể cả theo địa giới cũ."),
    )
    province = province_field()
    commune = commune_field()
    phone = forms.CharField(label=_("Điện thoại"), max_length=30, required=False)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)
    occupation = forms.CharField(label=_("Nghề nghiệp"), max_length=200, required=False)
    is_disabled = forms.BooleanField(label=_("Khuyết tật"), required=False)
    is_poor_household = forms.BooleanField(label=_("Hộ nghèo"), required=False)
    reason = forms.CharField(label=_("Lí do sửa"), max_length=300, required=False)

    passed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        choose(self.fields["ethnicity"], _ethnicities())
        choose(self.fields["nationality"], _countries())

    def clean_phone(self) -> str:
        """A number that can be called: of Vietnam, or of elsewhere with its country. What the file holds may stay."""
        typed: str = self.cleaned_data["phone"].strip()
        kept = str(self.get_initial_for_field(self.fields["phone"], "phone") or "")
        if typed in ("", kept):
            return typed
        number = national_phone(typed) or _ABROAD(typed)
        if not number:
            raise forms.ValidationError(
                _("Số điện thoại này không gọi được. Ghi đủ 10 chữ số như 0912 345 678; số nước ngoài có dấu + ở đầu.")
            )
        return number if isinstance(number, str) else typed

    @property
    def details(self) -> PersonDetails:
        """What was typed, in the form the action takes."""
        given = {name: value for name, value in self.cleaned_data.items() if name in _DETAILS}
        return PersonDetails(territory_id=self.territory.id if self.territory else None, **given)


@lru_cache(maxsize=1)
def _ethnicities() -> list[tuple[str, Any]]:
    return [("", _("Chưa rõ")), *((entry.code, entry.name) for entry in ethnic_groups())]


@lru_cache(maxsize=1)
def _countries() -> list[tuple[str, Any]]:
    """Việt Nam first, the others in dictionary order."""
    entries = sorted(nationalities(), key=lambda entry: (entry.code != "VN", sort_key(entry.name)))
    return [(entry.code, entry.name) for entry in entries]


def as_typed(person: Person) -> dict[str, Any]:
    """What a person's file says, as PersonForm shows it. The person comes with its territory and that one's parent."""
    typed = {name: getattr(person, name) or "" for name in _DETAILS}
    return typed | territory_as_typed(person.territory)


_DETAILS = PersonForm.base_fields.keys() - {"reason", "passed", "province", "commune"}


class NewPersonForm(PersonForm):
    """A person who is in no list yet, where the person belongs, and since when.

    places  the organisations for which the actor keeps files
    child   whom a guardian is recorded for; asked for no further than that
    """

    place = forms.ChoiceField(label=_("Đơn vị"))
    kind = forms.ChoiceField(label=_("Vai trò"), choices=list(labels.KINDS.items()), widget=forms.RadioSelect)
    on = forms.DateField(label=_("Từ ngày"), error_messages={"required": _("Hãy nhập ngày bắt đầu.")})
    child = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, places: Sequence[Organisation], initial: dict[str, Any] | None = None
    ) -> None:
        self._places = {str(place.public_id): place for place in places}
        standard = {"place": next(iter(self._places), ""), "on": today(), "sex": "0", "nationality": "VN"}
        super().__init__(data, initial={**standard, **(initial or {})})
        choose(self.fields["place"], [(key, place.name) for key, place in self._places.items()])
        self.fields["sex"].initial = "0"
        del self.fields["reason"]

    @property
    def organisation(self) -> Organisation:
        """Where the person is to belong."""
        return self._places[self.cleaned_data["place"]]


def choose(field: forms.Field, choices: Sequence[tuple[str, Any]]) -> None:
    """Give a choice field the choices that only the request knows."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class RightsForm(forms.Form):
    """What a guardian receives and decides."""

    receives_messages = forms.BooleanField(label=_("Nhận tin của nhà trường về em"), required=False)
    may_decide = forms.BooleanField(label=_("Được quyết định thay em (đơn từ, đồng ý)"), required=False)


class AppointmentForm(RightsForm):
    """What an adult is to a child, since when, with which rights."""

    relationship = forms.ChoiceField(
        label=_("Quan hệ"), choices=list(labels.RELATIONSHIPS.items()), widget=forms.RadioSelect
    )
    on = forms.DateField(label=_("Từ ngày"), error_messages={"required": _("Hãy nhập ngày bắt đầu.")})
    field_order = ["relationship", "on", "receives_messages", "may_decide"]


class EndForm(forms.Form):
    """The last day of something."""

    on = forms.DateField(
        label=_("Ngày cuối cùng"),
        help_text=_("Hết ngày này là thôi."),
        error_messages={"required": _("Hãy nhập ngày cuối cùng.")},
    )


class CourtDecisionForm(forms.Form):
    """The court's decision that bars a guardian, or lifts the bar."""

    court_decision = forms.CharField(
        label=_("Số và ngày quyết định của toà án"),
        max_length=200,
        help_text=_("Ví dụ: 12/2026/QĐ-TA ngày 02/10/2026."),
    )
