"""What people type into the pages of this room."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.foundation.clock import today
from khue.identity.models import Role
from khue.registry.models import Organisation


class SignInForm(forms.Form):
    handle = forms.CharField(
        label=_("Tên đăng nhập, số điện thoại, e-mail hoặc số định danh"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Hãy nhập tên đăng nhập, số điện thoại, e-mail hoặc số định danh.")},
    )
    password = forms.CharField(
        label=_("Mật khẩu"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Hãy nhập mật khẩu.")},
    )


class SecondFactorForm(forms.Form):
    code = forms.CharField(
        label=_("Mã xác thực"),
        help_text=_("Sáu chữ số trong ứng dụng xác thực, hoặc một mã dự phòng."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
        error_messages={"required": _("Hãy nhập mã xác thực.")},
    )


class NewCodeForm(SecondFactorForm):
    code = forms.CharField(
        label=_("Mã sáu chữ số ứng dụng đang hiện"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Hãy nhập mã sáu chữ số.")},
    )


class NewPasswordForm(forms.Form):
    new_password = forms.CharField(
        label=_("Mật khẩu mới"),
        help_text=_("Ít nhất 8 ký tự, có chữ. Vài từ ghép lại vừa dễ nhớ vừa khó đoán."),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Hãy nhập mật khẩu mới.")},
    )


class ActivationForm(NewPasswordForm):
    code = forms.CharField(
        label=_("Mã kích hoạt"),
        help_text=_("Mã trên phiếu của nhà trường hoặc trong thư điện tử, ví dụ K7QM-2XRP-9TDW."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Hãy nhập mã kích hoạt.")},
    )
    field_order = ["code", "new_password"]


class LinkForm(forms.Form):
    handle = forms.CharField(
        label=_("Tên đăng nhập, số điện thoại, e-mail hoặc số định danh"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Hãy nhập tên đăng nhập, số điện thoại, e-mail hoặc số định danh.")},
    )


class ConfirmForm(forms.Form):
    password = forms.CharField(
        label=_("Mật khẩu hiện tại"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Hãy nhập mật khẩu hiện tại.")},
    )


class ChangePasswordForm(NewPasswordForm, ConfirmForm):
    field_order = ["password", "new_password"]


ROLE_NAMES = {
    Role.PUPIL: _("Học sinh"),
    Role.GUARDIAN: _("Phụ huynh"),
    Role.SUBJECT_TEACHER: _("Giáo viên bộ môn"),
    Role.HOMEROOM_TEACHER: _("Giáo viên chủ nhiệm"),
    Role.HEAD: _("Ban giám hiệu"),
    Role.CLERK: _("Văn thư"),
    Role.DEPARTMENT_OFFICER: _("Chuyên viên Sở, Phòng"),
    Role.MINISTRY_OFFICER: _("Chuyên viên Bộ"),
    Role.OPERATOR: _("Người vận hành"),
}


class GrantForm(forms.Form):
    """Which role, where, from when to when. Only what the giver may give is offered.

    places   organisations with the roles that may be given there
    """

    role = forms.ChoiceField(label=_("Vai trò"))
    valid_from = forms.DateField(label=_("Từ ngày"), error_messages={"required": _("Hãy nhập ngày bắt đầu.")})
    valid_to = forms.DateField(label=_("Đến hết ngày"), required=False)

    def __init__(self, data: QueryDict | None, *, places: Sequence[tuple[Organisation, Sequence[Role]]]) -> None:
        super().__init__(data, initial={"valid_from": today()})
        self._offered, choices = _offer(places)
        self.fields["role"] = forms.ChoiceField(label=_("Vai trò"), choices=choices)

    @property
    def is_useful(self) -> bool:
        return bool(self._offered)

    def grant(self) -> "Chosen":
        """What was chosen, as the action takes it."""
        role, place = self._offered[self.cleaned_data["role"]]
        return {
            "role": role,
            "organisation": place,
            "valid_from": self.cleaned_data["valid_from"],
            "valid_to": self.cleaned_data["valid_to"],
        }


class Chosen(TypedDict):
    role: Role
    organisation: Organisation
    valid_from: date
    valid_to: date | None


class SlipsForm(forms.Form):
    """For whom to print activation slips.

    places   organisations with the roles whose accounts may be activated there
    """

    role = forms.ChoiceField(label=_("Dành cho"))
    after = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, places: Sequence[tuple[Organisation, Sequence[Role]]]) -> None:
        super().__init__(data)
        self._offered, choices = _offer(places)
        self.fields["role"] = forms.ChoiceField(label=_("Dành cho"), choices=choices)

    def chosen(self) -> tuple[Role, Organisation]:
        """The role and the place."""
        return self._offered[self.cleaned_data["role"]]


def _offer(
    places: Sequence[tuple[Organisation, Sequence[Role]]],
) -> tuple[dict[str, tuple[Role, Organisation]], Sequence[tuple[str, Sequence[tuple[str, Promise]]]]]:
    """What a choice stands for, and the choices under the names of their places."""
    offered = {f"{role}@{place.id}": (role, place) for place, roles in places for role in roles}
    choices = [(place.name, [(f"{role}@{place.id}", ROLE_NAMES[role]) for role in roles]) for place, roles in places]
    return offered, choices
