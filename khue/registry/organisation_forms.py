"""Forms about the bodies of the education system."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.foundation.text import nfc
from khue.registry import labels
from khue.registry.actions import OrganisationDetails
from khue.registry.forms import PlaceForm, choose, commune_field, province_field, territory_as_typed
from khue.registry.models import Organisation

LONGEST = 200


class OrganisationForm(PlaceForm):
    """What is known of a body."""

    name = forms.CharField(label=_("Tên đơn vị"), max_length=LONGEST)
    code = forms.CharField(
        label=_("Mã"), max_length=35, required=False, help_text=_("Mã trường của ngành; bỏ trống nếu chưa được cấp.")
    )
    level_groups = forms.MultipleChoiceField(
        label=_("Cấp học"),
        choices=list(labels.LEVEL_GROUPS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ownership = forms.ChoiceField(label=_("Loại hình"), choices=list(labels.OWNERSHIPS.items()), initial="1")
    is_disadvantaged = forms.BooleanField(label=_("Vùng đặc biệt khó khăn"), required=False)
    address = forms.CharField(label=_("Địa chỉ"), max_length=500, required=False)
    province = province_field()
    commune = commune_field()
    phone = forms.CharField(label=_("Điện thoại"), max_length=30, required=False)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)

    @property
    def details(self) -> OrganisationDetails:
        """What was typed, in the form the action takes."""
        given = {
            name: self.cleaned_data[name] for name in ("name", "ownership", "is_disadvantaged", "address", "phone")
        }
        return OrganisationDetails(
            **given,
            email=self.cleaned_data["email"],
            code=self.cleaned_data["code"] or None,
            level_groups=tuple(self.cleaned_data["level_groups"]),
            territory=self.territory,
        )


def as_typed(organisation: Organisation) -> dict[str, Any]:
    """What is known of a body, as OrganisationForm shows it."""
    names = ("name", "code", "ownership", "is_disadvantaged", "address", "phone", "email")
    typed = {name: getattr(organisation, name) or "" for name in names}
    typed["level_groups"] = list(filter(None, organisation.level_groups.split(",")))
    return typed | territory_as_typed(organisation.territory)


class FoundingForm(OrganisationForm):
    """A new body, what it is and since when.

    kinds   what may stand under the body that is to manage it
    """

    kind = forms.ChoiceField(label=_("Loại"))
    on = forms.DateField(label=_("Từ ngày"), error_messages={"required": _("Hãy nhập ngày bắt đầu.")})

    def __init__(self, data: Any = None, *, kinds: Sequence[str], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        choose(self.fields["kind"], [(kind, labels.ORGANISATION_KINDS[kind]) for kind in kinds])


class DecidedForm(forms.Form):
    """A change of bodies that a decision orders, from a day on."""

    decision = forms.CharField(
        label=_("Căn cứ quyết định"),
        max_length=300,
        help_text=_("Số, ngày và cơ quan ra quyết định."),
        error_messages={"required": _("Hãy ghi số và ngày của quyết định.")},
    )
    on = forms.DateField(
        label=_("Từ ngày"),
        help_text=_("Ngày đầu tiên theo quyết định."),
        error_messages={"required": _("Hãy nhập ngày bắt đầu.")},
    )


class MoveForm(DecidedForm):
    """Who manages a body from a day on.

    managers   whom it may come under
    """

    to = forms.ChoiceField(label=_("Cơ quan quản lí mới"))

    def __init__(
        self, data: Any = None, *, managers: Sequence[Organisation], initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self._managers = {str(each.public_id): each for each in managers}
        choose(self.fields["to"], [(key, each.name) for key, each in self._managers.items()])

    @property
    def manager(self) -> Organisation:
        """Who was chosen."""
        return self._managers[self.cleaned_data["to"]]


class MergerForm(DecidedForm):
    """Which bodies go into another one.

    candidates   who may
    """

    merging = forms.MultipleChoiceField(
        label=_("Đơn vị sáp nhập vào đây"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Hãy chọn ít nhất một đơn vị để sáp nhập.")},
    )
    keep_as_campuses = forms.BooleanField(
        label=_("Giữ trường cũ làm điểm trường"),
        required=False,
        initial=True,
        help_text=_("Điểm trường mang tên và địa chỉ cũ."),
    )

    def __init__(
        self, data: Any = None, *, candidates: Sequence[Organisation], initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self._candidates = {str(each.public_id): each for each in candidates}
        choose(self.fields["merging"], [(key, _with_code(each)) for key, each in self._candidates.items()])

    @property
    def bodies(self) -> list[Organisation]:
        """Who was chosen."""
        return [self._candidates[key] for key in self.cleaned_data["merging"]]


class SplitForm(DecidedForm):
    """Into what a body is split; the new ones begin with what is known of it."""

    names = forms.CharField(
        label=_("Tên các đơn vị mới"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mỗi dòng một tên. Mã, địa chỉ, điện thoại ghi sau, trên trang của từng đơn vị."),
        error_messages={"required": _("Hãy ghi tên các đơn vị mới.")},
    )
    remains = forms.BooleanField(
        label=_("Đơn vị cũ vẫn hoạt động"),
        required=False,
        help_text=_("Không đánh dấu: đơn vị cũ kết thúc vào ngày hôm trước."),
    )

    def clean_names(self) -> list[str]:
        """One name a line, without those that are empty or there already."""
        lines = (" ".join(nfc(line).split()) for line in self.cleaned_data["names"].splitlines())
        names = list(dict.fromkeys(filter(None, lines)))
        if any(len(name) > LONGEST for name in names):
            raise forms.ValidationError(_("Tên dài quá %(most)s chữ.") % {"most": LONGEST})
        return names

    def parts_of(self, organisation: Organisation) -> list[OrganisationDetails]:
        """The new bodies, where the old one was and for the same levels."""
        return [
            OrganisationDetails(
                name=name,
                territory=organisation.territory,
                level_groups=tuple(filter(None, organisation.level_groups.split(","))),
                ownership=organisation.ownership,
                is_disadvantaged=organisation.is_disadvantaged,
            )
            for name in self.cleaned_data["names"]
        ]


def _with_code(organisation: Organisation) -> str:
    return f"{organisation.name} ({organisation.code})" if organisation.code else organisation.name


class ClosingForm(forms.Form):
    """The last day of a body, and why it ends."""

    on = forms.DateField(label=_("Ngày cuối cùng"), error_messages={"required": _("Hãy nhập ngày cuối cùng.")})
    reason = forms.CharField(
        label=_("Lí do"),
        max_length=300,
        help_text=_("Số và ngày quyết định. Nếu sáp nhập, hãy dùng trang Nhận sáp nhập của đơn vị nhận."),
        error_messages={"required": _("Hãy ghi lí do.")},
    )
