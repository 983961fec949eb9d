"""Forms of the indicators."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.indicators.actions.school_index import Claim
from khue.indicators.queries.school_index import CriterionLine


class ClaimsForm(forms.Form):
    """What a school says of every criterion: points, evidence, a link."""

    def __init__(self, data: object, *, lines: Sequence[CriterionLine]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or None
        self.lines = lines
        for line in lines:
            name, claim = line.criterion.field, line.claim
            self.fields[f"{name}_points"] = _points(line, claim.claimed)
            self.fields[f"{name}_evidence"] = forms.CharField(
                label=_("Minh chứng %(code)s") % {"code": line.criterion.code}, required=False, max_length=1000,
                initial=claim.evidence,
            )  # fmt: skip
            self.fields[f"{name}_link"] = forms.URLField(
                label=_("Đường dẫn minh chứng %(code)s") % {"code": line.criterion.code}, required=False,
                initial=claim.link, assume_scheme="https",
                error_messages={"invalid": _("Hãy ghi địa chỉ đầy đủ, ví dụ https://truong.edu.vn/ke-hoach.")},
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What is sent is whole: a criterion nobody assessed says so, beside itself."""
        for line in self.lines:
            name = f"{line.criterion.field}_points"
            if "submit" in self.data and self.cleaned_data.get(name, 0) is None:
                self.add_error(name, _("Chưa đánh giá. Hãy chọn hoặc cho điểm rồi gửi."))
        return self.cleaned_data

    def claims(self) -> dict[str, Claim]:
        """By code of criterion."""
        said = self.cleaned_data
        return {
            line.criterion.code: Claim(
                said[f"{line.criterion.field}_points"],
                said[f"{line.criterion.field}_evidence"],
                said[f"{line.criterion.field}_link"],
            )
            for line in self.lines
        }


class AppraisalForm(forms.Form):
    """What the department gives for every criterion, and why where it differs."""

    def __init__(self, data: object, *, lines: Sequence[CriterionLine]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or None
        self.lines = lines
        for line in lines:
            name, claim = line.criterion.field, line.claim
            given = claim.claimed if claim.appraised is None else claim.appraised
            self.fields[f"{name}_points"] = _points(line, given)
            self.fields[f"{name}_remark"] = forms.CharField(
                label=_("Nhận xét %(code)s") % {"code": line.criterion.code}, required=False, max_length=1000,
                initial=claim.remark,
            )  # fmt: skip

    def points(self) -> dict[str, int]:
        """By code; without those left empty."""
        found = {line.criterion.code: self.cleaned_data[f"{line.criterion.field}_points"] for line in self.lines}
        return {code: points for code, points in found.items() if points is not None}

    def remarks(self) -> dict[str, str]:
        """By code."""
        return {line.criterion.code: self.cleaned_data[f"{line.criterion.field}_remark"] for line in self.lines}


class ReasonForm(forms.Form):
    """Why an assessment goes back to its school."""

    reason = forms.CharField(label=gettext_lazy("Lí do trả lại"), max_length=1000)


class DecisionForm(forms.Form):
    """The number of the decision that recognises a level."""

    decision = forms.CharField(label=gettext_lazy("Số quyết định công nhận"), max_length=100)


def _points(line: CriterionLine, initial: int | None) -> forms.Field:
    criterion = line.criterion
    if criterion.is_mandatory:
        choices = [("", _("chưa đánh giá")), ("1", _("đạt")), ("0", _("không đạt"))]
        return forms.TypedChoiceField(
            label=_("Điều kiện bắt buộc %(code)s") % {"code": criterion.code}, choices=choices, required=False,
            coerce=int, empty_value=None,
            initial="" if initial is None else str(initial),
        )  # fmt: skip
    label = _("Điểm %(code)s, từ 0 đến %(most)s") % {"code": criterion.code, "most": criterion.most}
    return forms.IntegerField(label=label, min_value=0, max_value=criterion.most, required=False, initial=initial)
