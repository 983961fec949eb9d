"""Forms of an office that draws a procedure of its own."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.procedures import labels


class NewProcedureForm(forms.Form):
    """A procedure an office begins."""

    title = forms.CharField(label=_("Tên thủ tục"), max_length=200)
    summary = forms.CharField(label=_("Dành cho ai, để làm gì"), max_length=1000, required=False, widget=forms.Textarea)


class DrawForm(forms.Form):
    """A drawing, made on the page or in a file, and the questions for the applicant, one a line.

    drawn  what the page drew, as BPMN; a file counts before it
    """

    drawn = forms.CharField(required=False, max_length=400_000, widget=forms.Textarea)
    drawing = forms.FileField(
        label=_("Tệp bản vẽ BPMN"), required=False,
        help_text=_("Tệp .bpmn vẽ bằng bất kỳ công cụ BPMN 2.0 nào. Có tệp thì dùng tệp thay cho bản vẽ trên trang."),
    )  # fmt: skip
    questions = forms.CharField(
        label=_("Câu hỏi cho người nộp, mỗi dòng một câu"), required=False, max_length=10_000, widget=forms.Textarea,
        help_text=_(
            "Dấu * là bắt buộc. Ví dụ: “Lý do *”, “Ngày nghỉ: ngày”, “Số bản: số”,"
            " “Nhận kết quả (tại trường / qua bưu điện) *”, “Trình bày: đoạn văn”."
        ),
    )  # fmt: skip
    working_days = forms.IntegerField(label=_("Thời hạn (ngày làm việc)"), min_value=0, max_value=200, initial=5)
    valid_from = forms.DateField(label=_("Áp dụng từ ngày"))
    source = forms.CharField(label=_("Căn cứ"), max_length=300, help_text=_("Văn bản quy định thủ tục và thời hạn."))

    def __init__(self, data: Any = None, files: Any = None, *, today: date, drawn: str = "") -> None:
        super().__init__(data, files, initial={"valid_from": today, "drawn": drawn})

    def clean(self) -> dict[str, Any]:
        """One of the two is there."""
        if not self.errors and not (self.cleaned_data["drawing"] or self.cleaned_data["drawn"]):
            self.add_error("drawing", _("Hãy vẽ các bước trên trang, hoặc chọn tệp bản vẽ."))
        return self.cleaned_data

    @property
    def bpmn(self) -> bytes:
        """The drawing: the file's, else the page's."""
        file = self.cleaned_data["drawing"]
        return bytes(file.read()) if file else str(self.cleaned_data["drawn"]).encode()


class PartForm(forms.Form):
    """What the page asks of a chosen part of the drawing; only the page's own script reads it."""

    part = forms.ChoiceField(label=_("Phần đang chọn"))
    name = forms.CharField(
        label=_("Tên của phần này"), max_length=200, help_text=_("Người nộp hồ sơ thấy tên của bước.")
    )
    is_default = forms.BooleanField(label=_("Đi nhánh này trong mọi trường hợp còn lại"))
    condition = forms.CharField(label=_("Đi nhánh này khi"), max_length=300, help_text=_('Ví dụ: ket_qua = "dong_y"'))
    target = forms.ChoiceField(label=_("Nối mũi tên tới"))

    def __init__(self) -> None:
        super().__init__(prefix="part", use_required_attribute=False)
        for field in self.fields.values():
            field.required = False

    def add_prefix(self, field_name: str) -> str:
        """As the script looks for it: "part_name"."""
        return f"part_{field_name}"


class RolesForm(forms.Form):
    """Who does each task of a drawing, and which ends are refusals."""

    def __init__(self, data: Any = None, *, tasks: Sequence[tuple[str, str]], ends: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        for key, name in tasks:
            self.fields[f"role_{key}"] = forms.ChoiceField(
                label=name, choices=list(labels.ROLES.items()), required=False
            )
        for key, name in ends:
            self.fields[f"end_{key}"] = forms.ChoiceField(
                label=name, choices=[("granted", labels.ENDS["granted"]), ("refused", labels.ENDS["refused"])]
            )
