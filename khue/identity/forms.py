"""What people type into the pages of this room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.identity.models import Role


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
