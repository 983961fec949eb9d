"""Forms of an admission: its plan, the seed of its lot, the classes to fill."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.registry.models import Organisation
from khue.schools.actions import PlanDetails, SchoolSeats
from khue.schools.labels import ADMISSIONS, PRIORITIES
from khue.schools.models import AdmissionPlan, SchoolClass

MOST_ZONES = 500
#: Of which level, by its code in the exchange specification (domain §1.8), an admission fills the first grade.
FIRST_GRADE_OF = {"first-grade-admission": "02", "sixth-grade-admission": "03"}
#: What of a plan may still change once it receives: decision 0285.
_GROWS = {"capacity", "closes_at"}
_WHEN = "%Y-%m-%dT%H:%M"


def zones_in(text: str) -> list[tuple[str, str]]:
    """(commune, street) of each line. Raises ValidationError."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_ZONES:
        raise forms.ValidationError(_("Nhiều nhất %(most)s dòng."), params={"most": MOST_ZONES})
    found = []
    for line in lines:
        commune, _colon, street = line.partition(":")
        if not commune.strip():
            raise forms.ValidationError(_("Dòng “%(line)s” thiếu tên xã, phường."), params={"line": line[:60]})
        found.append((commune.strip()[:100], street.strip()[:100]))
    return found


class OpenForm(forms.Form):
    """What a plan promises. A school is offered the grades of its levels, all where these are not known."""

    procedure = forms.ChoiceField(label=_("Tuyển sinh vào"), choices=list(ADMISSIONS.items()))
    year = forms.RegexField(
        r"^\d{4}-\d{4}$", label=_("Năm học"), help_text=_("Ví dụ: 2027-2028."),
        error_messages={"invalid": _("Năm học viết như 2027-2028.")},
    )  # fmt: skip
    capacity = forms.IntegerField(label=_("Số chỗ"), min_value=1, max_value=5000)
    opens_at = forms.DateTimeField(
        label=_("Nhận hồ sơ từ"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_WHEN)
    )
    closes_at = forms.DateTimeField(
        label=_("Đến"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_WHEN)
    )
    who = forms.CharField(
        label=_("Ai được đăng kí"), max_length=2000, widget=forms.Textarea,
        help_text=_("Ví dụ: Trẻ sinh năm 2021, thường trú hoặc tạm trú trên địa bàn."),
    )  # fmt: skip
    zones = forms.CharField(
        label=_("Địa bàn tuyển sinh, mỗi dòng một nơi"), max_length=30_000, widget=forms.Textarea,
        help_text=_("Xã, phường: thôn, tổ dân phố. Không ghi thôn thì là cả xã. Ví dụ: Mỹ An: Ấp 3"),
    )  # fmt: skip
    papers = forms.CharField(
        label=_("Giấy tờ, mỗi dòng một thứ"), max_length=2000, required=False, widget=forms.Textarea,
        help_text=_("Không đòi giấy mà hệ thống hoặc dữ liệu dân cư đã có."),
    )  # fmt: skip
    seed_digest = forms.CharField(
        label=_("Mã băm SHA-256 của số bốc thăm"), max_length=64, required=False,
        help_text=_("Chỉ khi bốc thăm trong cùng nhóm ưu tiên. Bỏ trống thì xếp theo thứ tự nộp."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, initial: Any = None, school: Organisation | None = None) -> None:
        super().__init__(data, initial=initial)
        levels = school.level_groups.split(",") if school is not None else []
        offered = [(key, label) for key, label in ADMISSIONS.items() if FIRST_GRADE_OF[key] in levels]
        field = self.fields.get("procedure")
        if offered and isinstance(field, forms.ChoiceField):
            field.choices = offered

    def clean_zones(self) -> list[tuple[str, str]]:
        """One place a line."""
        return zones_in(self.cleaned_data["zones"])

    @property
    def details(self) -> PlanDetails:
        """The plan as the action takes it."""
        return PlanDetails(**self.cleaned_data)


class ChangeForm(OpenForm):
    """A published plan put right; grade and year stay. Once it receives, only what may still change is asked."""

    procedure = None  # type: ignore[assignment]  # Django's way to leave a field out
    year = None  # type: ignore[assignment]

    def __init__(self, data: Any = None, *, plan: AdmissionPlan, begun: bool) -> None:
        initial = {
            name: getattr(plan, name) for name in ("capacity", "opens_at", "closes_at", "who", "papers", "seed_digest")
        }
        lines = [f"{zone['commune']}: {zone['street']}".removesuffix(": ") for zone in plan.zones]
        super().__init__(data, initial={**initial, "zones": "\n".join(lines)})
        self._plan, self._begun = plan, begun
        if begun:
            for name in self.fields.keys() - _GROWS:
                del self.fields[name]
            self.fields["closes_at"].label = _("Nhận hồ sơ đến")

    def clean(self) -> dict[str, Any]:
        """What grows does not shrink, and says so beside itself."""
        capacity, closes_at = self.cleaned_data.get("capacity"), self.cleaned_data.get("closes_at")
        if self._begun and capacity is not None and capacity < self._plan.capacity:
            self.add_error("capacity", _("Chỉ tăng được: đã công bố %(seats)s chỗ.") % {"seats": self._plan.capacity})
        if self._begun and closes_at is not None and closes_at < _to_the_minute(self._plan.closes_at):
            self.add_error("closes_at", _("Chỉ kéo dài thêm được hạn nhận đã công bố."))
        return self.cleaned_data

    @property
    def details(self) -> PlanDetails:
        """The plan as the action takes it. Instants are typed to the minute; the minute that stood is the same one."""
        plan = self._plan
        stood = {name: getattr(plan, name) for name in ("opens_at", "who", "papers", "seed_digest")}
        given = {**stood, "zones": [(zone["commune"], zone["street"]) for zone in plan.zones], **self.cleaned_data}
        for name in ("opens_at", "closes_at"):
            if given[name] == _to_the_minute(getattr(plan, name)):
                given[name] = getattr(plan, name)
        return PlanDetails(procedure=self._plan.procedure, year=self._plan.year, **given)


def _to_the_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


class AreaForm(OpenForm):
    """A plan for the schools an office manages: for each its seats, where it receives, and its catchment."""

    def __init__(self, data: Any = None, *, schools: Sequence[Organisation], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self._schools = schools
        del self.fields["capacity"], self.fields["zones"]
        for school in schools:
            self.fields[f"capacity_{school.id}"] = forms.IntegerField(
                label=_("Số chỗ"), min_value=1, max_value=5000, required=False
            )
            self.fields[f"zones_{school.id}"] = forms.CharField(
                label=_("Địa bàn, mỗi dòng một nơi"), max_length=30_000, required=False, widget=forms.Textarea,
                help_text=_("Ví dụ: Mỹ An: Ấp 3"),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A school with seats has the grade and a catchment, and the other way round."""
        for school in self._schools:
            capacity, zones = f"capacity_{school.id}", f"zones_{school.id}"
            if self.cleaned_data.get(zones):
                try:
                    self.cleaned_data[zones] = zones_in(self.cleaned_data[zones])
                except forms.ValidationError as error:
                    self.add_error(zones, error)
            elif self.cleaned_data.get(capacity):
                self.add_error(zones, _("Hãy ghi địa bàn tuyển sinh của trường."))
            if self.cleaned_data.get(capacity) and not _has_grade(school, self.cleaned_data.get("procedure", "")):
                self.add_error(capacity, _("Trường không có cấp học này. Hãy bỏ trống."))
            if self.cleaned_data.get(zones) and not self.cleaned_data.get(capacity) and capacity not in self.errors:
                self.add_error(capacity, _("Hãy ghi số chỗ của trường."))
        return self.cleaned_data

    @property
    def details(self) -> PlanDetails:
        """What holds for all schools."""
        names = ("procedure", "year", "opens_at", "closes_at", "seed_digest", "who", "papers")
        return PlanDetails(capacity=0, zones=(), **{name: self.cleaned_data[name] for name in names})

    @property
    def seats(self) -> list[SchoolSeats]:
        """The schools that receive."""
        given = self.cleaned_data
        return [
            SchoolSeats(school, given[f"capacity_{school.id}"], given[f"zones_{school.id}"])
            for school in self._schools
            if given[f"capacity_{school.id}"]
        ]

    @property
    def common(self) -> list[Any]:
        """Bound fields of all schools together."""
        return [bound for bound in self if bound.name in OpenForm.base_fields]

    @property
    def parts(self) -> list[tuple[Organisation, Any, Any]]:
        """Each school with its two bound fields."""
        return [(one, self[f"capacity_{one.id}"], self[f"zones_{one.id}"]) for one in self._schools]


def _has_grade(school: Organisation, procedure: str) -> bool:
    """Whether a school has the level that an admission begins; one whose levels nobody wrote down may have any."""
    return not school.level_groups or FIRST_GRADE_OF.get(procedure) in school.level_groups.split(",")


class JudgeForm(forms.Form):
    """Into which class of priority an application belongs by its papers."""

    code = forms.CharField(label=_("Mã hồ sơ"), max_length=60)
    priority = forms.TypedChoiceField(label=_("Nhóm"), coerce=int, choices=list(PRIORITIES.items()))
    why = forms.CharField(
        label=_("Căn cứ để xét"), max_length=500, widget=forms.Textarea,
        help_text=_("Ví dụ: Gia đình đã nộp giấy chứng nhận hộ nghèo. Gia đình đọc được ở trang theo dõi."),
    )  # fmt: skip


class SeedForm(forms.Form):
    """The seed whose digest was published; empty where nothing is drawn."""

    seed = forms.CharField(label=_("Số bốc thăm"), max_length=200, required=False)


class PlaceForm(forms.Form):
    """Which classes the admitted are dealt out to, and from which day."""

    classes = forms.MultipleChoiceField(label=_("Chia đều vào các lớp"), widget=forms.CheckboxSelectMultiple)
    on = forms.DateField(label=_("Vào lớp từ ngày"))

    def __init__(self, data: Any = None, *, classes: Sequence[SchoolClass], on: date) -> None:
        first = max([on, *(each.school_year.starts_on for each in classes[:1])])
        super().__init__(data, initial={"on": first})
        self._rows = {str(each.public_id): each for each in classes}
        field = self.fields["classes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, each.name) for key, each in self._rows.items()]

    @property
    def chosen(self) -> list[SchoolClass]:
        """The classes, in the order of their names."""
        return [row for key, row in self._rows.items() if key in self.cleaned_data["classes"]]
