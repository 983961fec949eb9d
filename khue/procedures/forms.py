"""Forms made of a sheet's fields, and the forms of offices and applicants."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.core.validators import RegexValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from khue.procedures import labels
from khue.procedures.attaching import FREELY
from khue.procedures.models import Case
from khue.procedures.refusals import ContactMissing
from khue.procedures.sheets import Field

HINT = _("Ảnh (JPG, PNG, WebP), PDF hoặc Word, mỗi tệp nhiều nhất 10 MB.")
#: What a browser offers to choose; what is taken is what the bytes are.
ACCEPT = ".jpg,.jpeg,.png,.webp,.pdf,.docx"
Choices = Mapping[str, Sequence[tuple[str, str]]]


def add_fields(form: forms.Form, fields: Sequence[Field], choices: Choices) -> None:
    """Put the fields of a sheet on a form, each as its kind of input."""
    for field in fields:
        if field.most:
            form.fields.update({name: _file_input(field, name) for name in field.inputs})
        else:
            form.fields[field.name] = _input(field, choices.get(field.name, field.choices))


class PaperField(forms.FileField):
    """An input for a file, which may have come in pieces before: whether anything came, the form asks itself.

    folded  the name of the field whose inputs it stands folded with, "" where it stands open
    """

    def __init__(self, *, folded: str, **said: Any) -> None:
        super().__init__(**said)
        self.folded = folded

    def validate(self, value: Any) -> None:
        """Nothing: see say_what_is_missing."""


def _file_input(field: Field, name: str) -> forms.Field:
    """One of the inputs of a field that asks for files. What is compulsory is the whole field's matter."""
    number, label = int(name.rpartition(".")[2]) if "." in name else 1, field.title or _("Tệp gửi kèm")
    hint = " ".join(filter(None, [field.hint, str(HINT)])) if number == 1 else ""
    return PaperField(
        folded=field.name if number > 1 else "",
        label=label if number == 1 else format_lazy("{} ({})", label, number), help_text=hint,
        required=field.required and number == 1, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )  # fmt: skip


def say_what_is_missing(form: forms.Form, fields: Sequence[Field]) -> None:
    """Beside each compulsory field that asks for files and was sent none."""
    for field in fields:
        came = any(form.files.get(name) or form.data.get(f"{name}_upload") for name in field.inputs)
        if field.most and field.required and not came:
            form.add_error(field.name, _("Hãy chụp ảnh hoặc chọn tệp."))


def values_in(form: forms.Form) -> dict[str, Any]:
    """What was filled in of the sheet's own fields: no files, nothing whose name ends with "_"."""
    return {
        name: value
        for name, value in form.cleaned_data.items()
        if not name.endswith("_") and not isinstance(form.fields[name], forms.FileField)
    }


def _input(field: Field, choices: Sequence[tuple[str, str]]) -> forms.Field:
    said: dict[str, Any] = {"label": field.title, "help_text": field.hint, "required": field.required}
    if choices or field.offered:
        if len(choices) <= 4 and field.required:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **said)
        return forms.ChoiceField(choices=[("", "—"), *choices], **said)
    if field.type == "boolean":
        return forms.BooleanField(**said)
    if field.type == "integer":
        return forms.IntegerField(**said)
    if field.type == "number":
        return forms.FloatField(**said)
    if field.format == "date":
        return forms.DateField(**said)
    if field.format == "email":
        return forms.EmailField(max_length=120, **said)
    if field.format == "paragraph":
        return forms.CharField(max_length=4000, widget=forms.Textarea, **said)
    return forms.CharField(max_length=500, **said)


class StepForm(forms.Form):
    """What a step asks of its doer."""

    def __init__(self, data: Any = None, files: Any = None, *, fields: Sequence[Field], choices: Choices) -> None:
        super().__init__(data, files)
        self._asked = fields
        add_fields(self, [*fields, FREELY], choices)
        cast(PaperField, self.fields[FREELY.name]).folded = FREELY.name  # nobody asks for any

    def clean(self) -> dict[str, Any]:
        """Files that must come did."""
        say_what_is_missing(self, self._asked)
        return self.cleaned_data


_IS_A_NUMBER = RegexValidator(
    r"^[0-9 +().-]*$", _("Số điện thoại chỉ gồm chữ số, ví dụ 0912 345 678. Nếu không có, hãy để trống.")
)


class FilingForm(forms.Form):
    """Who files, about whom, and what the procedure asks. Names of its own end with "_", a sheet's do not."""

    subject_name_ = forms.CharField(label=_("Họ và tên học sinh"), max_length=100)
    born_on_ = forms.DateField(label=_("Ngày sinh của học sinh"), help_text=_("Cùng mã hồ sơ dùng để theo dõi."))
    applicant_name_ = forms.CharField(
        label=_("Họ và tên người nộp"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone_ = forms.CharField(
        label=_("Số điện thoại"), max_length=20, required=False, validators=[_IS_A_NUMBER],
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("Để cơ quan liên hệ: cần số điện thoại hoặc email."),
    )  # fmt: skip
    key_ = forms.UUIDField(required=False, widget=forms.HiddenInput)
    email_ = forms.EmailField(
        label=_("Email"), max_length=120, required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, fields: Sequence[Field], choices: Choices,
        known: Mapping[str, Any], by_officer: bool, is_pupils: bool = True,
    ) -> None:  # fmt: skip
        """is_pupils: whether it is filed with a school, about a pupil; a department's is about whoever was one."""
        begins = {f"{name}_": value for name, value in known.items() if name != "subject"}
        super().__init__(data, files, initial={**begins, "key_": uuid4()})
        if not is_pupils:
            self.fields["subject_name_"].label = _("Họ và tên người được giải quyết")
            self.fields["born_on_"].label = _("Ngày sinh của người được giải quyết")
        if known.get("subject"):
            del self.fields["subject_name_"], self.fields["born_on_"]
        if by_officer:
            self.fields["channel_"] = forms.ChoiceField(
                label=_("Cách nộp"), initial=Case.Channel.DESK,
                choices=[(key, labels.CHANNELS[key]) for key in (Case.Channel.DESK, Case.Channel.POST)],
            )  # fmt: skip
        self._asked = fields
        add_fields(self, fields, choices)
        for field in self.fields.values():
            if by_officer and isinstance(field, PaperField):
                field.required = False

    def clean(self) -> dict[str, Any]:
        """Files that must come did, unless they are handed in on paper; and there is a way to reach somebody."""
        if self.own("channel", Case.Channel.ONLINE) == Case.Channel.ONLINE:
            say_what_is_missing(self, self._asked)
        contact_wrong = self.has_error("phone_") or self.has_error("email_")
        if not (contact_wrong or self.own("phone") or self.own("email")):
            self.add_error("phone_", str(ContactMissing.message))
        return self.cleaned_data

    @property
    def given(self) -> dict[str, Any]:
        """What was filled in of the sheet's own fields."""
        return values_in(self)

    def own(self, name: str, otherwise: Any = "") -> Any:
        """A field of the form's own, under its name without the "_"."""
        return self.cleaned_data.get(f"{name}_") or otherwise


class FollowForm(forms.Form):
    """The two things that open a case."""

    code = forms.CharField(label=_("Mã hồ sơ"), max_length=60, help_text=_("In trên giấy tiếp nhận."))
    born_on = forms.DateField(
        label=_("Ngày sinh của học sinh"), help_text=_("Hoặc của người được giải quyết, như đã ghi khi nộp.")
    )


class AnswerForm(forms.Form):
    """What was missing."""

    answer = forms.CharField(
        label=_("Nội dung bổ sung"), max_length=4000, required=False, widget=forms.Textarea,
        help_text=_("Có thể chỉ gửi tệp mà không viết gì."),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        add_fields(self, [FREELY], {})


class RateForm(forms.Form):
    """How content one was."""

    score = forms.TypedChoiceField(
        label=_("Mức độ hài lòng"), coerce=int, choices=list(labels.SCORES.items()), widget=forms.RadioSelect
    )
    comment = forms.CharField(label=_("Góp ý"), max_length=1000, required=False, widget=forms.Textarea)


class SupplementForm(forms.Form):
    """Everything that is missing; it can be asked only once."""

    wanted = forms.CharField(
        label=_("Cần bổ sung"), max_length=4000, widget=forms.Textarea,
        help_text=_("Ghi đủ mọi thứ: chỉ được yêu cầu một lần. Thời hạn dừng đến khi nhận bổ sung."),
    )  # fmt: skip


class UnansweredForm(forms.Form):
    """Why a case ends that waited in vain."""

    reason = forms.CharField(
        label=_("Lý do từ chối"), max_length=2000, widget=forms.Textarea, help_text=_("Người nộp sẽ đọc.")
    )


class ApologyForm(forms.Form):
    """A new day."""

    promised_on = forms.DateField(label=_("Hẹn lại ngày trả"))
    reason = forms.CharField(label=_("Lý do chậm"), max_length=1000, required=False)


class PeriodForm(forms.Form):
    """Days of the figures."""

    first = forms.DateField(label=_("Từ ngày"))
    last = forms.DateField(label=_("đến ngày"))
