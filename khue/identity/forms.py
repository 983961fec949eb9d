"""What people type into the pages of this room."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypedDict, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.foundation.clock import today
from khue.identity.models import Role
from khue.identity.queries import AskedOnPaper, Decider
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
    Role.ACCOUNTANT: _("Kế toán"),
    Role.DEPARTMENT_OFFICER: _("Chuyên viên Sở, xã"),
    Role.MINISTRY_OFFICER: _("Chuyên viên Bộ"),
    Role.OPERATOR: _("Người vận hành"),
}


def role_name(code: str) -> str | Promise:
    """What a role is called on the screen; the code itself for one that no longer exists."""
    return ROLE_NAMES[Role(code)] if code in Role.values else code


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
    groups   their classes, each under the name of its place
    """

    role = forms.ChoiceField(label=_("Dành cho"))
    group = forms.ChoiceField(label=_("Lớp"), required=False)
    after = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        places: Sequence[tuple[Organisation, Sequence[Role]]],
        groups: Sequence[tuple[Organisation, Sequence[tuple[str, str]]]] = (),
    ) -> None:
        super().__init__(data)
        self._offered, choices = _offer(places)
        self.fields["role"] = forms.ChoiceField(label=_("Dành cho"), choices=choices)
        classes = [(place.name, [(f"{key}@{place.id}", name) for key, name in within]) for place, within in groups]
        self.fields["group"] = forms.ChoiceField(
            label=_("Lớp"), required=False, choices=[("", _("Cả đơn vị")), *classes]
        )

    @property
    def chosen_group(self) -> str:
        """The class within the chosen place; "" for everybody."""
        key, _separator, place = self.cleaned_data["group"].partition("@")
        return str(key) if place == str(self.chosen()[1].id) else ""

    @property
    def group_name(self) -> str:
        """What the chosen class is called, for the heading of the printed page."""
        return str(dict(_flat(self.fields["group"])).get(self.cleaned_data["group"], "")) if self.chosen_group else ""

    def chosen(self) -> tuple[Role, Organisation]:
        """The role and the place."""
        return self._offered[self.cleaned_data["role"]]


class OpenAccountForm(forms.Form):
    """With which role, and where, to open an account for one person.

    places   organisations with the roles that may be given there
    """

    role = forms.ChoiceField(label=_("Vai trò"))

    def __init__(self, data: QueryDict | None, *, places: Sequence[tuple[Organisation, Sequence[Role]]]) -> None:
        super().__init__(data)
        self._offered, choices = _offer(places)
        self.fields["role"] = forms.ChoiceField(label=_("Vai trò"), choices=choices)

    def chosen(self) -> tuple[Role, Organisation]:
        """The role and the place."""
        return self._offered[self.cleaned_data["role"]]


class ResetForm(forms.Form):
    """Why a second factor should be taken away."""

    reason = forms.CharField(
        label=_("Lí do"),
        max_length=300,
        help_text=_("Ví dụ: mất điện thoại, đã gặp trực tiếp và xem căn cước."),
        error_messages={"required": _("Hãy ghi lí do, để người duyệt kiểm tra được.")},
    )


class EmailForm(forms.Form):
    """An e-mail address to prove."""

    email = forms.CharField(
        label=_("Địa chỉ thư điện tử"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Hãy nhập địa chỉ thư điện tử.")},
    )


class PaperForm(forms.Form):
    """What somebody agreed to on paper.

    deciders   who may sign
    purposes   what is asked, in the wording of today
    """

    decided_by = forms.ChoiceField(label=_("Người kí"))
    purpose = forms.MultipleChoiceField(
        label=_("Đồng ý với"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Hãy chọn ít nhất một mục đã được đánh dấu đồng ý trên giấy.")},
    )

    def __init__(
        self, data: QueryDict | None = None, *, deciders: Sequence[Decider], purposes: Sequence[AskedOnPaper]
    ) -> None:
        super().__init__(data)
        self._versions = {asked.purpose: asked.version for asked in purposes}
        signers = [(str(decider.person_id), decider.name) for decider in deciders]
        titles = [(asked.purpose, asked.title) for asked in purposes]
        self.fields["decided_by"] = forms.ChoiceField(label=_("Người kí"), choices=signers)
        cast(forms.MultipleChoiceField, self.fields["purpose"]).choices = titles

    def agreed(self) -> list[tuple[str, str]]:
        """Each purpose ticked, with the version of its wording."""
        return [(purpose, self._versions[purpose]) for purpose in self.cleaned_data["purpose"]]


class ProviderForm(forms.Form):
    """What the node and an identity provider agreed upon."""

    name = forms.CharField(label=_("Tên hiển thị"), max_length=60, help_text=_("Ví dụ: VNeID."))
    key = forms.SlugField(
        label=_("Khoá trong địa chỉ"), max_length=30, help_text=_("Chữ thường không dấu, ví dụ: vneid. Không đổi được.")
    )
    issuer = forms.CharField(
        label=_("Địa chỉ nhà cung cấp (issuer)"), max_length=200, widget=forms.URLInput(attrs={"autocomplete": "off"})
    )
    client_id = forms.CharField(label=_("Mã ứng dụng (client_id)"), max_length=200)
    client_secret = forms.CharField(
        label=_("Khoá bí mật (client_secret)"),
        max_length=500,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Được mã hoá khi lưu và không hiện lại."),
    )
    scopes = forms.CharField(label=_("Phạm vi (scope)"), max_length=200, initial="openid")
    number_claim = forms.CharField(
        label=_("Trường chứa số định danh đã xác thực"),
        max_length=60,
        required=False,
        help_text=_("Chỉ điền khi nhà cung cấp bảo đảm số này. Nhờ nó, người dùng vào được tài khoản sẵn có."),
    )


def _flat(field: forms.Field) -> list[tuple[str, object]]:
    """Values and labels of a choice field, out of their groups."""
    assert isinstance(field, forms.ChoiceField)
    choices: list[tuple[str, object]] = []
    for value, label in cast(Iterable[tuple[Any, Any]], field.choices):
        choices += label if isinstance(label, list | tuple) else [(value, label)]
    return choices


def _offer(
    places: Sequence[tuple[Organisation, Sequence[Role]]],
) -> tuple[dict[str, tuple[Role, Organisation]], Sequence[tuple[str, Sequence[tuple[str, Promise]]]]]:
    """What a choice stands for, and the choices under the names of their places."""
    offered = {f"{role}@{place.id}": (role, place) for place, roles in places for role in roles}
    choices = [(place.name, [(f"{role}@{place.id}", ROLE_NAMES[role]) for role in roles]) for place, roles in places]
    return offered, choices
