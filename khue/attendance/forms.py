"""The roll as a form: one tap a pupil who is not simply there."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.attendance.models import Absence, LessonLog
from khue.attendance.queries import RollRow

PRESENT = ""
KINDS = [
    (PRESENT, _("Có mặt")),
    (Absence.Kind.UNEXCUSED.value, _("Không phép")),
    (Absence.Kind.EXCUSED.value, _("Có phép")),
    (Absence.Kind.LATE.value, _("Muộn")),
]
MODES = [(LessonLog.Mode.CLASSROOM.value, _("Tại lớp")), (LessonLog.Mode.ONLINE.value, _("Trực tuyến"))]


class RollForm(forms.Form):
    """Field names: "e<enrolment id>" for each pupil, and what the lesson log says of the lesson."""

    title = forms.CharField(label=_("Tên bài"), max_length=200, required=False)
    mode = forms.ChoiceField(label=_("Hình thức"), choices=MODES, widget=forms.RadioSelect)

    def __init__(self, data: Mapping[str, str] | None, *, rows: Sequence[RollRow], log: LessonLog | None) -> None:
        initial = {"title": log.title, "mode": log.mode} if log else {"mode": LessonLog.Mode.CLASSROOM.value}
        super().__init__(data, initial=initial)
        self.rows = rows
        for row in rows:
            self.fields[f"e{row.enrolment_id}"] = forms.ChoiceField(
                label=row.full_name, choices=KINDS, required=False, initial=row.kind
            )

    def absences(self) -> dict[int, str]:
        """Who was not simply present, by enrolment id."""
        kinds = {row.enrolment_id: self.cleaned_data[f"e{row.enrolment_id}"] for row in self.rows}
        return {enrolment: kind for enrolment, kind in kinds.items() if kind != PRESENT}
