"""Forms of classes and of pupils in them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.registry.models import Organisation
from khue.registry.queries import PersonDetails
from khue.schools.class_names import MOST, names_in
from khue.schools.forms.fields import PartialDateField, RowField, offer
from khue.schools.labels import LEAVINGS, SEXES
from khue.schools.models import SchoolClass, StaffMember

GRADES = range(1, 13)
LONGEST = 40


class ClassForm(forms.Form):
    """A class: grade, name, campus."""

    grade = forms.TypedChoiceField(label=_("Khối"), coerce=int, choices=[(n, str(n)) for n in GRADES])
    name = forms.CharField(label=_("Tên lớp"), max_length=LONGEST, help_text=_("Ví dụ 6A1."))
    campus = RowField(label=_("Điểm trường"), empty=_("Điểm trường chính"), required=False)

    def __init__(
        self, data: Any = None, *, campuses: Sequence[Organisation], grades: Sequence[int], initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        grade = self.fields["grade"]
        assert isinstance(grade, forms.ChoiceField)
        grade.choices = [(n, str(n)) for n in grades]
        offer(self, "campus", [(campus, campus.name) for campus in campuses])
        if not campuses:
            del self.fields["campus"]

    @property
    def given(self) -> dict[str, Any]:
        """What was typed, as the actions take it."""
        return {"campus": None, **self.cleaned_data}


class NewClassesForm(ClassForm):
    """One or several new classes of a grade."""

    name = forms.CharField(
        label=_("Tên lớp"), max_length=400,
        help_text=_("Ví dụ 6A1. Nhiều lớp một lần: 6A1, 6A2, 6A3 hoặc 6A1-6A8."),
    )  # fmt: skip

    def clean_name(self) -> list[str]:
        """The names, one or several."""
        names = names_in(self.cleaned_data["name"])
        if len(names) > MOST:
            raise forms.ValidationError(_("Mỗi lần tạo nhiều nhất %(most)s lớp."), params={"most": MOST})
        if any(len(name) > LONGEST for name in names):
            raise forms.ValidationError(_("Tên lớp dài nhất %(most)s ký tự."), params={"most": LONGEST})
        return names

    @property
    def given(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        said = self.cleaned_data
        return {"grade": said["grade"], "names": said["name"], "campus": said.get("campus")}


class HomeroomForm(forms.Form):
    """Who leads a class, from when."""

    staff = RowField(label=_("Giáo viên chủ nhiệm"), empty=_("— chọn giáo viên —"))
    on = forms.DateField(label=_("Từ ngày"))

    def __init__(self, data: Any = None, *, staff: Sequence[tuple[StaffMember, str]], on: date) -> None:
        super().__init__(data, initial={"on": on})
        offer(self, "staff", staff)


class NewPupilForm(forms.Form):
    """A pupil whom the school does not know yet, as little as is needed to begin."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=200)
    birth = PartialDateField(label=_("Ngày sinh"), required=False, help_text=_("Ví dụ 02/03/2015."))
    sex = forms.ChoiceField(label=_("Giới tính"), choices=list(SEXES.items()), initial="0")
    moet_code = forms.CharField(label=_("Mã định danh Bộ GD&ĐT"), max_length=20, required=False)
    national_id = forms.CharField(label=_("Số định danh cá nhân"), max_length=20, required=False)
    on = forms.DateField(label=_("Vào lớp từ ngày"))

    @property
    def details(self) -> PersonDetails:
        """The person as the registry takes it."""
        return PersonDetails(**{name: value for name, value in self.cleaned_data.items() if name != "on"})


class EnrolForm(forms.Form):
    """From which day a known pupil is in the class."""

    on = forms.DateField(label=_("Vào lớp từ ngày"))


class MoveForm(forms.Form):
    """To which class, from which day."""

    school_class = RowField(label=_("Chuyển sang lớp"), empty=_("— chọn lớp —"))
    on = forms.DateField(label=_("Từ ngày"), help_text=_("Ngày đầu tiên em học ở lớp mới."))

    def __init__(self, data: Any = None, *, classes: Sequence[SchoolClass], on: date) -> None:
        super().__init__(data, initial={"on": on})
        offer(self, "school_class", [(each, each.name) for each in classes])


class LeaveForm(forms.Form):
    """Why and when a pupil leaves."""

    status = forms.ChoiceField(label=_("Em rời lớp vì"), choices=list(LEAVINGS.items()), widget=forms.RadioSelect)
    on = forms.DateField(label=_("Từ ngày"), help_text=_("Ngày đầu tiên em không còn trong danh sách lớp."))
    reason = forms.CharField(label=_("Ghi chú"), max_length=300, required=False)


class CloseForm(forms.Form):
    """From which day there is no such class."""

    on = forms.DateField(label=_("Từ ngày"))
