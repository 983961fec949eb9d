"""What the catalogue shows: made-up rows, and a form in each of its states."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.foundation import clock

LONG_NAME = "Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Thảo Quyên"
LONG_SCHOOL = "Trường Phổ thông Dân tộc bán trú Tiểu học và Trung học cơ sở Nậm Khăn, huyện vùng cao biên giới"
HUES = "blue violet green teal orange red pink brown indigo olive slate gold"


@dataclass(frozen=True)
class Pupil:
    """A row of the sample table."""

    name: str
    born_on: date
    mark: int | None
    state: str
    tone: str


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label=_("Họ và tên"), help_text=_("Như trong giấy khai sinh."), max_length=120)
    born_on = forms.DateField(label=_("Ngày sinh"), help_text=_("Ví dụ 05/09/2014"))
    school_class = forms.ChoiceField(
        label=_("Lớp"), choices=[("", _("Chọn lớp")), (_("Khối 6"), [("6A", "6A"), ("6B", "6B")])]
    )
    mark = forms.DecimalField(label=_("Điểm"), max_value=10, required=False)
    password = forms.CharField(label=_("Mật khẩu"), widget=forms.PasswordInput)
    reason = forms.CharField(label=_("Lý do"), widget=forms.Textarea, required=False)
    session = forms.ChoiceField(
        label=_("Buổi học"),
        choices=[("m", _("Sáng")), ("a", _("Chiều")), ("d", _("Cả ngày"))],
        widget=forms.RadioSelect,
    )
    days = forms.MultipleChoiceField(
        label=_("Ngày trong tuần"),
        choices=[("2", _("Thứ Hai")), ("3", _("Thứ Ba")), ("4", _("Thứ Tư"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    roster = forms.FileField(label=_("Danh sách Excel"), help_text=_("Tệp .xlsx, nhiều nhất 5 MB."), required=False)
    agrees = forms.BooleanField(label=_("Tôi đã kiểm tra các thông tin trên"))


class CrowdForm(forms.Form):
    """Many to choose from."""

    staff = forms.MultipleChoiceField(
        label=_("Có mặt"),
        choices=[
            (str(number), f"Nguyễn Thị {letter}n") for number, letter in enumerate("ABCDGHKLMNPQRSTVXYABCDGHKLMNPQRS")
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def content() -> dict[str, object]:
    """Everything the catalogue's template prints."""
    blank = SampleForm(auto_id="blank_%s")
    wrong = SampleForm(
        {"name": LONG_NAME, "born_on": "30/02/2014", "mark": "12,5", "reason": LONG_SCHOOL, "session": "x"},
        auto_id="wrong_%s",
    )
    return {
        "blank": blank,
        "wrong": wrong,
        "crowd": CrowdForm(auto_id="crowd_%s"),
        "pupils": pupils(),
        "none": [],
        "hues": HUES.split(),
        "long_name": LONG_NAME,
        "long_school": LONG_SCHOOL,
        "monday": datetime(2026, 11, 23, 7, 5, tzinfo=UTC),
        "just_now": clock.now() - timedelta(minutes=5),
        "absences": [("6A", 2), ("6B", 0), ("7A", 5), ("7B", 3), ("Nội trú 8A", 1)],
        "weeks": [
            (f"T{week}", value) for week, value in enumerate((92.5, 94.0, 91.5, 96.0, None, 95.5, 97.0), start=1)
        ],
    }


def pupils() -> list[Pupil]:
    """Rows with everything that is hard to show: long names, one word, no mark."""
    return [
        Pupil("Nguyễn Văn An", date(2014, 9, 5), 85, str(_("Có mặt")), "good"),
        Pupil(LONG_NAME, date(2014, 12, 31), 100, str(_("Đi muộn")), "soon"),
        Pupil("Thò", date(2013, 1, 1), None, str(_("Vắng không phép")), "late"),
        Pupil("Lò Thị Ửng", date(2014, 3, 20), 65, str(_("Vắng có phép")), "info"),
    ]
