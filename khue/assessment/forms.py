"""What people type on the pages of assessment."""

from collections.abc import Sequence
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.assessment.actions import Draft, Picture, Terms
from khue.assessment.models import Assignment, Question
from khue.assessment.queries import Shelf
from khue.curriculum import queries as curriculum
from khue.schools.models import ClassSubject

#: How deep a question asks, from the easiest.
LEVELS = {
    Question.Level.RECALL.value: _("Nhận biết"),
    Question.Level.UNDERSTAND.value: _("Thông hiểu"),
    Question.Level.APPLY.value: _("Vận dụng"),
    Question.Level.APPLY_HIGH.value: _("Vận dụng cao"),
}
LARGEST_PAPER = 100 * 1024 * 1024
MOST_CHOICES = 8


class _OnShelf(forms.Form):
    shelf = forms.ChoiceField(label=_("Môn và khối lớp"))

    def __init__(self, *args: object, shelves: Sequence[Shelf], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self._shelves = {shelf.key: shelf for shelf in shelves}
        choices = [
            (
                key,
                _("%(subject)s – lớp %(grade)s")
                % {"subject": curriculum.subject_named(shelf.subject.name), "grade": shelf.grade},
            )
            for key, shelf in self._shelves.items()
        ]
        cast(forms.ChoiceField, self.fields["shelf"]).choices = choices

    @property
    def chosen(self) -> Shelf:
        """The shelf of a valid form."""
        return self._shelves[self.cleaned_data["shelf"]]


class PaperForm(_OnShelf):
    """A Word file to read."""

    file = forms.FileField(label=_("Tệp Word (.docx)"), widget=forms.FileInput(attrs={"accept": ".docx"}))

    def clean_file(self) -> object:
        """Refuse what is too large before reading it."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_PAPER:
            raise forms.ValidationError(_("Tệp lớn hơn 100 MB. Hãy giảm kích thước hình trong đề rồi gửi lại."))
        return file


class TestForm(_OnShelf):
    """A new test."""

    __test__ = False
    title = forms.CharField(label=_("Tên đề"), max_length=200)


class DraftForm(forms.Form):
    """A question as it is written: stem, picture, up to eight choices, which one is right, explanation, level."""

    stem = forms.CharField(label=_("Nội dung câu hỏi"), widget=forms.Textarea(attrs={"rows": 5}))
    key = forms.IntegerField(required=False, min_value=1, max_value=MOST_CHOICES)
    explanation = forms.CharField(label=_("Lời giải"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    level = forms.ChoiceField(label=_("Mức độ"), required=False, choices=[("", _("Chưa chọn")), *LEVELS.items()])
    picture = forms.FileField(
        label=_("Thêm hình"),
        required=False,
        help_text=_("Ảnh PNG, JPEG, GIF hoặc WebP, tối đa 20 MB; đặt dưới nội dung câu hỏi."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
    )
    picture_description = forms.CharField(
        label=_("Mô tả hình"),
        required=False,
        max_length=200,
        help_text=_("Cho học sinh không nhìn thấy hình."),
    )

    def draft(self, typed: Sequence[str]) -> Draft:
        """What was written; empty choices at the end are left out.

        typed  the choices, by position
        """
        choices = [text.strip() for text in typed][:MOST_CHOICES]
        while choices and not choices[-1]:
            choices.pop()
        data = self.cleaned_data
        return Draft(
            stem=data["stem"],
            choices=tuple(choices),
            key=data["key"],
            explanation=data["explanation"],
            level=Question.Level(data["level"]),
            picture=self._picture(),
        )

    def _picture(self) -> Picture | None:
        file = self.cleaned_data["picture"]
        return Picture(file.name, file.read(), self.cleaned_data["picture_description"]) if file else None


class NewQuestionForm(DraftForm, _OnShelf):
    """A question of one's own, for one of one's subjects."""


class TermsForm(forms.Form):
    """To whom and on what terms a test is set."""

    class_subject = forms.ChoiceField(label=_("Lớp"))
    opens_at = forms.DateTimeField(
        label=_("Mở lúc"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    closes_at = forms.DateTimeField(
        label=_("Đóng lúc"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    minutes = forms.IntegerField(label=_("Thời gian làm bài (phút)"), required=False, min_value=1, max_value=600)
    attempts_allowed = forms.IntegerField(label=_("Số lần được làm"), min_value=1, max_value=20, initial=1)
    mark_column = forms.ChoiceField(
        label=_("Đưa điểm vào sổ"),
        required=False,
        choices=[
            (Assignment.Column.NONE, _("Không đưa vào sổ điểm")),
            (Assignment.Column.REGULAR, _("Điểm thường xuyên")),
            (Assignment.Column.MIDTERM, _("Điểm giữa kì")),
            (Assignment.Column.FINAL, _("Điểm cuối kì")),
        ],
    )
    shuffle = forms.BooleanField(label=_("Trộn câu hỏi và phương án"), required=False, initial=True)

    def __init__(self, *args: object, taught: Sequence[ClassSubject], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self._taught = {str(row.public_id): row for row in taught}
        cast(forms.ChoiceField, self.fields["class_subject"]).choices = [
            (key, f"{row.school_class.name} · {curriculum.subject_named(row.subject.name)}")
            for key, row in self._taught.items()
        ]

    @property
    def chosen(self) -> ClassSubject:
        """The class-subject of a valid form."""
        return self._taught[self.cleaned_data["class_subject"]]

    def terms(self) -> Terms:
        """The terms of a valid form."""
        data = self.cleaned_data
        return Terms(
            opens_at=data["opens_at"],
            closes_at=data["closes_at"],
            minutes=data["minutes"],
            attempts_allowed=data["attempts_allowed"],
            shuffle=data["shuffle"],
            mark_column=data["mark_column"],
        )


class ChangedTermsForm(forms.Form):
    """What may still be changed once a class has the test."""

    closes_at = TermsForm.base_fields["closes_at"]
    attempts_allowed = TermsForm.base_fields["attempts_allowed"]
