"""One step below a school: what an indicator comes to in each class, and among those who work there."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.indicators.counts import total
from khue.indicators.models import ClassCount
from khue.indicators.queries.figures import Value
from khue.registry.models import Organisation
from khue.schools import queries as schools

#: The key of those who teach or lead, beside the public ids of classes.
STAFF = "staff"
#: Indicators that count teachers too.
OF_STAFF = ("A1", "B2")


@dataclass(frozen=True, slots=True)
class ClassPart:
    """A class with its share of an indicator; no class for those who teach or lead at the school.

    key   names it in an address: the public id, or STAFF
    """

    key: str
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
    rows = sorted(
        _classes(organisation.id, indicator.code, year), key=lambda row: schools.class_order(row.school_class)
    )
    parts = [
        ClassPart(
            str(row.school_class.public_id), row.school_class.name, row.school_class.id,
            Value(indicator, row.numerator, row.denominator, row.unknown),
        )
        for row in rows
    ]  # fmt: skip
    return [*parts, *_staff(whole, parts)] if indicator.code in OF_STAFF and parts else parts


@compiled
def _classes(organisation_id: int, code: str, year: str) -> QuerySet[ClassCount]:
    rows = ClassCount.objects.filter(organisation_id=organisation_id, code=code, school_year=year)
    return rows.select_related("school_class")


def _staff(whole: Value, classes: Sequence[ClassPart]) -> list[ClassPart]:
    pupils = total(part.value.count for part in classes)
    if pupils is None:
        return []
    left = [
        whole.numerator - pupils.numerator, whole.denominator - pupils.denominator, whole.unknown - pupils.unknown
    ]  # fmt: skip
    return [ClassPart(STAFF, _("Giáo viên, cán bộ quản lí"), None, Value(whole.indicator, *left))]


def part_with(parts: Sequence[ClassPart], key: str) -> ClassPart:
    """The part that an address names. Raises NotFound."""
    found = next((part for part in parts if part.key == key), None)
    if found is None:
        raise NotFound
    return found
