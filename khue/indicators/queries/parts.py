"""One step below a body that is no school: what an indicator comes to in each of the bodies it manages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.compiled import compiled
from khue.foundation.text import fold, nfc
from khue.indicators.catalogue import Indicator
from khue.indicators.models import IndicatorCount
from khue.indicators.queries.figures import Value, value_from
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.registry.queries.places import province_codes

PARTS_ON_A_PAGE = 50
Order = Literal["name", "share"]
Shares = Mapping[int, Sequence[int]]

#: Short names for tiles, by code; kinds and dates of the provinces stand in registry's own table.
PROVINCES: Mapping[str, str] = {
    "01": "Hà Nội", "04": "Cao Bằng", "08": "Tuyên Quang", "11": "Điện Biên", "12": "Lai Châu", "14": "Sơn La",
    "15": "Lào Cai", "19": "Thái Nguyên", "20": "Lạng Sơn", "22": "Quảng Ninh", "24": "Bắc Ninh", "25": "Phú Thọ",
    "31": "Hải Phòng", "33": "Hưng Yên", "37": "Ninh Bình", "38": "Thanh Hoá", "40": "Nghệ An", "42": "Hà Tĩnh",
    "44": "Quảng Trị", "46": "Huế", "48": "Đà Nẵng", "51": "Quảng Ngãi", "52": "Gia Lai", "56": "Khánh Hoà",
    "66": "Đắk Lắk", "68": "Lâm Đồng", "75": "Đồng Nai", "79": "Hồ Chí Minh", "80": "Tây Ninh", "82": "Đồng Tháp",
    "86": "Vĩnh Long", "91": "An Giang", "92": "Cần Thơ", "96": "Cà Mau",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One body below, with its share of an indicator."""

    id: int
    organisation: UUID
    name: str
    kind: str
    value: Value


@dataclass(frozen=True, slots=True)
class PartsPage:
    """Fifty of the bodies below.

    start  how many stand before the first of them
    total  how many there are, of those that were searched for
    """

    parts: Sequence[Part]
    start: int
    total: int

    @property
    def next(self) -> int:
        """Where the next page starts; 0 on the last."""
        after = self.start + len(self.parts)
        return after if after < self.total else 0


def parts_of(organisation: Organisation, indicator: Indicator, year: str, limit: int | None = None) -> list[Part]:
    """The bodies directly below by name with their shares, the first of them or all. Two queries."""
    below = registry.bodies_under(organisation)[:limit]
    shares = _shares_of(below, indicator, year)
    return [_part(body, indicator, shares) for body in below]


def parts_page(
    organisation: Organisation,
    indicator: Indicator,
    year: str,
    *,
    text: str = "",
    order: Order = "name",
    start: int = 0,
) -> PartsPage:
    """A page of the bodies directly below with their shares. Two queries.

    text   part of a name, diacritics or not
    order  by name, or the lowest share first; where nothing is known comes last
    start  a place that means nothing is the beginning
    """
    below = _named(registry.bodies_under(organisation), text)
    start = start if 0 <= start < len(below) else 0
    if order == "name":
        shown = below[start : start + PARTS_ON_A_PAGE]
        shares = _shares_of(shown, indicator, year)
    else:
        shares = _shares_of(below, indicator, year)
        shown = sorted(below, key=lambda body: _share(shares.get(body.id)))[start : start + PARTS_ON_A_PAGE]
    return PartsPage([_part(body, indicator, shares) for body in shown], start, len(below))


def _named(bodies: list[registry.Body], text: str) -> list[registry.Body]:
    words = fold(nfc(text)).split()
    return [body for body in bodies if all(word in fold(body.name) for word in words)] if words else bodies


def _share(count: Sequence[int] | None) -> tuple[bool, float]:
    """Where a body stands in the order of shares: what is unknown is neither the lowest nor zero."""
    return (False, count[0] / count[1]) if count and count[1] else (True, 0)


def _part(body: registry.Body, indicator: Indicator, shares: Shares) -> Part:
    return Part(body.id, body.public_id, body.name, body.kind, value_from(indicator, shares.get(body.id)))


def _shares_of(bodies: Sequence[registry.Body], indicator: Indicator, year: str) -> Shares:
    return {body: count for body, *count in _shares([body.id for body in bodies], indicator.code, year)}


@compiled
def _shares(
    organisation_ids: Sequence[int], code: str, year: str
) -> QuerySet[IndicatorCount, tuple[int, int, int, int]]:
    rows = IndicatorCount.objects.filter(organisation_id__in=organisation_ids, code=code, school_year=year)
    return rows.values_list("organisation_id", "numerator", "denominator", "unknown")


def parts_by_province(parts: Sequence[Part]) -> dict[str, Part]:
    """The departments by the code of their province, for the map of tiles. One query."""
    codes = province_codes([part.id for part in parts])
    return {codes[part.id]: part for part in parts if part.id in codes}
