"""Forms of consent sheets: what is asked, what a guardian signs, what the school decides."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.identity.extensions import purposes
from khue.messaging.actions import Draft, SheetDraft
from khue.messaging.forms.announcements import ToClassesForm, WithFiles
from khue.messaging.models import ConsentSheet

Kind = ConsentSheet.Kind
KINDS = [
    (Kind.TRIP, _("Tham quan, trải nghiệm")),
    (Kind.PHOTO, _("Chụp ảnh, quay phim")),
    (Kind.HEALTH, _("Tiêm chủng, khám sức khoẻ")),
    (Kind.CONTRIBUTION, _("Đóng góp tự nguyện")),
    (Kind.DATA, _("Dùng dữ liệu cá nhân")),
    (Kind.OTHER, _("Việc khác")),
]


class SheetForm(ToClassesForm, WithFiles):
    """A consent sheet as it is begun."""

    kind = forms.ChoiceField(label=_("Về việc"), choices=KINDS)
    purpose = forms.ChoiceField(
        label=_("Dữ liệu cá nhân dùng vào việc"), required=False,
        help_text=_("Chỉ cho phiếu về dữ liệu cá nhân: lời đồng ý được ghi vào sổ đồng ý chung của học sinh."),
    )  # fmt: skip
    takes_conditions = forms.BooleanField(
        label=_("Phụ huynh được ghi điều kiện kèm lời đồng ý"), required=False,
        help_text=_("Ví dụ: đồng ý nếu xe đón tại cổng trường."),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, **given: Any) -> None:
        super().__init__(data, files, **given)
        offered = [("", "—"), *((key, str(purpose.title)) for key, purpose in purposes.items())]
        cast(forms.ChoiceField, self.fields["purpose"]).choices = offered

    def draft(self, **further: Any) -> Draft:
        return super().draft(asks="consent", to_families=True, to_pupils=False, **further)

    @property
    def sheet(self) -> SheetDraft:
        given = self.cleaned_data
        return SheetDraft(kind=given["kind"], takes_conditions=given["takes_conditions"], purpose=given["purpose"])


class SignForm(forms.Form):
    """What a guardian decides, and the proof of who signs."""

    wording_hash = forms.CharField(widget=forms.HiddenInput, required=False)
    answer = forms.CharField(widget=forms.HiddenInput, required=False)
    decision = forms.ChoiceField(
        label=_("Quyết định"), widget=forms.RadioSelect,
        choices=[("yes", _("Tôi đồng ý")), ("no", _("Tôi không đồng ý"))],
        error_messages={"required": _("Hãy chọn đồng ý hoặc không đồng ý.")},
    )  # fmt: skip
    conditions = forms.CharField(
        label=_("Điều kiện kèm theo"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    password = forms.CharField(
        label=_("Mật khẩu của Quý phụ huynh"), required=False, max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("Nhập lại mật khẩu thay cho chữ kí tay."),
    )  # fmt: skip
    code = forms.CharField(
        label=_("Hoặc mã của ứng dụng xác thực"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, wording_hash: str, takes_conditions: bool, has_app: bool, has_passkey: bool
    ) -> None:
        super().__init__(data, initial={"wording_hash": wording_hash})
        self.fields["password"].required = not (has_app or has_passkey)
        if not takes_conditions:
            del self.fields["conditions"]
        if not has_app:
            del self.fields["code"]


class RulingForm(forms.Form):
    """What the school decided about one child."""

    takes_part = forms.ChoiceField(
        label=_("Nhà trường quyết định"), widget=forms.RadioSelect,
        choices=[("yes", _("Học sinh tham gia")), ("no", _("Học sinh không tham gia"))],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Lí do"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Cả hai người giám hộ đều đọc được. Chữ kí của từng người vẫn giữ nguyên."),
    )  # fmt: skip
