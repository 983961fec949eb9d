"""Forms of teaching assignments."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.curriculum.models import Strand
from khue.schools.actions.teaching import Share
from khue.schools.forms.fields import RowField, offer
from khue.schools.models import ClassSubject, StaffMember
from khue.schools.queries import TeacherShare, names_apart

#: So many teachers can share a class-subject: the parts of an integrated subject, or two in one room.
MOST, MOST_WITHOUT_STRANDS = 4, 2


class TeachersForm(forms.Form):
    """Up to four teachers of a class-subject with strand and share, and the classes it is meant for as well."""

    on = forms.DateField(label=gettext_lazy("Từ ngày"))

    def __init__(
        self,
        data: Any = None,
        *,
        staff: Sequence[StaffMember],
        strands: Sequence[Strand],
        present: Sequence[TeacherShare],
        beside: Sequence[ClassSubject],
        on: date,
    ) -> None:
        self.numbers = range(1, (MOST if strands else max(MOST_WITHOUT_STRANDS, len(present))) + 1)
        by_id = {each.id: str(each.public_id) for each in staff}
        colleagues = names_apart(staff)
        initial: dict[str, object] = {"on": on}
        for number, share in enumerate(present[: len(self.numbers)], start=1):
            initial |= {
                f"staff_{number}": by_id.get(share.staff_id, ""),
                f"strand_{number}": share.strand,
                f"share_{number}": share.share_percent if len(present) > 1 else None,
            }
        super().__init__(data, initial=initial)
        names = [("", _("— cả môn —")), *((strand.name, strand.name) for strand in strands)]
        for number in self.numbers:
            self.fields[f"staff_{number}"] = RowField(
                label=_("Giáo viên"), empty=_("— chưa phân công —") if number == 1 else _("— không —"), required=False
            )
            offer(self, f"staff_{number}", [(each, _named(each, colleagues)) for each in staff])
            if strands:
                self.fields[f"strand_{number}"] = forms.ChoiceField(label=_("Phân môn"), choices=names, required=False)
            self.fields[f"share_{number}"] = forms.IntegerField(
                label=_("Phần (%)"), min_value=1, max_value=100, required=False
            )
        self.beside = {str(each.public_id): each for each in beside}
        self.fields["also"] = forms.MultipleChoiceField(
            label=_("Phân công như vậy cả cho lớp"),
            choices=[(key, each.school_class.name) for key, each in self.beside.items()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each teacher: teacher, strand or None, share."""
        return [
            (
                self[f"staff_{number}"],
                self[f"strand_{number}"] if f"strand_{number}" in self.fields else None,
                self[f"share_{number}"],
            )
            for number in self.numbers
        ]

    @property
    def shares(self) -> list[Share]:
        """As the action takes them; shares left empty divide what is left evenly."""
        given = self.cleaned_data
        chosen = [number for number in self.numbers if given[f"staff_{number}"] is not None]
        empty = [number for number in chosen if given[f"share_{number}"] is None]
        left = 100 - sum(given[f"share_{number}"] or 0 for number in chosen)
        even = {number: left // len(empty) for number in empty} if empty else {}
        if empty:
            even[empty[0]] += left - sum(even.values())
        return [
            Share(
                given[f"staff_{number}"],
                even.get(number, given[f"share_{number}"]),
                given.get(f"strand_{number}") or "",
            )
            for number in chosen
        ]

    @property
    def also_for(self) -> list[ClassSubject]:
        return [self.beside[key] for key in self.cleaned_data["also"]]


def _named(staff: StaffMember, names: Mapping[int, str]) -> str:
    group, name = staff.subject_group, names[staff.id]
    return f"{name} · {group.name}" if group and name == staff.person.full_name else name


class PeriodsForm(forms.Form):
    """Periods a week by term."""

    term_1 = forms.DecimalField(
        label=gettext_lazy("Học kì I"), min_value=0, max_value=40, decimal_places=2, localize=True
    )
    term_2 = forms.DecimalField(
        label=gettext_lazy("Học kì II"), min_value=0, max_value=40, decimal_places=2, localize=True
    )


class ElectivesForm(forms.Form):
    """From which day the choices of a class hold."""

    on = forms.DateField(label=gettext_lazy("Áp dụng từ ngày"))


class OfferForm(forms.Form):
    """An elective subject that the class is offered."""

    subject = RowField(label=gettext_lazy("Môn lựa chọn"), empty=gettext_lazy("— chọn môn —"))
