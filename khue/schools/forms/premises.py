"""Forms of campuses, rooms, devices and lines."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.registry.models import Organisation
from khue.schools.actions.premises import ConnectionDetails, DeviceDetails, RoomDetails
from khue.schools.forms.fields import RowField, offer
from khue.schools.labels import CONDITIONS, CONNECTIONS, DEVICES, ROOMS
from khue.schools.models import SchoolClass
from khue.schools.queries import Premises


class CampusClassesForm(forms.Form):
    """Which classes of the year learn at a campus."""

    classes = forms.MultipleChoiceField(label=_("Lớp học ở đây"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, data: Any = None, *, classes: Sequence[SchoolClass], campus: Organisation) -> None:
        here = [str(each.public_id) for each in classes if each.campus_id == campus.id]
        super().__init__(data, initial={"classes": here})
        self._classes = classes
        ticked: Any = self.fields["classes"]
        ticked.choices = [(str(each.public_id), each.name) for each in classes]

    @property
    def chosen(self) -> list[SchoolClass]:
        """The classes that are ticked."""
        keys = set(self.cleaned_data["classes"])
        return [each for each in self._classes if str(each.public_id) in keys]


class CampusForm(forms.Form):
    """A campus."""

    name = forms.CharField(label=_("Tên điểm trường"), max_length=200)
    address = forms.CharField(label=_("Địa chỉ"), max_length=500, required=False)


class PremisesForm(forms.Form):
    """What rooms, devices and lines have in common: they stand somewhere in the school."""

    def __init__(self, data: Any = None, *, premises: Premises, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        if "campus" in self.fields:
            _offer_campuses(self, premises.campuses)
        if "room" in self.fields:
            offer(self, "room", [(room, room.name) for room in premises.rooms])


class RoomForm(PremisesForm):
    """A room."""

    name = forms.CharField(label=_("Tên phòng"), max_length=60, help_text=_("Ví dụ P.101."))
    kind = forms.ChoiceField(label=_("Loại phòng"), choices=list(ROOMS.items()))
    seats = forms.IntegerField(label=_("Số chỗ"), min_value=1, max_value=2000, required=False)
    campus = RowField(label=_("Điểm trường"), empty=_("Điểm trường chính"), required=False)

    @property
    def details(self) -> RoomDetails:
        return RoomDetails(**{"campus": None, **self.cleaned_data})


class DeviceForm(PremisesForm):
    """A device."""

    label = forms.CharField(label=_("Tên thiết bị"), max_length=200, help_text=_("Ví dụ: Máy chiếu P.101."))
    kind = forms.ChoiceField(label=_("Loại"), choices=list(DEVICES.items()))
    quantity = forms.IntegerField(label=_("Số lượng"), min_value=1, max_value=10_000, initial=1)
    code = forms.CharField(label=_("Mã tài sản"), max_length=40, required=False)
    room = RowField(label=_("Phòng"), empty=_("— không cố định —"), required=False)
    condition = forms.ChoiceField(label=_("Tình trạng"), choices=list(CONDITIONS.items()))
    has_digital_record = forms.BooleanField(label=_("Đã có hồ sơ số"), required=False, initial=True)

    @property
    def details(self) -> DeviceDetails:
        return DeviceDetails(**self.cleaned_data)


class ConnectionForm(PremisesForm):
    """A line to the Internet."""

    kind = forms.ChoiceField(label=_("Loại đường truyền"), choices=list(CONNECTIONS.items()))
    provider = forms.CharField(label=_("Nhà cung cấp"), max_length=100, required=False)
    megabits_per_second = forms.IntegerField(label=_("Tốc độ (Mbps)"), min_value=1, max_value=1_000_000, required=False)
    campus = RowField(label=_("Điểm trường"), empty=_("Điểm trường chính"), required=False)

    @property
    def details(self) -> ConnectionDetails:
        return ConnectionDetails(**{"campus": None, **self.cleaned_data})


def _offer_campuses(form: forms.Form, campuses: Sequence[Organisation]) -> None:
    offer(form, "campus", [(campus, campus.name) for campus in campuses])
    if not campuses:
        del form.fields["campus"]
