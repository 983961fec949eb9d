"""What a form says when something is wrong: plain words, and what to do next, instead of Django's."""

from typing import Any

from django import forms
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext_lazy as _

#: Lazy translations, for which Django's types have no public name.
MESSAGES: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": _("Hãy điền mục này.")},
    forms.IntegerField: {"invalid": _("Hãy nhập một số nguyên, ví dụ 12.")},
    forms.FloatField: {"invalid": _("Hãy nhập một số, ví dụ 8,5.")},
    forms.DecimalField: {"invalid": _("Hãy nhập một số, ví dụ 8,5.")},
    forms.DateField: {"invalid": _("Hãy nhập một ngày có thật, ví dụ 05/09/2014.")},
    forms.TimeField: {"invalid": _("Hãy nhập giờ và phút, ví dụ 07:30.")},
    forms.DateTimeField: {"invalid": _("Hãy nhập ngày và giờ, ví dụ 05/09/2026 07:30.")},
    forms.ChoiceField: {"invalid_choice": _("Hãy chọn một mục trong danh sách.")},
    forms.MultipleChoiceField: {"invalid_choice": _("Hãy chọn các mục trong danh sách.")},
    forms.ModelChoiceField: {"invalid_choice": _("Mục này không còn nữa. Hãy chọn mục khác.")},
    forms.FileField: {
        "invalid": _("Chưa nhận được tệp. Hãy chọn lại tệp."),
        "missing": _("Chưa nhận được tệp. Hãy chọn lại tệp."),
        "empty": _("Tệp này trống. Hãy chọn tệp khác."),
    },
    forms.BooleanField: {"required": _("Hãy đánh dấu ô này để tiếp tục.")},
}


def speak_plainly() -> None:
    """Let every form field say our words. Called once, in the wiring."""
    for field, messages in MESSAGES.items():
        field.default_error_messages = {**field.default_error_messages, **messages}
    EmailValidator.message = _("Hãy nhập địa chỉ thư điện tử đầy đủ, ví dụ ten@truong.edu.vn.")
    URLValidator.message = _("Hãy nhập địa chỉ trang đầy đủ, bắt đầu bằng https://.")
