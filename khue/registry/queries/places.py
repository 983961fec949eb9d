"""Where schools stand in the country: the province and commune of each, as figures are kept by them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from khue.foundation.compiled import compiled
from khue.registry.access import in_force
from khue.registry.models import Affiliation, Organisation, Person, Territory

NOWHERE = "00"


@dataclass(frozen=True, slots=True)
class SchoolPlace:
    """One school, the bodies above it from the root down, and the codes of where it stands ("" and "00": unknown)."""

    id: int
    above: Sequence[int]
    province: str
    commune: str
    ownership: str
    is_disadvantaged: bool


def school_places() -> list[SchoolPlace]:
    """Every school of the node. Two queries, whatever its size."""
    departments = Organisation.objects.filter(kind=Organisation.Kind.DEPARTMENT).select_related("territory")
    provinces = {row.id: province_of(row) for row in departments}
    rows = Organisation.objects.filter(kind=Organisation.Kind.SCHOOL, valid_to=None).select_related("territory")
    found = []
    for row in rows.order_by("id"):
        above = [int(key) for key in row.lineage.strip(".").split(".")[:-1]]
        place = row.territory
        is_commune = place is not None and place.level == Territory.Level.COMMUNE
        found.append(
            SchoolPlace(
                row.id,
                above,
                next((provinces[key] for key in above if key in provinces), NOWHERE),
                place.code if place and is_commune else "",
                row.ownership,
                row.is_disadvantaged,
            )
        )
    return found


def province_of(department: Organisation) -> str:
    """The code of a department's province, "82"; "00" where nothing says it. The department has its territory."""
    if department.territory is not None:
        return department.territory.code[:2]
    code = department.code or ""
    return code if len(code) == 2 and code.isdecimal() else NOWHERE


def roots() -> list[int]:
    """Keys of the bodies that stand under none: the Ministry of a national node, or what a smaller node begins with.
    One query.
    """
    return list(Organisation.objects.filter(parent=None).order_by("id").values_list("id", flat=True))


def province_codes(department_ids: Collection[int]) -> dict[int, str]:
    """The province of each department, "00" where nothing says it. One query."""
    return {row.id: province_of(row) for row in _with_territories(department_ids)}


@compiled
def _with_territories(organisation_ids: Collection[int]) -> QuerySet[Organisation]:
    return Organisation.objects.filter(id__in=organisation_ids).select_related("territory")


def parent_of(organisation: Organisation) -> Organisation | None:
    """The body that manages this one; None at the top. One query."""
    return Organisation.objects.filter(id=organisation.parent_id).first() if organisation.parent_id else None


def above_on_paper(organisation: Organisation) -> str:
    """What stands above the name of a body on the papers it issues; "" for nothing. One query.

    A department is the province's: its People's Committee stands there, not the Ministry. A People's Committee and the
    Ministry issue by themselves.
    source   Decree 30/2020/NĐ-CP, annex I, part II, 2
    """
    if organisation.kind in (Organisation.Kind.SCHOOL, Organisation.Kind.CAMPUS):
        above = parent_of(organisation)
        return above.name if above else ""
    if organisation.kind == Organisation.Kind.DEPARTMENT and organisation.territory is not None:
        province = organisation.territory.full_name.replace(" ", "\u00a0")  # on one line, after a whole one
        return f"Uỷ ban nhân dân {province[:1].lower()}{province[1:]}"
    return ""


def places_of_staff(person: Person) -> list[Organisation]:
    """Bodies where somebody is staff today, by name. One query."""
    rows = Affiliation.objects.filter(in_force(), person=person, kind=Affiliation.Kind.STAFF)
    found = rows.select_related("organisation").order_by("organisation__name", "organisation_id")
    return [row.organisation for row in found]
