"""Forms of staff and subject groups."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.registry.queries import PersonDetails
from khue.schools.forms.fields import PartialDateField, RowField, offer
from khue.schools.labels import POSITIONS, SEXES
from khue.schools.models import StaffMember, SubjectGroup

PERSON = ("full_name", "birth", "sex", "national_id", "phone", "email")


class StaffForm(forms.Form):
    """What somebody is at the school."""

    position = forms.ChoiceField(label=_("Công việc"), choices=list(POSITIONS.items()), initial="teacher")
    subject_group = RowField(label=_("Tổ chuyên môn"), empty=_("— không thuộc tổ nào —"), required=False)
    code = forms.CharField(label=_("Mã cán bộ"), max_length=20, required=False)

    def __init__(self, data: Any = None, *, groups: Sequence[SubjectGroup], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        offer(self, "subject_group", [(group, group.name) for group in groups])


class NewStaffForm(StaffForm):
    """Somebody new, with as little of the person as is needed to begin."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=200)
    birth = PartialDateField(label=_("Ngày sinh"), required=False)
    sex = forms.ChoiceField(label=_("Giới tính"), choices=list(SEXES.items()), initial="0")
    national_id = forms.CharField(label=_("Số định danh cá nhân"), max_length=20, required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=30, required=False)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)
    on = forms.DateField(label=_("Làm việc từ ngày"))

    @property
    def details(self) -> PersonDetails:
        """The person as the registry takes it."""
        return PersonDetails(**{name: self.cleaned_data[name] for name in PERSON})

    @property
    def work(self) -> dict[str, Any]:
        """The work as the action takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name not in PERSON}


class EndForm(forms.Form):
    """From which day somebody works at the school no more."""

    on = forms.DateField(label=_("Nghỉ việc ở trường từ ngày"))


class NewGroupForm(forms.Form):
    """A subject group's name."""

    name = forms.CharField(label=_("Tên tổ"), max_length=100, help_text=_("Ví dụ: Tổ Toán - Tin."))


class GroupForm(NewGroupForm):
    """A subject group: name, leader, members."""

    leader = RowField(label=_("Tổ trưởng"), empty=_("— chưa có —"), required=False)
    members = forms.MultipleChoiceField(label=_("Thành viên"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, data: Any = None, *, group: SubjectGroup, staff: Sequence[StaffMember]) -> None:
        leader = next((each for each in staff if each.id == group.leader_id), None)
        present = [str(each.public_id) for each in staff if each.subject_group_id == group.id]
        initial = {"name": group.name, "members": present, "leader": str(leader.public_id) if leader else ""}
        super().__init__(data, initial=initial)
        offer(self, "leader", [(each, each.person.full_name) for each in staff])
        self.staff = {str(each.public_id): each for each in staff}
        members = self.fields["members"]
        assert isinstance(members, forms.MultipleChoiceField)
        members.choices = [(key, _labelled(each, group)) for key, each in self.staff.items()]

    @property
    def given(self) -> dict[str, Any]:
        """As the action takes it."""
        return {**self.cleaned_data, "members": [self.staff[key] for key in self.cleaned_data["members"]]}


def _labelled(staff: StaffMember, group: SubjectGroup) -> str:
    other = staff.subject_group
    name = staff.person.full_name
    return name if other is None or other.id == group.id else f"{name} ({other.name})"
