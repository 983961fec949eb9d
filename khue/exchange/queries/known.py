"""What the rows of a node already say about a school where the specification asks the school: nobody is asked twice."""

from datetime import date

from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools.queries import counting as schools


def known_facts(school: Organisation, on: date) -> dict[str, object]:
    """By field: how many campuses, and what is surely so. That a row is missing says nothing, so nothing is "no".

    Four queries.
    """
    equipment = schools.equipment_of(school.id)
    campuses = registry.children_of(school).filter(kind=Organisation.Kind.CAMPUS, valid_to=None).count()
    sure = {
        "CoHocSinhKhuyetTat": schools.has_disabled_pupils(school.id, on),
        "CoSuDungMayViTinh": equipment.has_computers,
        "DuocKetNoiInternet": equipment.has_line,
        "CoThuocVungDacBietKhoKhan": school.is_disadvantaged,
    }
    known: dict[str, object] = {field: 1 for field, is_so in sure.items() if is_so}
    return known | ({"sodiemtruong": campuses} if campuses else {})
