"""Forms of the mark-book."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.curriculum import queries as curriculum
from khue.gradebook.actions import TypedAssessment
from khue.gradebook.queries import ClassMove, GridRow, PrimaryRow
from khue.schools.models import ClassSubject


class ColumnForm(forms.Form):
    """One column of a mark-book as plain fields, for browsers without JavaScript. Field names: "e<enrolment id>"."""

    def __init__(self, data: Mapping[str, str] | None, *, rows: Sequence[GridRow], place: int) -> None:
        super().__init__(data)
        for row in rows:
            self.fields[f"e{row.enrolment_id}"] = forms.CharField(
                label=row.full_name, required=False, max_length=10, initial=row.cells[place]
            )

    def typed(self) -> dict[int, str]:
        """What was typed, by enrolment id, for fields that changed."""
        return {int(name[1:]): self.cleaned_data[name] for name in self.changed_data}


class ColumnTitleForm(forms.Form):
    """A further regular mark."""

    title = forms.CharField(label=_("Nội dung đánh giá"), max_length=80, required=False)

    def __init__(self, data: Mapping[str, str] | None, *, strands: Sequence[str]) -> None:
        super().__init__(data)
        if strands:
            self.fields["strand"] = forms.ChoiceField(
                label=_("Phần môn học"),
                required=False,
                choices=[("", _("Mọi giáo viên của môn")), *((strand, strand) for strand in strands)],
                help_text=_("Chọn một phần để chỉ giáo viên dạy phần ấy nhập cột này."),
            )


class CorrectionForm(forms.Form):
    """A change asked for after the lock."""

    mark = forms.CharField(label=_("Điểm mới"), max_length=4, required=False, help_text=_("Để trống nếu cần xoá điểm."))
    reason = forms.CharField(
        label=_("Lí do sửa"), widget=forms.Textarea, help_text=_("Hiệu trưởng đọc lí do này khi duyệt.")
    )


class PlainForm(forms.Form):
    """A deed that needs nothing but its button."""


LEVELS = [("3", _("Tốt")), ("2", _("Khá")), ("1", _("Đạt")), ("0", _("Chưa đạt"))]


class MeetingForm(forms.Form):
    """The meeting on a class's year."""

    held_on = forms.DateField(label=_("Ngày họp"))
    minutes = forms.CharField(label=_("Biên bản"), widget=forms.Textarea, help_text=_("Thành phần, ý kiến, kết luận."))


WINDOW_KINDS = [
    ("regular", _("Điểm thường xuyên")),
    ("mid", _("Điểm giữa kì")),
    ("end", _("Điểm cuối kì")),
    ("conduct", _("Rèn luyện")),
]


class WindowForm(forms.Form):
    """When marks of a kind may be entered."""

    kind = forms.ChoiceField(label=_("Loại"), choices=WINDOW_KINDS)
    opens_on = forms.DateField(label=_("Từ ngày"))
    closes_on = forms.DateField(label=_("Đến hết ngày"))


class _SubjectForm(forms.Form):
    """Something about one subject of a pupil's class."""

    class_subject = forms.TypedChoiceField(label=_("Môn"), coerce=UUID)

    def __init__(self, data: Mapping[str, str] | None, *, subjects: Sequence[ClassSubject]) -> None:
        super().__init__(data)
        chosen = self.fields["class_subject"]
        if isinstance(chosen, forms.ChoiceField):
            chosen.choices = [
                (str(subject.public_id), curriculum.subject_named(subject.subject.name)) for subject in subjects
            ]


class ExemptForm(_SubjectForm):
    """Miễn học."""

    starts_on = forms.DateField(label=_("Từ ngày"))
    reason = forms.CharField(label=_("Lí do"), max_length=300)


class EndExemptionForm(forms.Form):
    """Thôi miễn học."""

    exemption = forms.UUIDField(widget=forms.HiddenInput)


class ReceiveForm(_SubjectForm):
    """A term's result from another school."""

    term = forms.ChoiceField(label=_("Học kì"), choices=[("1", "1"), ("2", "2")])
    result = forms.CharField(label=_("Kết quả"), max_length=4, help_text=_("ĐTBmhk, hoặc Đ / CĐ."))
    origin = forms.CharField(label=_("Trường cũ"), max_length=120)


class ReassessForm(_SubjectForm):
    """Đánh giá lại."""

    result = forms.CharField(
        label=_("Kết quả"), max_length=4, required=False, help_text=_("Để trống khi mới đăng kí đánh giá lại.")
    )


class TrainForm(forms.Form):
    """Rèn luyện trong hè."""

    task = forms.CharField(label=_("Nhiệm vụ trong hè"), widget=forms.Textarea)


class JudgeForm(forms.Form):
    """Whether the task of the summer was completed."""

    completed = forms.ChoiceField(
        label=_("Kết quả rèn luyện trong hè"), choices=[("yes", _("Hoàn thành")), ("no", _("Chưa hoàn thành"))]
    )


class DecideForm(forms.Form):
    """The study level that a person settles."""

    level = forms.ChoiceField(label=_("Mức học tập"), choices=LEVELS)
    reason = forms.CharField(label=_("Lí do"), max_length=500)


class PhraseForm(forms.Form):
    """A sentence for the comment bank."""

    text = forms.CharField(label=_("Câu nhận xét"), max_length=300)


class PrimaryForm(forms.Form):
    """One item of a primary class at one moment. Field names: "level<enrolment id>", "test<id>", "remark<id>"."""

    def __init__(
        self, data: Mapping[str, str] | None, *, rows: Sequence[PrimaryRow], place: int | None, letters: str
    ) -> None:
        super().__init__(data)
        self._rows, self._place = rows, place
        for row in rows:
            pupil = row.enrolment_id
            if place is None:
                self.fields[f"remark{pupil}"] = forms.CharField(
                    label=_("Nhận xét"), required=False, max_length=1000, initial=row.remark
                )
                continue
            choices = [("", "–"), *((letter, letter) for letter in letters)]
            self.fields[f"level{pupil}"] = forms.ChoiceField(
                label=_("Mức"), required=False, choices=choices, initial=row.levels[place]
            )
            if row.tests[place] is not None:
                self.fields[f"test{pupil}"] = forms.CharField(
                    label=_("Bài kiểm tra"), required=False, max_length=4, initial=row.tests[place]
                )

    def typed(self, code: str) -> list[TypedAssessment]:
        """What was typed for an item."""
        if self._place is None:
            return []
        said = self.cleaned_data
        return [
            TypedAssessment(
                row.enrolment_id, code, said[f"level{row.enrolment_id}"], said.get(f"test{row.enrolment_id}", "")
            )
            for row in self._rows
        ]

    def remarks(self) -> dict[int, str]:
        """Remarks that changed, by enrolment id."""
        if self._place is not None:
            return {}
        changed = [row.enrolment_id for row in self._rows if f"remark{row.enrolment_id}" in self.changed_data]
        return {pupil: self.cleaned_data[f"remark{pupil}"].strip() for pupil in changed}


class ReasonForm(forms.Form):
    """A deed that needs its reason."""

    reason = forms.CharField(label=_("Lí do"), max_length=500)


class PromotionForm(ReasonForm):
    """Whether a primary pupil moves up after further support."""

    decision = forms.ChoiceField(
        label=_("Quyết định"), choices=[("yes", _("Được lên lớp")), ("no", _("Không được lên lớp"))]
    )


class MovingUpForm(forms.Form):
    """What each class is called a year later. Field names: "name<class id>"."""

    def __init__(self, data: Mapping[str, str] | None, *, moves: Sequence[ClassMove]) -> None:
        super().__init__(data)
        for move in moves:
            if move.name:
                label = _("Tên năm sau của lớp %(name)s") % {"name": move.school_class.name}
                self.fields[f"name{move.school_class.id}"] = forms.CharField(
                    label=label, max_length=40, initial=move.name, widget=forms.TextInput(attrs={"aria-label": label})
                )

    def names(self) -> dict[int, str]:
        """Names by class id."""
        return {int(name.removeprefix("name")): value for name, value in self.cleaned_data.items()}
