"""One step below a school: what an indicator comes to in each class, and among those who work there."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.foundation.record import first
from khue.indicators.catalogue import Indicator
from khue.indicators.counts import total
from khue.indicators.models import ClassCount
from khue.indicators.queries.figures import Value
from khue.registry.models import Organisation
from khue.schools import queries as schools

#: The key of those who teach or lead, beside the public ids of classes.
STAFF = "staff"
Row = tuple[int, str, UUID, int, int, int, int]
_COLUMNS = (
    "school_class__grade", "school_class__name", "school_class__public_id", "school_class_id", "numerator",
    "denominator", "unknown",
)  # fmt: skip
#: Indicators that count teachers too.
OF_STAFF = ("A1", "B2")


@dataclass(frozen=True, slots=True)
class ClassPart:
    """A class with its share of an indicator; no class for those who teach or lead at the school.

    key   names it in an address: the public id, or STAFF
    """

    key: UUID | str
    name: str
    school_class: int | None
    value: Value


def classes_of(organisation: Organisation, whole: Value, year: str) -> list[ClassPart]:
    """The classes of a school with their shares, and its staff where it is counted; nothing for other indicators.

    From what was kept when the school was last counted. One query.
    whole  the school's own figure, from `values_of`: staff are what the classes leave of it
    """
    indicator = whole.indicator
    if "class" not in indicator.dimensions:
        return []
    rows = _classes(organisation.id, indicator.code, year)
    parts = [_part(indicator, row) for row in sorted(rows, key=lambda row: schools.order_of_class(*row[:2]))]
    return [*parts, *_staff(whole, parts)] if indicator.code in OF_STAFF and parts else parts


def part_of(organisation: Organisation, whole: Value, year: str, key: str) -> ClassPart:
    """The part that an address names. Raises NotFound. One query."""
    if key == STAFF:
        return first([part for part in classes_of(organisation, whole, year) if part.key == STAFF])
    try:
        wanted = UUID(key)
    except ValueError:
        raise NotFound from None
    return _part(whole.indicator, first(_class(organisation.id, whole.indicator.code, wanted)))


@compiled
def _class(organisation_id: int, code: str, public_id: UUID) -> QuerySet[ClassCount, Row]:
    rows = ClassCount.objects.filter(organisation_id=organisation_id, code=code, school_class__public_id=public_id)
    return rows.values_list(*_COLUMNS)


@compiled
def _classes(organisation_id: int, code: str, year: str) -> QuerySet[ClassCount, Row]:
    rows = ClassCount.objects.filter(organisation_id=organisation_id, code=code, school_year=year)
    return rows.values_list(*_COLUMNS)


def _part(indicator: Indicator, row: Row) -> ClassPart:
    _grade, name, public_id, key, numerator, denominator, unknown = row
    return ClassPart(public_id, name, key, Value(indicator, numerator, denominator, unknown))


def _staff(whole: Value, classes: Sequence[ClassPart]) -> list[ClassPart]:
    pupils = total(part.value.count for part in classes)
    if pupils is None:
        return []
    left = Value(
        whole.indicator, whole.numerator - pupils.numerator, whole.denominator - pupils.denominator,
        whole.unknown - pupils.unknown,
    )  # fmt: skip
    return [ClassPart(STAFF, _("Giáo viên, cán bộ quản lí"), None, left)]
