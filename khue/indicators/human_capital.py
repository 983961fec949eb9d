"""The Human Capital Index of the UN's E-Government Development Index, as far as it can be computed (domain §1.10).

Components come from international sources with their year. The index compares all countries, so that without the table
of the others it is not computed; its components are shown as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Component:
    """One component. weight: until the survey of 2022; None for the one that came in 2024, whose weight is unknown."""

    code: str
    text: str | Promise
    unit: str | Promise
    low: Decimal
    high: Decimal
    weight: float | None


_percent, _years = "%", _("năm")
COMPONENTS: Mapping[str, Component] = {
    held.code: held
    for held in (
        Component("AL", _("Tỉ lệ người lớn biết chữ"), _percent, Decimal(0), Decimal(100), 3 / 9),
        Component("GER", _("Tỉ lệ nhập học chung các cấp"), _percent, Decimal(0), Decimal(200), 2 / 9),
        Component("EYS", _("Số năm đi học kì vọng"), _years, Decimal(0), Decimal(30), 2 / 9),
        Component("MYS", _("Số năm đi học bình quân"), _years, Decimal(0), Decimal(30), 2 / 9),
        Component("EGL", _("Hiểu biết về chính phủ điện tử"), _("chỉ số"), Decimal(0), Decimal(1), None),
    )
}
#: The index itself, as the United Nations publish it for countries.
PUBLISHED = Component(
    "HCI", _("Chỉ số nguồn nhân lực do Liên hợp quốc công bố"), _("chỉ số"), Decimal(0), Decimal(1), None
)
WEIGHTED = tuple(held for held in COMPONENTS.values() if held.weight is not None)


def components_of(kind: str) -> Mapping[str, Component]:
    """What is measured at a body of this kind, by code: the index itself of the country alone, of others components."""
    if kind == "ministry":
        return {PUBLISHED.code: PUBLISHED, **COMPONENTS}
    return COMPONENTS if kind == "department" else {}


def human_capital(countries: Sequence[Mapping[str, float]]) -> list[float] | None:
    """The index of every country, 0 to 1, from the components of all of them, by the method used until 2022.

    countries  values by component; every weighted component for every country
    returns    in the order of the countries; None for fewer than two, or where all are alike: then nothing compares
    source     UN E-Government Survey 2022, as read in domain §1.10
    """
    if len(countries) < 2:
        return None
    sums = [0.0] * len(countries)
    for held in WEIGHTED:
        values = [country[held.code] for country in countries]
        mean = sum(values) / len(values)
        spread = sqrt(sum((value - mean) ** 2 for value in values) / len(values))
        if spread:
            sums = [
                total + (held.weight or 0) * (value - mean) / spread for total, value in zip(sums, values, strict=True)
            ]
    low, high = min(sums), max(sums)
    return [(total - low) / (high - low) for total in sums] if high > low else None
