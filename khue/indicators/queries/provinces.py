"""The 34 provinces beside their departments, for the map of tiles."""

from collections.abc import Mapping, Sequence

from khue.indicators.queries.figures import Part
from khue.registry.queries.places import province_codes

#: Short names for tiles, by code; kinds and dates of the provinces stand in registry's own table.
PROVINCES: Mapping[str, str] = {
    "01": "Hà Nội", "04": "Cao Bằng", "08": "Tuyên Quang", "11": "Điện Biên", "12": "Lai Châu", "14": "Sơn La",
    "15": "Lào Cai", "19": "Thái Nguyên", "20": "Lạng Sơn", "22": "Quảng Ninh", "24": "Bắc Ninh", "25": "Phú Thọ",
    "31": "Hải Phòng", "33": "Hưng Yên", "37": "Ninh Bình", "38": "Thanh Hoá", "40": "Nghệ An", "42": "Hà Tĩnh",
    "44": "Quảng Trị", "46": "Huế", "48": "Đà Nẵng", "51": "Quảng Ngãi", "52": "Gia Lai", "56": "Khánh Hoà",
    "66": "Đắk Lắk", "68": "Lâm Đồng", "75": "Đồng Nai", "79": "Hồ Chí Minh", "80": "Tây Ninh", "82": "Đồng Tháp",
    "86": "Vĩnh Long", "91": "An Giang", "92": "Cần Thơ", "96": "Cà Mau",
}  # fmt: skip


def parts_by_province(parts: Sequence[Part]) -> dict[str, Part]:
    """The departments by the code of their province. One query."""
    codes = province_codes([part.id for part in parts])
    return {codes[part.id]: part for part in parts if part.id in codes}
