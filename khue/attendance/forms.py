"""What people type and tap: rolls, lessons of the log, leave."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from khue.attendance.actions import RollStamp
from khue.attendance.models import Absence, LessonLog
from khue.attendance.queries import Prefilled, RollRow
from khue.attendance.ratings import ratings_of
from khue.foundation.ids import uuid7
from khue.foundation.weekdays import WEEKDAYS

PRESENT = ""
#: In the order in which taps go through them.
KINDS = [
    (PRESENT, _("Có mặt")),
    (Absence.Kind.UNEXCUSED.value, _("Không phép")),
    (Absence.Kind.EXCUSED.value, _("Có phép")),
    (Absence.Kind.LATE.value, _("Muộn")),
    (Absence.Kind.LEFT_EARLY.value, _("Về sớm")),
]
#: In which tone a kind is filled.
TONES = {PRESENT: "good", "K": "late", "T": "late", "P": "soon", "M": "soon", "S": "soon"}
MODES = [(LessonLog.Mode.CLASSROOM.value, _("Tại lớp")), (LessonLog.Mode.ONLINE.value, _("Trực tuyến"))]
SESSIONS = [("", _("Cả ngày")), ("am", _("Buổi sáng")), ("pm", _("Buổi chiều"))]


KINDS_AND_SKIPPED = [*KINDS, (Absence.Kind.SKIPPED.value, _("Trốn tiết"))]
KNOWN_KINDS = frozenset(value for value, _label in KINDS_AND_SKIPPED)
MINUTES = range(241)


def toned(kinds: Iterable[tuple[str, object]]) -> list[tuple[str, str, str]]:
    """Value, label and tone of each, as the component for a row of choices takes them."""
    return [(value, str(label), TONES[value]) for value, label in kinds]


@dataclass(frozen=True, slots=True)
class RollLine:
    """One pupil of the roll as the page shows it: as it was typed where it was."""

    row: RollRow
    kind: str
    minutes: str


class RollForm(forms.Form):
    """Field names: "e<enrolment id>" and "m<enrolment id>" for each pupil, what the log says of it, and the stamp.

    The pupils' ninety values are read by hand: as form fields they cost more than all the rest of the page.
    key    made by the page, or by the device that took the roll without a line; `at` is its clock in milliseconds
    """

    title = forms.CharField(label=_("Tên bài"), max_length=200, required=False)
    mode = forms.ChoiceField(label=_("Hình thức"), choices=MODES, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Lí do sửa"), max_length=500, required=False)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen = forms.UUIDField(required=False, widget=forms.HiddenInput)
    at = forms.IntegerField(required=False, min_value=0, max_value=4_102_444_800_000, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, str] | None, *, rows: Sequence[RollRow], log: LessonLog | None) -> None:
        initial = {"title": log.title, "mode": log.mode} if log else {"mode": LessonLog.Mode.CLASSROOM.value}
        super().__init__(data, initial=initial)
        self.lines = [self._line(row) for row in rows]

    def _line(self, row: RollRow) -> RollLine:
        if not self.is_bound:
            return RollLine(row, row.kind, str(row.minutes or ""))
        kind, minutes = self.data.get(f"e{row.enrolment_id}", PRESENT), self.data.get(f"m{row.enrolment_id}", "")
        return RollLine(row, kind.strip(), minutes.strip())

    def clean(self) -> None:
        """Refuse kinds that the page does not offer and minutes that are no lesson's."""
        if any(line.kind not in KNOWN_KINDS for line in self.lines):
            self.add_error(None, _("Có em được ghi một loại chuyên cần không có. Hãy tải lại trang rồi chọn lại."))
        for line in self.lines:
            if line.minutes and _minutes(line.minutes) is None:
                told = _("Số phút của em %(name)s phải là số từ 0 đến 240.") % {"name": line.row.full_name}
                self.add_error(None, told)

    def absences(self) -> dict[int, str]:
        """Who was not simply present, by enrolment id."""
        return {line.row.enrolment_id: line.kind for line in self.lines if line.kind != PRESENT}

    def minutes(self) -> dict[int, int]:
        """How many minutes somebody was late or left early, by enrolment id; zero says nothing."""
        noted = {line.row.enrolment_id: _minutes(line.minutes) for line in self.lines}
        return {enrolment: minutes for enrolment, minutes in noted.items() if minutes}

    def stamp(self, at: datetime) -> RollStamp:
        """Which roll it is. A browser without the script takes it now."""
        taken = self.cleaned_data["at"]
        key: UUID = self.cleaned_data["key"] or uuid7()
        taken_at = at if taken is None else datetime.fromtimestamp(taken / 1000, UTC)
        return RollStamp(key, self.cleaned_data["seen"], taken_at)


def _minutes(typed: str) -> int | None:
    """The number typed; None for what is none, or more than a lesson has."""
    found = int(typed) if len(typed) < 4 and typed.isascii() and typed.isdecimal() else None
    return found if found in MINUTES else None


class LessonForm(forms.Form):
    """What was taught in a lesson, as its teacher signs it."""

    plan_number = forms.IntegerField(label=_("Tiết theo chương trình"), min_value=1, max_value=400, required=False)
    title = forms.CharField(label=_("Tên bài, nội dung công việc"), max_length=300)
    remark = forms.CharField(
        label=_("Nhận xét của giáo viên"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    rating = forms.ChoiceField(label=_("Xếp loại giờ học"), required=False)
    reason = forms.CharField(label=_("Lí do sửa"), max_length=500, required=False)

    def __init__(
        self, data: Mapping[str, str] | None, *, log: LessonLog | None, offered: Prefilled, rating: str
    ) -> None:
        is_written = log is not None and log.is_signed
        super().__init__(
            data,
            initial={
                "plan_number": log.plan_number if log and is_written else offered.plan_number,
                "title": (log.title if log else "") or offered.title,
                "remark": log.remark if log else "",
                "rating": log.rating if log else "",
            },
        )
        choices = ratings_of(rating)
        cast(forms.ChoiceField, self.fields["rating"]).choices = [
            (value, value or _("Không xếp loại")) for value in choices
        ]
        if len(choices) == 1:
            del self.fields["rating"]


class LeaveForm(forms.Form):
    """Leave as a guardian asks for it."""

    first_day = forms.DateField(label=_("Nghỉ từ ngày"))
    last_day = forms.DateField(label=_("Đến hết ngày"))
    session = forms.ChoiceField(label=_("Buổi"), choices=SESSIONS, required=False, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Lí do"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    paper = forms.FileField(label=_("Giấy tờ kèm theo (ảnh hoặc PDF)"), required=False)

    def __init__(self, data: Mapping[str, str] | None, files: MultiValueDict[str, Any] | None, *, today: date) -> None:
        super().__init__(data, files, initial={"first_day": today, "last_day": today, "session": ""})


class AnswerForm(forms.Form):
    """What the homeroom teacher answers to a request for leave."""

    answer = forms.CharField(label=_("Trả lời gia đình"), max_length=500, required=False)


class RemarkForm(forms.Form):
    """What is written under a closed week or a signed month."""

    remark = forms.CharField(
        label=_("Nhận xét"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class LogRulesForm(forms.Form):
    """How a school keeps its lesson log."""

    rating = forms.ChoiceField(
        label=_("Xếp loại giờ học"),
        choices=[("letters", _("A, B, C, D")), ("points", _("Điểm 0–10")), ("none", _("Không xếp loại"))],
        widget=forms.RadioSelect,
    )
    one_session = forms.BooleanField(label=_("Nghỉ cả sáng lẫn chiều trong một ngày tính một buổi"), required=False)


SESSIONS = [("am", _("Buổi sáng")), ("pm", _("Buổi chiều")), ("", _("Ít nhất một buổi trong ngày"))]
DAYS = [(str(number), name) for number, name in WEEKDAYS.items()]


class MealRulesForm(forms.Form):
    """Which presence is a meal, from a day on."""

    valid_from = forms.DateField(label=_("Áp dụng từ ngày"))
    session = forms.ChoiceField(
        label=_("Học sinh ăn khi có mặt"),
        choices=SESSIONS,
        widget=forms.RadioSelect,
        required=False,
    )
    weekdays = forms.MultipleChoiceField(
        label=_("Các ngày có bữa ăn"), choices=DAYS, widget=forms.CheckboxSelectMultiple
    )
    cut_off = forms.TimeField(
        label=_("Báo nghỉ trong ngày trước giờ"),
        required=False,
        input_formats=["%H:%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_(
            "Báo nghỉ sau giờ này, hoặc nghỉ không báo, thì bữa ăn đã nấu vẫn tính. Để trống: nghỉ là không tính."
        ),
    )


class PlanForm(forms.Form):
    """The plan of a subject for a grade: a line a period."""

    lines = forms.CharField(
        label=_("Mỗi dòng là một tiết, từ tiết 1"), required=False, widget=forms.Textarea(attrs={"rows": 16})
    )

    def titles(self) -> list[str]:
        """What each period is about, in order."""
        return [line.strip()[:300] for line in self.cleaned_data["lines"].splitlines() if line.strip()]
