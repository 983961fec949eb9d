"""What a school says of itself, field by field of the specification."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khue.exchange.catalogue import Field
from khue.exchange.declarable import declarable as declarable

_ANSWERS = [("", _("Chưa rõ")), ("1", _("Có")), ("0", _("Không"))]
_AREAS = [("", _("Chưa rõ")), ("0", _("Không xác định")), *((str(n), f"KV{t}") for n, t in
          ((1, "1"), (2, "2"), (3, "2-NT"), (4, "3")))]  # fmt: skip
_LEVELS = [("", _("Chưa rõ")), *((str(n), str(n)) for n in (1, 2, 3, 4))]
_CHOICES = {"makhuvuc": _AREAS, "DatKiemDinhCapDo": _LEVELS}


#: The other fields of a school under the headings of the page.
GROUPS = [
    (_("Trường"), (
        "maloaitruong", "makhuvuc", "HangTruong", "DatKiemDinhCapDo", "machatluonggiaoduc", "maduan", "website", "fax",
        "cochibodang", "LaTruongDatChuanQuocGia", "LaTruongQuocTe",
    )),
    (_("Dạy học và học sinh"), (
        "CoDay2BuoiNgay", "cohoctructuyen", "CoHocSinhBanTru", "CoHocSinhNoiTru", "CoHocSinhKhuyetTat", "CoKyNangSong",
        "CoDayNghePhoThong", "CoLopKhongChuyen", "CoChuongTrinhGiaoDucVeSinhDoiTay", "CoChuongTrinhGiaoDucGioiTinh",
        "bptuvanhocduong", "CoChatLuongToiThieu",
    )),
    (_("Cơ sở vật chất"), (
        "DienTich", "sodiemtruong", "CoSuDungMayViTinh", "DuocKetNoiInternet", "CoDienLuoi", "CoNguonNuocSach",
        "CoCongTrinhVeSinhTheoGioiTinh", "DuThietBiDayHocToiThieu", "CoHaTangTiepCanHocSinhKhuyetTat",
    )),
    (_("Địa bàn"), ("tenvung", "mavung", "mavungkhokhan", "CoThuocVungDacBietKhoKhan", "vitribando")),
]  # fmt: skip


class FactsForm(forms.Form):
    """Such fields, but for those the rows say; nothing is compulsory, because what is not known stays so."""

    def __init__(
        self, *arguments: Any, declared: Mapping[str, object], known: Mapping[str, object], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self._asked = [field for field in declarable() if field.name not in known]
        for field in self._asked:
            self.fields[field.name] = _asked(field)
            self.fields[field.name].initial = "" if declared.get(field.name) is None else str(declared[field.name])

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings; a group of which nothing is asked is left out."""
        found = [(str(title), [self[name] for name in names if name in self.fields]) for title, names in GROUPS]
        return [(title, fields) for title, fields in found if fields]

    @property
    def facts(self) -> dict[str, str | int | None]:
        """What was said, as the specification has it."""
        said: dict[str, str | int | None] = {}
        for field in self._asked:
            value = self.cleaned_data.get(field.name)
            if value in (None, ""):
                said[field.name] = None
            elif field.type in ("bool", "int", "number"):
                said[field.name] = int(value)
            else:
                said[field.name] = str(value)
        return said


def _asked(field: Field) -> forms.Field:
    label = gettext(field.label)
    choices = _ANSWERS if field.type == "bool" else _CHOICES.get(field.name)
    if choices is not None:
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if field.type in ("int", "number"):
        return forms.IntegerField(label=label, required=False, min_value=0, max_value=10_000_000)
    return forms.CharField(label=label, required=False, max_length=field.length or 255)
