"""Forms of surveys: what is asked of whom, one question, and the sheet that is filled in."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.messaging.actions import AnswersWrong, Draft, QuestionDraft
from khue.messaging.forms.announcements import ToClassesForm
from khue.messaging.models import SurveyQuestion
from khue.messaging.queries import Question
from khue.messaging.survey_answers import MOST_TEXT, ends_in_words

Kind = SurveyQuestion.Kind


class SurveyForm(ToClassesForm):
    """A survey as it is begun."""

    who = forms.ChoiceField(
        label=_("Ai trả lời"), widget=forms.RadioSelect, initial="child",
        choices=[
            ("child", _("Mỗi học sinh một phiếu, cha hoặc mẹ trả lời thay")),
            ("guardians", _("Từng phụ huynh")),
            ("pupils", _("Từng học sinh")),
            ("both", _("Từng phụ huynh và từng học sinh")),
        ],
    )  # fmt: skip
    is_anonymous = forms.BooleanField(
        label=_("Ẩn danh"), required=False,
        help_text=_(
            "Khuê chỉ giữ tổng số, không giữ câu trả lời nào của ai. Kết quả hiện khi khảo sát đã kết thúc và có từ 5 "
            "phiếu; đã gửi thì không sửa lại được."
        ),
    )  # fmt: skip
    source = forms.ChoiceField(label=_("Chép câu hỏi từ"), required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, sources: Sequence[tuple[str, str]], **given: Any
    ) -> None:
        super().__init__(data, files, **given)
        cast(forms.ChoiceField, self.fields["source"]).choices = [("", _("Không chép, tự soạn")), *sources]
        self.fields["body"].required = False
        del self.fields["urgent_reason"]

    @property
    def by_child(self) -> bool:
        return bool(self.cleaned_data["who"] == "child")

    def draft(self, **further: Any) -> Draft:
        self.cleaned_data["urgent_reason"] = ""
        who = self.cleaned_data["who"]
        return super().draft(asks="survey", to_families=who != "pupils", to_pupils=who in ("pupils", "both"), **further)


class QuestionForm(forms.Form):
    """One question."""

    kind = forms.ChoiceField(
        label=_("Kiểu trả lời"), initial=Kind.ONE,
        choices=[
            (Kind.ONE, _("Chọn một mục")), (Kind.SEVERAL, _("Chọn nhiều mục")), (Kind.SCALE, _("Thang điểm")),
            (Kind.TEXT, _("Viết ngắn")), (Kind.NUMBER, _("Số")), (Kind.DATE, _("Ngày")),
        ],
    )  # fmt: skip
    text = forms.CharField(label=_("Câu hỏi"), max_length=300)
    choices = forms.CharField(
        label=_("Các mục để chọn"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mỗi dòng một mục. Chỉ cần cho câu chọn một hoặc chọn nhiều."),
    )  # fmt: skip
    least = forms.IntegerField(
        label=_("Số nhỏ nhất"), required=False, min_value=-10_000, max_value=1_000_000_000,
        help_text=_("Cho thang điểm và số. Thang điểm để trống là từ 1 đến 5."),
    )  # fmt: skip
    most = forms.IntegerField(label=_("Số lớn nhất"), required=False, min_value=-10_000, max_value=1_000_000_000)
    is_required = forms.BooleanField(label=_("Bắt buộc trả lời"), required=False, initial=True)

    def question(self) -> QuestionDraft:
        """The question as it was typed."""
        given = self.cleaned_data
        return QuestionDraft(
            kind=given["kind"], text=given["text"], is_required=given["is_required"],
            choices=given["choices"].splitlines(), least=given["least"], most=given["most"],
        )  # fmt: skip


class AnswerForm(forms.Form):
    """The sheet of a survey: a field a question. What an answer may be is for the action to say."""

    def __init__(
        self, data: Any = None, *, questions: Sequence[Question], standing: Mapping[int, Sequence[str]] | None = None
    ) -> None:
        super().__init__(data)
        for number, question in enumerate(questions, start=1):
            values = list((standing or {}).get(question.row.id, ()))
            field = _field(question, f"{number}. {question.row.text}")
            field.initial = values if question.row.kind == Kind.SEVERAL else question.shown(values)
            self.fields[f"q{question.row.id}"] = field

    def full_clean(self) -> None:
        """A field says that its question needs an answer; whether it has one the action says, with all the rest."""
        needed = [field for field in self.fields.values() if field.required]
        for field in needed:
            field.required = False
        super().full_clean()
        for field in needed:
            field.required = True

    @property
    def typed(self) -> dict[int, list[str]]:
        """What was typed, by question id."""
        found = {}
        for name, value in self.cleaned_data.items():
            found[int(name[1:])] = [value] if isinstance(value, str) else list(value)
        return found

    def show(self, refusal: AnswersWrong) -> None:
        """Say beside each question what is wrong with its answer."""
        for question, text in refusal.wrong.items():
            self.add_error(f"q{question}", text)


def _field(question: Question, label: str) -> forms.Field:
    row = question.row
    plain: dict[str, Any] = {"label": label, "required": row.is_required}
    if row.kind == Kind.ONE:
        return forms.ChoiceField(**plain, choices=list(question.choices.items()), widget=forms.RadioSelect)
    if row.kind == Kind.SEVERAL:
        several = [(str(number), text) for number, text in question.choices.items()]
        return forms.MultipleChoiceField(**plain, choices=several, widget=forms.CheckboxSelectMultiple)
    if row.kind == Kind.SCALE:
        steps = [(str(step), str(step)) for step in question.steps]
        return forms.ChoiceField(**plain, choices=steps, widget=forms.RadioSelect)
    if row.kind == Kind.NUMBER:
        ends = ends_in_words(row.least, row.most) if (row.least, row.most) != (None, None) else ""
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        return forms.CharField(**plain, max_length=30, widget=widget, help_text=ends)
    if row.kind == Kind.DATE:
        widget = forms.TextInput(attrs={"inputmode": "numeric"})
        return forms.CharField(**plain, max_length=20, widget=widget, help_text=_("Ví dụ 05/12/2026"))
    return forms.CharField(**plain, max_length=MOST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))
