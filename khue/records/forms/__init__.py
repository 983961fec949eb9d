"""Forms of the records room."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.records import sharing
from khue.records.labels import DIPLOMA_KINDS, PARTS
from khue.records.models import SigningKey
from khue.records.signing.verdicts import MOST_BYTES_OF_ONE

MEGABYTE = 1024 * 1024


class BatchForm(forms.Form):
    """A key and its PIN."""

    key = forms.ChoiceField(label=_("Khoá ký"))
    secret = forms.CharField(
        label=_("Mã PIN hoặc mật khẩu của khoá"), widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        max_length=200, strip=False, help_text=_("Chỉ giữ (đã mã hoá) đến khi ký xong."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, keys: Sequence[SigningKey], prefix: str | None = None) -> None:
        super().__init__(data, prefix=prefix)
        self._keys = {str(one.public_id): one for one in keys}
        choice = self.fields["key"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(key, one.title) for key, one in self._keys.items()]

    @property
    def signing_key(self) -> SigningKey:
        return self._keys[self.cleaned_data["key"]]


class DepositForm(BatchForm):
    """A key, and where it goes."""

    recipient = forms.CharField(label=_("Nộp về"), max_length=200, help_text=_("Ví dụ: kho học bạ số của Sở GD&ĐT."))


class PackageForm(BatchForm):
    """A key, and for whom the package is."""

    to = forms.CharField(label=_("Cấp cho"), max_length=200)


class CorrectForm(forms.Form):
    """Why a version is made."""

    reason = forms.CharField(label=_("Lý do đính chính"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class ExtractForm(forms.Form):
    """Which parts, for whom and why."""

    parts = forms.MultipleChoiceField(label=_("Các phần"), choices=PARTS, widget=forms.CheckboxSelectMultiple)
    to = forms.CharField(label=_("Cấp cho"), max_length=200)
    reason = forms.CharField(label=_("Lý do"), max_length=300)


class ShareForm(forms.Form):
    """What a code shows, to whom and how long."""

    parts = forms.MultipleChoiceField(label=_("Cho xem"), choices=PARTS, widget=forms.CheckboxSelectMultiple)
    years = forms.MultipleChoiceField(label=_("Năm học"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("Trong bao nhiêu ngày"), min_value=1, max_value=sharing.MOST_DAYS, initial=30)
    to = forms.CharField(
        label=_("Ghi chú"),
        max_length=200,
        required=False,
        help_text=_("Để mình nhớ mã này đưa cho ai, ví dụ: trường mới."),
    )

    def __init__(self, data: Any = None, *, years: Sequence[str], auto_id: str = "id_%s") -> None:
        super().__init__(data, auto_id=auto_id)
        choice = self.fields["years"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [(year, year) for year in years]


class KeyFileForm(forms.Form):
    """A PKCS#12 file."""

    file = forms.FileField(label=_("Tệp khoá (.p12, .pfx)"), widget=forms.FileInput(attrs={"accept": ".p12,.pfx"}))
    password = forms.CharField(
        label=_("Mật khẩu của tệp"), widget=forms.PasswordInput(attrs={"autocomplete": "off"}), max_length=200,
        strip=False, required=False, help_text=_("Chỉ để thử mở; hệ thống không lưu mật khẩu."),
    )  # fmt: skip
    title = forms.CharField(label=_("Tên gọi"), max_length=120, required=False)
    is_seal = forms.BooleanField(label=_("Đây là con dấu của đơn vị"), required=False)


class TokenKeyForm(forms.Form):
    """A key of a token."""

    token = forms.CharField(label=_("Tên thiết bị (token label)"), max_length=80)
    label = forms.CharField(label=_("Tên khoá trong thiết bị"), max_length=80)
    certificates = forms.CharField(
        label=_("Chứng thư (PEM)"), widget=forms.Textarea(attrs={"rows": 4}), max_length=20_000,
        help_text=_("Dán chứng thư của khoá trước, các chứng thư cấp trên sau."),
    )  # fmt: skip
    title = forms.CharField(label=_("Tên gọi"), max_length=120, required=False)
    is_seal = forms.BooleanField(label=_("Đây là con dấu của đơn vị"), required=False)


class RemoteKeyForm(forms.Form):
    """A credential of the signing service."""

    credential = forms.CharField(
        label=_("Mã khoá ở dịch vụ (credential ID)"), max_length=200, help_text=_("Chứng thư được hỏi từ dịch vụ.")
    )
    title = forms.CharField(label=_("Tên gọi"), max_length=120, required=False)
    is_seal = forms.BooleanField(label=_("Đây là con dấu của đơn vị"), required=False)


class DiplomaForm(forms.Form):
    """A line of the register."""

    pupil = forms.CharField(label=_("Học sinh"), max_length=120, help_text=_("Họ và tên; không cần gõ dấu."))
    kind = forms.ChoiceField(label=_("Loại"), choices=list(DIPLOMA_KINDS.items()))
    title = forms.CharField(label=_("Tên văn bằng, chứng chỉ"), max_length=200)
    serial = forms.CharField(label=_("Số hiệu trên phôi"), max_length=40)
    decision = forms.CharField(label=_("Quyết định"), max_length=200, help_text=_("Số, ngày và cơ quan ban hành."))
    issued_on = forms.DateField(label=_("Ngày cấp"))


class HandForm(forms.Form):
    """Who took it."""

    to = forms.CharField(label=_("Người nhận"), max_length=120)
    on = forms.DateField(label=_("Ngày nhận"))


class WithdrawForm(forms.Form):
    """Why it is withdrawn."""

    reason = forms.CharField(label=_("Lý do thu hồi"), max_length=300)
    on = forms.DateField(label=_("Ngày thu hồi"))


class VerifyForm(forms.Form):
    """A file of whoever wants to know what it is worth."""

    file = forms.FileField(
        label=_("Tệp học bạ hoặc giấy tờ đã ký số"), widget=forms.FileInput(attrs={"accept": ".xml,.pdf,.zip"}),
        help_text=_(
            "Tệp .xml, .pdf hoặc gói .zip, nhiều nhất 20 MB. Tệp không được lưu lại;"
            " trường đã cấp thấy có người kiểm tra."
        ),
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES_OF_ONE:
            raise forms.ValidationError(_("Tệp lớn hơn 20 MB. Gói lớn hãy kiểm tra bằng lệnh “khue check records”."))
        return file


class CodeForm(forms.Form):
    """A code of a holder."""

    code = forms.CharField(label=_("Mã xem học bạ"), max_length=40)


class SerialForm(forms.Form):
    """A diploma in somebody's hand."""

    serial = forms.CharField(label=_("Số hiệu trên văn bằng"), max_length=40)
    name = forms.CharField(label=_("Họ và tên người được cấp"), max_length=120)
    birth = forms.DateField(label=_("Ngày sinh"))


class ReplaceForm(forms.Form):
    """A diploma issued again, or corrected."""

    why = forms.ChoiceField(
        label=_("Việc"), choices=[("reissue", _("Cấp lại")), ("correction", _("Chỉnh sửa nội dung"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Lý do"), max_length=300, help_text=_("Ví dụ: mất bản chính; hồ sơ đã sửa họ tên.")
    )
    serial = forms.CharField(label=_("Số hiệu trên phôi mới"), max_length=40)
    decision = forms.CharField(label=_("Quyết định"), max_length=200, help_text=_("Số, ngày và cơ quan ban hành."))
    issued_on = forms.DateField(label=_("Ngày cấp"))


class RegisterForm(forms.Form):
    """Which register is printed."""

    kind = forms.ChoiceField(label=_("Loại"), choices=list(DIPLOMA_KINDS.items()))
    year = forms.IntegerField(label=_("Năm"), min_value=1990, max_value=2200)


class ReceiptForm(forms.Form):
    """The number under which a repository took a deposit."""

    receipt = forms.CharField(label=_("Số tiếp nhận"), max_length=120)


class TakeInForm(forms.Form):
    """A file that a pupil brought along."""

    pupil = forms.CharField(label=_("Học sinh của trường"), max_length=120, help_text=_("Họ và tên; không cần gõ dấu."))
    file = forms.FileField(
        label=_("Tệp học bạ"), widget=forms.FileInput(attrs={"accept": ".zip,.xml,.pdf"}),
        help_text=_("Gói .zip, hoặc một năm ở dạng .xml, .pdf; nhiều nhất 20 MB."),
    )  # fmt: skip

    clean_file = VerifyForm.clean_file


class TryKeyForm(forms.Form):
    """A PIN, to try a key."""

    secret = forms.CharField(
        label=_("Mã PIN hoặc mật khẩu của khoá"), widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        max_length=200, strip=False,
    )  # fmt: skip
