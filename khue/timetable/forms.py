"""Forms of planning: a draft, a search, a wish, publishing."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.curriculum.models import Subject
from khue.schools import queries as schools
from khue.schools.models import ClassSubject, Room, SchoolClass, StaffMember, Term
from khue.timetable import labels
from khue.timetable.actions.bells import BellTime, Pair
from khue.timetable.actions.fet_files import NotFetFile
from khue.timetable.actions.searching import LONGEST_SECONDS
from khue.timetable.actions.wishes import NEEDS, WishDetails
from khue.timetable.models import WishKind
from khue.timetable.planning.ways import LONGEST_WAY, Bells, read_hours, written_hours

MOST_PERIODS = 7
FIRST_DAYS = (5, 6)
#: Fields that each kind of wish is asked for.
FIELDS: dict[str, tuple[str, ...]] = {
    WishKind.SESSION: ("grade", "school_class", "session"),
    WishKind.FIXED: ("title", "subject", "grade", "weekday", "session", "period"),
    WishKind.BUSY: ("staff", "weekday", "session", "period", "is_must"),
    WishKind.MOST_A_DAY: ("staff", "amount", "is_must"),
    WishKind.MOST_DAYS: ("staff", "amount", "is_must"),
    WishKind.MOST_GAPS: ("staff", "amount", "is_must"),
    WishKind.DOUBLE: ("subject", "grade", "amount"),
    WishKind.ROOM: ("subject", "grade", "room_kind"),
    WishKind.LATEST: ("subject", "grade", "period", "is_must"),
    WishKind.TOGETHER: ("title", "members"),
    WishKind.TRAVEL: ("amount",),
}
ROOM_KINDS = {
    Room.Kind.SUBJECT: gettext_lazy("Phòng bộ môn"),
    Room.Kind.COMPUTER: gettext_lazy("Phòng máy tính"),
    Room.Kind.GYM: gettext_lazy("Nhà đa năng, sân tập"),
    Room.Kind.STUDIO: gettext_lazy("Phòng nghệ thuật"),
    Room.Kind.LIBRARY: gettext_lazy("Thư viện"),
}


class DraftForm(forms.Form):
    """A new draft: its term and the frame of its week."""

    title = forms.CharField(label=gettext_lazy("Tên bản nháp"), max_length=120)
    term = forms.ChoiceField(label=gettext_lazy("Học kì"))
    last_weekday = forms.TypedChoiceField(
        label=gettext_lazy("Học đến"), coerce=int, choices=[(day, labels.WEEKDAYS[day]) for day in FIRST_DAYS]
    )
    morning = forms.IntegerField(label=gettext_lazy("Số tiết buổi sáng"), min_value=0, max_value=MOST_PERIODS)
    afternoon = forms.IntegerField(label=gettext_lazy("Số tiết buổi chiều"), min_value=0, max_value=MOST_PERIODS)
    copies = forms.BooleanField(
        label=gettext_lazy("Bắt đầu từ thời khoá biểu đang áp dụng"), required=False, initial=True
    )

    def __init__(
        self, data: Any = None, *, terms: Sequence[Term], initial: dict[str, object], may_copy: bool = True
    ) -> None:
        super().__init__(data, initial=initial)
        if not may_copy:  # nothing was published that could be begun with
            del self.fields["copies"]
        self.terms = {str(term.public_id): term for term in terms}
        names = {key: _term_name(term) for key, term in self.terms.items()}
        cast(forms.ChoiceField, self.fields["term"]).choices = list(names.items())

    @property
    def chosen_term(self) -> Term:
        return self.terms[self.cleaned_data["term"]]


class SearchForm(forms.Form):
    """How to search."""

    seconds = forms.IntegerField(
        label=gettext_lazy("Tối đa (giây)"), min_value=1, max_value=LONGEST_SECONDS, initial=120
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Phương án số"),
        min_value=0,
        max_value=999_999,
        initial=1,
        help_text=gettext_lazy(
            "Số khác cho một cách xếp khác. Cùng một số cho cùng một kết quả, trừ khi hết giờ mà máy chưa tìm xong."
        ),
    )
    keeps = forms.BooleanField(required=False)  # which of the two buttons was pressed


class FetFileForm(forms.Form):
    """A .fet file."""

    file = forms.FileField(
        label=gettext_lazy("Tệp FET"),
        error_messages={"required": NotFetFile.message, "empty": NotFetFile.message},
        widget=forms.FileInput(attrs={"accept": ".fet,.xml"}),
    )

    def __init__(self, data: Any, sent: Any) -> None:
        super().__init__(data, sent)
        # A file sent in pieces before is named by its upload; the field itself is then empty.
        self.fields["file"].required = not (data and data.get("file_upload"))


class PublishForm(forms.Form):
    """What a version is called and when it begins."""

    title = forms.CharField(label=gettext_lazy("Tên thời khoá biểu"), max_length=120)
    valid_from = forms.DateField(label=gettext_lazy("Áp dụng từ ngày"))


class WishForm(forms.Form):
    """One wish; only the fields of its kind."""

    title = forms.CharField(label=gettext_lazy("Tên"), max_length=80)
    staff = forms.ChoiceField(label=gettext_lazy("Giáo viên"), required=False)
    subject = forms.ChoiceField(label=gettext_lazy("Môn"), required=False)
    school_class = forms.ChoiceField(label=gettext_lazy("Lớp"), required=False)
    grade = forms.TypedChoiceField(label=gettext_lazy("Khối"), required=False, coerce=int, empty_value=None)
    weekday = forms.TypedChoiceField(label=gettext_lazy("Ngày"), coerce=int, empty_value=None, required=False)
    session = forms.ChoiceField(label=gettext_lazy("Buổi"), choices=list(labels.SESSIONS.items()), required=False)
    period = forms.IntegerField(label=gettext_lazy("Tiết"), min_value=1, max_value=MOST_PERIODS, required=False)
    amount = forms.IntegerField(label=gettext_lazy("Số lượng"), min_value=0, max_value=40, required=False)
    room_kind = forms.ChoiceField(label=gettext_lazy("Loại phòng"), choices=list(ROOM_KINDS.items()), required=False)
    members = forms.MultipleChoiceField(
        label=gettext_lazy("Môn của các lớp"), widget=forms.CheckboxSelectMultiple, required=False
    )
    is_must = forms.BooleanField(
        label=gettext_lazy("Bắt buộc (bỏ chọn: chỉ là mong muốn)"), required=False, initial=True
    )
    on = forms.DateField(label=gettext_lazy("Từ ngày"))

    def __init__(
        self,
        data: Any = None,
        *,
        kind: str,
        staff: Sequence[StaffMember] = (),
        classes: Sequence[SchoolClass] = (),
        subjects: Sequence[Subject] = (),
        electives: Sequence[ClassSubject] = (),
        initial: dict[str, object],
    ) -> None:
        super().__init__(data, initial=initial)
        self.kind = kind
        self.rows: dict[str, dict[str, Any]] = {
            "staff": {str(each.public_id): each for each in staff},
            "school_class": {str(each.public_id): each for each in classes},
            "subject": {str(each.public_id): each for each in subjects},
            "members": {str(each.public_id): each for each in electives},
        }
        colleagues = schools.names_apart(staff)
        everyone: tuple[Any, Any] = ("", _("— tất cả —"))
        names: dict[str, list[tuple[Any, Any]]] = {
            "staff": [(str(each.public_id), colleagues[each.id]) for each in staff],
            "school_class": [(str(each.public_id), each.name) for each in classes],
            "subject": [(str(each.public_id), each.name) for each in subjects],
            "grade": [(grade, str(grade)) for grade in sorted({each.grade for each in classes})],
            "weekday": [(day, labels.WEEKDAYS[day]) for day in range(1, 7)],
        }
        needed = {*NEEDS[kind], *(["members"] if kind == WishKind.TOGETHER else [])}
        for name, choices in names.items():
            first = ("", _("— chọn —")) if name in needed else everyone
            cast(forms.ChoiceField, self.fields[name]).choices = [first, *choices]
        offered = [(str(each.public_id), f"{each.subject.name} {each.school_class.name}") for each in electives]
        cast(forms.ChoiceField, self.fields["members"]).choices = offered
        for name in set(self.fields) - {*FIELDS[kind], "on"}:
            del self.fields[name]
        for name in needed:
            self.fields[name].required = True

    @property
    def details(self) -> WishDetails:
        """As the action takes it."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "on"}
        for name in ("staff", "school_class", "subject"):
            if name in given:
                given[name] = self.rows[name].get(given[name])
        if "members" in given:
            given["members"] = [self.rows["members"][key] for key in given["members"]]
        return WishDetails(kind=self.kind, **given)


def _term_name(term: Term) -> str:
    return _("Học kì %(number)s, năm học %(year)s") % {"number": term.number, "year": term.school_year.code}


class AbsenceForm(forms.Form):
    """Who is away, from when to when."""

    staff = forms.ChoiceField(label=gettext_lazy("Giáo viên"))
    starts_on = forms.DateField(label=gettext_lazy("Từ ngày"))
    ends_on = forms.DateField(label=gettext_lazy("Đến hết ngày"))
    reason = forms.CharField(label=gettext_lazy("Lí do"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, staff: Sequence[StaffMember], initial: dict[str, object]) -> None:
        super().__init__(data, initial=initial)
        self.people = {str(each.public_id): each for each in staff}
        names = schools.names_apart(staff)
        offered: list[tuple[Any, Any]] = [(key, names[each.id]) for key, each in self.people.items()]
        cast(forms.ChoiceField, self.fields["staff"]).choices = [("", _("— chọn giáo viên —")), *offered]

    @property
    def details(self) -> dict[str, Any]:
        """As the action takes them."""
        return {**self.cleaned_data, "staff": self.people[self.cleaned_data["staff"]]}


class BellsForm(forms.Form):
    """The hours of each period at one campus; what is left empty is no period."""

    def __init__(self, data: Any = None, *, bells: Bells) -> None:
        super().__init__(data)
        for session in ("am", "pm"):
            for period in range(1, MOST_PERIODS + 1):
                name = labels.period_name(session, period)
                given = bells.get((session, period))
                self.fields[f"{session}-{period}"] = forms.CharField(
                    label=name[:1].upper() + name[1:],
                    required=False,
                    max_length=40,
                    initial=written_hours(given) if given else "",
                )

    def clean(self) -> dict[str, Any]:
        for name in self.fields:
            if self.cleaned_data.get(name) and read_hours(self.cleaned_data[name]) is None:
                self.add_error(name, _("Hãy ghi giờ vào và giờ ra, ví dụ 7:00 - 7:45."))
        return self.cleaned_data

    @property
    def bells(self) -> list[BellTime]:
        """As the action takes them."""
        found = []
        for name, text in self.cleaned_data.items():
            session, _dash, period = name.partition("-")
            hours = read_hours(text)
            if hours is not None:
                found.append(BellTime(session, int(period), *hours))
        return found


class WaysForm(forms.Form):
    """How long the way between any two campuses takes."""

    def __init__(
        self,
        data: Any = None,
        *,
        pairs: Sequence[tuple[tuple[int, str], tuple[int | None, str]]],
        minutes: Mapping[Pair, int],
    ) -> None:
        super().__init__(data)
        self.pairs = {f"way-{one}-{other or 0}": (one, other) for (one, _name), (other, _other_name) in pairs}
        for (one, name), (other, other_name) in pairs:
            self.fields[f"way-{one}-{other or 0}"] = forms.IntegerField(
                label=_("%(one)s – %(other)s (phút)") % {"one": name, "other": other_name},
                required=False,
                min_value=0,
                max_value=LONGEST_WAY,
                initial=minutes.get((one, other)),
            )

    @property
    def minutes(self) -> dict[Pair, int | None]:
        """As the action takes them."""
        return {pair: self.cleaned_data[name] for name, pair in self.pairs.items()}


class SwapForm(forms.Form):
    """In which class and on which day two lessons change places."""

    day = forms.DateField(label=gettext_lazy("Ngày"))

    def __init__(self, data: Any, *, classes: Sequence[SchoolClass], first: date) -> None:
        super().__init__(data, initial={"day": first})
        self.classes = {str(each.public_id): each for each in classes}
        names = [(key, each.name) for key, each in self.classes.items()]
        # "class" is a word of the language, so the field is added by its name.
        self.fields["class"] = forms.ChoiceField(label=_("Lớp"), choices=names)
        self.order_fields(["class", "day"])

    @property
    def school_class(self) -> SchoolClass:
        return self.classes[self.cleaned_data["class"]]

    @property
    def day_chosen(self) -> date:
        day: date = self.cleaned_data["day"]
        return day
